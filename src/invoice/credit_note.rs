//! Credit notes: credits that concern a published invoice, on documents of their own.
//!
//! A note names the invoice it credits, never takes back more than that invoice charged at a rate,
//! and takes back its tax to the cent: once everything is credited, all of its tax is. A credit that
//! no longer fits stays on the next invoice, beside its charges.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tax::{RateSum, by_rate, groups};
use super::{Draft, TaxTotal};
use crate::model::{Cause, CorrectionRole, Line, LineKey, LineKind, Published};
use crate::register::{Issued, IssuedPart};
use crate::value::{Amount, Currency, Fraction128, Instant, Rounding};

/// Published invoices that an account's credits may concern, by number.
pub type IssuedByNumber = BTreeMap<Arc<str>, Issued>;

/// The published invoices that an account's credits concern, with what they take back: of each
/// invoice asked for, a copy of what the register knows.
pub struct Creditable<'a> {
    known: &'a IssuedByNumber,
    working: IssuedByNumber,
}

impl<'a> Creditable<'a> {
    /// All that the register knows.
    pub fn new(known: &'a IssuedByNumber) -> Self {
        Self { known, working: BTreeMap::new() }
    }

    /// An invoice, if it was published.
    pub fn get_mut(&mut self, number: &Arc<str>) -> Option<&mut Issued> {
        if !self.working.contains_key(number) {
            self.working.insert(Arc::clone(number), self.known.get(number)?.clone());
        }
        self.working.get_mut(number)
    }

    /// Adds a document of this very close, which later ones of it may credit.
    pub fn add(&mut self, draft: &Draft, account_id: &Arc<str>) -> Option<()> {
        let part =
            |RateSum { terms, base, tax }| IssuedPart { base, tax, ..IssuedPart::new(terms) };
        let parts = by_rate(&draft.lines)?.into_iter().map(part).collect();
        let account_id = Arc::clone(account_id);
        let issued = Issued { account_id, currency: draft.currency, parts };
        self.working.insert(provisional_number(draft.instant, draft.currency), issued);
        Some(())
    }
}

/// What a document of this close is called before it has its number. An account has one document
/// for an instant and currency, credit notes aside; no number begins with NUL.
pub fn provisional_number(instant: Instant, currency: Currency) -> Arc<str> {
    format!("\0{instant}{currency}").into()
}

/// The number of the invoice whose charge a line takes back: one of those `published` for its
/// subscription, or provisionally one of the `drafts` of this close. `None` if it takes nothing
/// back, or what no invoice charged.
pub fn credited_invoice(
    line: &Line,
    published: &[Published],
    drafts: &[Draft],
) -> Option<Arc<str>> {
    let number = match &line.correction {
        Some(correction) if correction.role == CorrectionRole::Reversal => {
            Arc::clone(&correction.invoice_number)
        }
        None if matches!(line.key.cause, Cause::Unused(_)) => charge_of(line, published, drafts)?,
        // A discount that arrived late takes off a line that was published without it.
        None if line.key.discount.is_some() && line.amount.is_negative() => {
            let base = LineKey { discount: None, ..line.key.clone() };
            let found = published.iter().find(|entry| entry.line.key == base)?;
            Arc::clone(&found.invoice_number)
        }
        Some(_) | None => return None,
    };
    Some(number).filter(|number| !number.is_empty())
}

/// Where the latest charge is that a credit can be for.
fn charge_of(credit: &Line, published: &[Published], drafts: &[Draft]) -> Option<Arc<str>> {
    let before = published
        .iter()
        .filter(|entry| charged(&entry.line, credit))
        .map(|entry| (entry.line.service_start, Arc::clone(&entry.invoice_number)));
    let invoices = drafts.iter().filter(|draft| draft.credits_invoice.is_none());
    let now = invoices.flat_map(|draft| {
        let charges = draft.lines.iter().filter(|line| charged(line, credit));
        let number = provisional_number(draft.instant, draft.currency);
        charges.map(move |line| (line.service_start, Arc::clone(&number)))
    });
    before.chain(now).max_by_key(|(start, _)| *start).map(|(_, number)| number)
}

/// Whether `charge` billed, in advance, the time that `credit` takes back.
fn charged(charge: &Line, credit: &Line) -> bool {
    charge.key.subscription_id == credit.key.subscription_id
        && charge.key.period_start == credit.key.period_start
        && charge.key.discount.is_none()
        && charge.quote.price_id == credit.quote.price_id
        && charge.quote.quantity == credit.quote.quantity
        && charge.service_end == credit.service_end
        && charge.service_start <= credit.service_start
        && !charge.amount.is_negative()
}

/// A line with its rank on the document.
type Ranked = ((usize, usize), Line);

/// Takes the credits that concern published invoices out of a document's lines: for each invoice
/// the lines of a note.
pub fn take_out(
    lines: &mut Vec<Ranked>,
    issued: &mut Creditable<'_>,
) -> BTreeMap<Arc<str>, Vec<Ranked>> {
    let mut notes: BTreeMap<Arc<str>, Vec<Ranked>> = BTreeMap::new();
    let mut rest: Vec<Ranked> = Vec::with_capacity(lines.len());
    for mut unit in units(std::mem::take(lines)) {
        let number = unit[0].1.credits_invoice.clone();
        let part = number.as_ref().and_then(|number| part(issued, number, &unit[0].1));
        let sum = Amount::checked_sum(unit.iter().map(|(_, line)| line.amount));
        match (number, part, sum.and_then(Amount::checked_neg)) {
            (Some(number), Some(part), Some(credit))
                if credit > Amount::ZERO && credit <= part.left() =>
            {
                // The tax follows when the note is complete.
                part.credited_base = part.credited_base.checked_add(credit).unwrap_or(part.base);
                mark(&mut unit, Some(&number));
                notes.entry(number).or_default().extend(unit);
            }
            _ => {
                mark(&mut unit, None);
                rest.extend(unit);
            }
        }
    }
    *lines = rest;
    notes
}

/// Notes on the lines of a unit which invoice they credit; what stays beside charges credits none,
/// but for what an adjustment names.
fn mark(unit: &mut [Ranked], number: Option<&Arc<str>>) {
    for (_, line) in unit.iter_mut().filter(|(_, line)| line.kind != LineKind::Adjustment) {
        line.credits_invoice = number.cloned();
    }
}

/// The lines in runs that belong together: one with what discounts take off it.
fn units(lines: Vec<Ranked>) -> Vec<Vec<Ranked>> {
    let mut units: Vec<Vec<Ranked>> = Vec::new();
    for ranked in lines {
        let unit = units.iter_mut().find(|unit| belongs(&unit[0].1, &ranked.1));
        match unit.filter(|_| ranked.1.key.discount.is_some()) {
            Some(unit) => unit.push(ranked),
            None => units.push(vec![ranked]),
        }
    }
    units
}

/// Whether a line is what a discount takes off another.
fn belongs(base: &Line, line: &Line) -> bool {
    let LineKey { subscription_id, period_start, cause, .. } = &line.key;
    let role = |line: &Line| line.correction.as_ref().map(|correction| correction.role);
    base.key.subscription_id == *subscription_id
        && base.key.period_start == *period_start
        && base.key.cause == *cause
        && role(base) == role(line)
}

fn part<'i>(
    issued: &'i mut Creditable<'_>,
    number: &Arc<str>,
    line: &Line,
) -> Option<&'i mut IssuedPart> {
    issued.get_mut(number)?.parts.iter_mut().find(|part| part.terms == line.tax)
}

/// The tax of a note: of each rate as much as makes the tax credited so far the credited share of
/// the invoice's tax. `None` if it does not fit.
pub fn tax_note(lines: &mut [Line], invoice: &mut Issued) -> Option<Vec<TaxTotal>> {
    let mut totals = Vec::new();
    for group in groups(lines) {
        let part =
            invoice.parts.iter_mut().find(|part| part.terms.as_ref() == Some(&group.terms))?;
        let product =
            i128::from(part.tax.minor()).checked_mul(part.credited_base.minor().into())?;
        let due =
            Fraction128::new(product, i128::from(part.base.minor())).round(Rounding::HalfUp)?;
        let due = Amount::from_minor(i64::try_from(due).ok()?);
        let tax = part.credited_tax.checked_sub(due)?;
        part.credited_tax = due;
        totals.push(group.share_out(tax.minor().into(), lines)?);
    }
    Some(totals)
}
