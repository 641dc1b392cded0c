//! The tax of an invoice with credits. Its charges are rounded together. Each credit takes back the
//! tax of its own charge.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::bearer::Bearer;
use super::creditable::{CreditableInvoices, Drawn, WantedCredit};
use super::document::{RateGroup, TaxOfRate, by_rate, rounded_tax, tax_document, tax_totals};
use crate::config::{TaxRounding, TaxSettings};
use crate::model::{Cause, ChargedPart, CorrectionRole, Credits, Line, TaxTerms, TaxTotal};
use crate::value::{Amount, Currency};

/// An invoice before it is taxed.
pub(crate) struct Taxing<'a, 'i> {
    /// Its provisional number.
    pub(crate) own: Arc<str>,
    pub(crate) account_id: &'a Arc<str>,
    pub(crate) currency: Currency,
    /// In print order.
    pub(crate) lines: &'a mut [Line],
    /// For each line, the charge that it credits, if known.
    pub(crate) credits: &'a [Option<Bearer>],
    /// For each line, the index of its base line. The base of a discount is the reduced line; any
    /// other line is its own base.
    pub(crate) units: &'a [usize],
    /// The rest of invoices that can be credited.
    pub(crate) issued: &'a mut CreditableInvoices<'i>,
    /// Other invoices of the account that may have a rest.
    pub(crate) others: &'a dyn Fn() -> Vec<Arc<str>>,
    pub(crate) settings: &'a TaxSettings,
}

/// The credits of one charge: at one rate and, if tax is rounded per line, of one line.
struct Group {
    bearer: Bearer,
    terms: Option<Arc<TaxTerms>>,
    /// Their indices among the credits of the invoice.
    members: Vec<usize>,
    sum: Amount,
}

impl Taxing<'_, '_> {
    /// Fills in the tax of the lines. Returns the total of each rate, and the charges and credits.
    /// `None` if something does not fit 64 bits.
    pub(crate) fn tax(mut self) -> Option<(Vec<TaxTotal>, Credits)> {
        let mut credits = Credits { charged: self.charge()?, claims: Vec::new() };
        self.publish(&credits.charged);
        self.credit(&mut credits)?;
        Some((tax_totals(self.lines)?, credits))
    }

    /// Taxes the charges, and returns them.
    fn charge(&mut self) -> Option<Vec<ChargedPart>> {
        let places: Vec<usize> = (0..self.lines.len()).filter(|it| self.charges(*it)).collect();
        let mut charges: Vec<Line> = places.iter().map(|place| self.charge_of(*place)).collect();
        if charges.is_empty() {
            return Some(Vec::new());
        }
        tax_document(&mut charges, self.settings)?;
        for (place, charge) in places.iter().zip(&charges) {
            self.lines[*place].tax_amount = charge.tax_amount;
            self.lines[*place].tax_parts.clone_from(&charge.tax_parts);
        }
        let units: Vec<usize> = places.iter().map(|place| self.units[*place]).collect();
        charged_parts(&charges, Some(&units), self.settings.round_per)
    }

    /// Makes the charges available for credits, including those of this invoice.
    fn publish(&mut self, charged: &[ChargedPart]) {
        if !charged.is_empty() {
            self.issued.add(&self.own, (self.account_id, self.currency), charged);
        }
    }

    fn charges(&self, place: usize) -> bool {
        self.credits[place].is_none() || self.lines[place].quote.halves.is_some()
    }

    /// Of a net line, only the charge, if its credited charge is known.
    fn charge_of(&self, place: usize) -> Line {
        let line = self.lines[place].clone();
        match &line.quote.halves {
            Some(halves) if self.credits[place].is_some() => Line { amount: halves.charge, ..line },
            _ => line,
        }
    }

    /// Takes back the credits, with their tax.
    fn credit(&mut self, found: &mut Credits) -> Option<()> {
        let places: Vec<usize> =
            (0..self.lines.len()).filter(|place| self.credits[*place].is_some()).collect();
        let mut credits: Vec<Line> = places.iter().map(|place| self.credit_of(*place)).collect();
        for group in self.groups(&places, &credits)? {
            let drawn = self.draw(&group)?;
            let rest = self.tax_of_rest(&group, drawn.rest)?;
            if drawn.rest.is_negative() {
                self.charge_again(&group, drawn.rest, &rest, found)?;
            }
            if let Some(terms) = &group.terms {
                let tax = drawn.tax()?.checked_add(rest.tax)?.checked_neg()?;
                let parts = drawn.tax_parts()?.plus(rest.parts.amounts())?.negated()?;
                let members = group.members;
                let group = RateGroup { terms: Arc::clone(terms), members };
                group.share_out(&TaxOfRate { tax, parts }, &mut credits)?;
            }
            found.claims.extend(drawn.claims);
        }
        for (place, credit) in places.iter().zip(&credits) {
            let line = &mut self.lines[*place];
            if line.quote.halves.is_none() {
                line.tax_amount = credit.tax_amount;
                line.tax_parts.clone_from(&credit.tax_parts);
                continue;
            }
            line.tax_amount = line.tax_amount.checked_add(credit.tax_amount)?;
            if let Some(parts) = &mut line.tax_parts {
                **parts = parts.plus(credit.parts_of_tax())?;
            }
        }
        Some(())
    }

    /// An amount that no invoice covers is taxed like a charge.
    fn tax_of_rest(&self, group: &Group, rest: Amount) -> Option<TaxOfRate> {
        let Some(terms) = &group.terms else { return Some(TaxOfRate::default()) };
        rounded_tax(rest, terms, self.settings.rounding)
    }

    /// Giving back a credit that no invoice received becomes a charge of this invoice.
    fn charge_again(
        &mut self,
        group: &Group,
        rest: Amount,
        tax: &TaxOfRate,
        found: &mut Credits,
    ) -> Option<()> {
        let is_per_line = self.settings.round_per == TaxRounding::Line;
        let more = ChargedPart {
            // A separate line number if tax is rounded per line, because no charge has it.
            line_number: if is_per_line { u32::try_from(self.lines.len() + 1).ok()? } else { 0 },
            terms: group.terms.clone(),
            base: rest.checked_neg()?,
            tax: tax.tax.checked_neg()?,
            tax_parts: tax.parts.negated()?,
        };
        self.issued.charge_more(&self.own, (self.account_id, self.currency), &more)?;
        let is_same = |part: &&mut ChargedPart| {
            part.line_number == more.line_number && part.terms == more.terms
        };
        match found.charged.iter_mut().rev().find(is_same) {
            Some(part) => {
                part.base = part.base.checked_add(more.base)?;
                part.tax = part.tax.checked_add(more.tax)?;
                part.tax_parts = part.tax_parts.plus(more.tax_parts.amounts())?;
            }
            None => found.charged.push(more),
        }
        Some(())
    }

    fn credit_of(&self, place: usize) -> Line {
        let line = self.lines[place].clone();
        match &line.quote.halves {
            Some(halves) => Line { amount: halves.credit, ..line },
            None => line,
        }
    }

    /// Groups the credits by their charges. Groups that give something back come first, because the
    /// others can draw on it.
    fn groups(&self, places: &[usize], credits: &[Line]) -> Option<Vec<Group>> {
        let mut groups: Vec<Group> = Vec::new();
        let mut known: HashMap<(Bearer, Option<Arc<TaxTerms>>), usize> = HashMap::new();
        for (member, (place, credit)) in places.iter().zip(credits).enumerate() {
            let mut bearer = self.credits[*place].clone()?;
            if self.settings.round_per != TaxRounding::Line {
                bearer.line_number = 0;
            }
            let (terms, sum) = (credit.tax.clone(), Amount::ZERO);
            let group = *known.entry((bearer.clone(), terms.clone())).or_insert_with(|| {
                groups.push(Group { bearer, terms, members: Vec::new(), sum });
                groups.len() - 1
            });
            groups[group].members.push(member);
            groups[group].sum = groups[group].sum.checked_sub(credit.amount)?;
        }
        groups.sort_by_key(|group| group.sum > Amount::ZERO);
        Some(groups)
    }

    /// Draws from the credited invoice first, then from this one, then from the other invoices of
    /// the account.
    fn draw(&mut self, group: &Group) -> Option<Drawn> {
        let mut wanted = WantedCredit {
            number: &group.bearer.number,
            line_number: group.bearer.line_number,
            terms: group.terms.as_ref(),
            amount: group.sum,
        };
        let mut drawn = self.issued.draw(&wanted, std::slice::from_ref(&self.own))?;
        if !drawn.rest.is_zero() {
            wanted.amount = drawn.rest;
            let mut others = (self.others)();
            others.extend(self.issued.numbers());
            let more = self.issued.draw(&wanted, &others)?;
            drawn.rest = more.rest;
            drawn.claims.extend(more.claims);
        }
        Some(drawn)
    }
}

/// The charges of lines by rate or, if tax is rounded per line, by line. `units` has the base line
/// of each line; without it, a discount belongs to the previous line that is no discount. `None` if
/// a sum does not fit.
pub(crate) fn charged_parts(
    lines: &[Line],
    units: Option<&[usize]>,
    round_per: TaxRounding,
) -> Option<Vec<ChargedPart>> {
    if round_per != TaxRounding::Line {
        return parts_at(lines.iter().filter(|line| is_charging(line)), 0);
    }
    let mut by_unit: BTreeMap<usize, Vec<&Line>> = BTreeMap::new();
    let mut last = 0;
    for (place, line) in lines.iter().enumerate() {
        if line.key.discount.is_none() {
            last = place;
        }
        let unit = units.map_or(last, |units| units[place]);
        if is_charging(line) {
            by_unit.entry(unit).or_default().push(line);
        }
    }
    let mut parts = Vec::new();
    for (unit, lines) in by_unit {
        parts.extend(parts_at(lines.into_iter(), u32::try_from(unit + 1).ok()?)?);
    }
    Some(parts)
}

fn parts_at<'l>(
    lines: impl Iterator<Item = &'l Line>,
    line_number: u32,
) -> Option<Vec<ChargedPart>> {
    let sums = by_rate(lines)?.into_iter();
    let part = |sum: super::document::RateSum| ChargedPart {
        line_number,
        terms: sum.terms,
        base: sum.base,
        tax: sum.tax,
        tax_parts: sum.tax_parts,
    };
    Some(sums.map(part).collect())
}

/// Whether a line is a charge, or a discount on one. Only these can be credited.
pub(crate) fn is_charging(line: &Line) -> bool {
    let is_reversal =
        line.correction.as_ref().is_some_and(|it| it.role == CorrectionRole::Reversal);
    match line.key.cause {
        _ if is_reversal => false,
        Cause::Unused(_) => false,
        Cause::Adjustment(_) => !line.amount.is_negative(),
        Cause::Period | Cause::Segment(_) | Cause::Remaining(_) | Cause::Net(_) => true,
    }
}
