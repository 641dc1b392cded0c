//! The lines of an invoice, with the charge of each credit.

use std::collections::HashMap;
use std::sync::Arc;

use super::charge_index::ChargeIndex;
use super::rank::RankedLine;
use crate::model::{Cause, Correction, CorrectionRole, Line, LineKey, Published};
use crate::tax::Bearer;
use crate::value::Instant;

/// A line of an invoice.
pub(crate) struct FiledLine {
    /// Its index among all lines of its instant and currency, in print order.
    pub(crate) place: usize,
    /// The index of its base line. The base of a discount is the reduced line; any other line is
    /// its own base.
    pub(crate) unit: usize,
    pub(crate) line: Line,
    /// The charge that it credits, if known.
    pub(crate) credits: Option<Bearer>,
}

/// Finds the charges of credits.
pub(crate) struct Lookup<'a, 'p> {
    /// Charges of the register and of this close.
    pub(crate) charges: &'a mut ChargeIndex<Bearer>,
    /// The lines in force of a subscription in the register, if its past has changed.
    pub(crate) standing: &'p dyn Fn(usize) -> &'p [Published],
    /// The provisional number of the invoice.
    pub(crate) own: &'a Arc<str>,
    /// Whether credits without tax are linked too. They are if credit notes are separate.
    pub(crate) is_separate: bool,
}

/// The lines of an invoice, in print order, with the charges that they credit.
pub(crate) fn entries(lines: Vec<RankedLine>, lookup: &mut Lookup<'_, '_>) -> Vec<FiledLine> {
    let units = units(&lines);
    let subscriptions: Vec<usize> = lines.iter().map(|((_, index), _)| *index).collect();
    for (place, (_, line)) in lines.iter().enumerate() {
        // Later lines may credit the charges of this invoice.
        lookup
            .charges
            .add(line, Bearer { number: Arc::clone(lookup.own), line_number: number(place) });
    }
    let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
    let mut credits: Vec<Option<Bearer>> = Vec::with_capacity(lines.len());
    for (place, line) in lines.iter().enumerate() {
        let unit = units[place];
        let bearer = if unit == place {
            lookup.bearer(line, subscriptions[place])
        } else {
            credits[unit].clone()
        };
        credits.push(bearer);
    }
    let parts = lines.into_iter().zip(credits).zip(units).enumerate();
    parts
        .map(|(place, ((line, credits), unit))| {
            let line = noted(line, credits.as_ref(), lookup.own);
            FiledLine { place, unit, line, credits }
        })
        .collect()
}

/// The line number of an index.
fn number(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or_default()
}

/// Adds the number of the credited invoice, if it is another one. A net line has no such number,
/// because it is charge and credit in one.
fn noted(line: Line, credits: Option<&Bearer>, own: &Arc<str>) -> Line {
    if matches!(line.key.cause, Cause::Adjustment(_)) && !reverses_a_charge(&line) {
        return line;
    }
    let other = credits.filter(|it| it.number != *own && line.quote.halves.is_none());
    Line { credits_invoice: other.map(|bearer| Arc::clone(&bearer.number)), ..line }
}

/// The index of each line's base line.
fn units(lines: &[RankedLine]) -> Vec<usize> {
    type Base<'l> = (&'l str, Instant, &'l Cause, Option<CorrectionRole>);
    fn base(line: &Line) -> Base<'_> {
        let LineKey { subscription_id, period_start, cause, .. } = &line.key;
        (subscription_id, *period_start, cause, role(line))
    }
    let mut bases: HashMap<Base<'_>, usize> = HashMap::new();
    for (place, (_, line)) in lines.iter().enumerate() {
        if line.key.discount.is_none() {
            bases.insert(base(line), place);
        }
    }
    let lines = lines.iter().enumerate();
    let unit = |(place, (_, line)): (usize, &RankedLine)| match line.key.discount {
        // A discount that arrived late has no base line here. The base line may also come later.
        Some(_) => bases.get(&base(line)).copied().filter(|unit| *unit < place).unwrap_or(place),
        None => place,
    };
    lines.map(unit).collect()
}

fn role(line: &Line) -> Option<CorrectionRole> {
    line.correction.as_ref().map(|correction| correction.role)
}

impl Lookup<'_, '_> {
    /// The charge that a line credits. A discount without a base line uses the charge of its
    /// published base line.
    fn bearer(&self, line: &Line, subscription: usize) -> Option<Bearer> {
        // Otherwise the output of a line would depend on the other invoices of the close.
        if !self.is_separate && !line.is_taxed() {
            return None;
        }
        let bearer = match (line.correction.as_deref(), &line.key.cause) {
            (Some(correction), Cause::Adjustment(_)) if reverses_a_charge(line) => {
                Some(reversed(correction))
            }
            (_, Cause::Adjustment(_)) => named(line),
            _ if line.key.discount.is_some() => self.discounted(line, subscription),
            (Some(correction), Cause::Unused(_)) if correction.role == CorrectionRole::Reversal => {
                self.charges.find(line).cloned().or_else(|| named(line))
            }
            (Some(correction), _) if correction.role == CorrectionRole::Reversal => {
                Some(reversed(correction))
            }
            (_, Cause::Unused(_) | Cause::Net(_)) => self.charges.find(line).cloned(),
            (_, Cause::Period | Cause::Segment(_) | Cause::Remaining(_)) => None,
        };
        bearer.filter(|bearer| !bearer.number.is_empty())
    }

    /// The charge of a discount whose base line is published: that line, or the charge that it
    /// credits.
    fn discounted(&self, line: &Line, subscription: usize) -> Option<Bearer> {
        let base = LineKey { discount: None, ..line.key.clone() };
        let standing = (self.standing)(subscription);
        let found = standing.binary_search_by(|entry| entry.line.key.cmp(&base));
        let entry = &standing[found.ok()?];
        match base.cause {
            Cause::Unused(_) => self.charges.find(&entry.line).cloned(),
            _ => Some(entry.into()),
        }
    }
}

/// Whether a line takes back a one-off charge.
fn reverses_a_charge(line: &Line) -> bool {
    role(line) == Some(CorrectionRole::Reversal)
        && line.credits_invoice.is_none()
        && line.amount.is_negative()
}

/// The invoice that a line names.
fn named(line: &Line) -> Option<Bearer> {
    line.credits_invoice.clone().map(|number| Bearer { number, line_number: 0 })
}

/// The place of the published charge that is reversed.
fn reversed(correction: &Correction) -> Bearer {
    let (number, line_number) = (Arc::clone(&correction.invoice_number), correction.line_number);
    Bearer { number, line_number }
}
