//! Credit notes: credits of published invoices on separate documents.
//!
//! A note names its invoice, and never exceeds the rest of it at a rate. A credit that does not fit
//! stays on the next invoice.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entries::FiledLine;
use crate::model::TaxTerms;
use crate::tax::{CreditableInvoices, RateSum, by_rate};
use crate::value::{Amount, Currency, Instant};

/// The key of a document of this close until it has a number. An account has one invoice for an
/// instant and currency, apart from credit notes. No number begins with NUL.
pub(crate) fn provisional_number(instant: Instant, currency: Currency) -> Arc<str> {
    format!("\0{instant}{currency}").into()
}

/// Removes the credits of other invoices than `own` from the lines, and returns the lines of a note
/// for each invoice. All credits of an invoice go on its note if they fit together. Otherwise each
/// one that still fits goes there.
pub(crate) fn take_out(
    entries: &mut Vec<FiledLine>,
    own: &Arc<str>,
    issued: &mut CreditableInvoices<'_>,
) -> BTreeMap<Arc<str>, Vec<FiledLine>> {
    let mut candidates: BTreeMap<Arc<str>, Vec<FiledLine>> = BTreeMap::new();
    let mut rest: Vec<FiledLine> = Vec::with_capacity(entries.len());
    for entry in std::mem::take(entries) {
        match &entry.credits {
            Some(bearer) if bearer.number != *own && entry.line.quote.halves.is_none() => {
                candidates.entry(Arc::clone(&bearer.number)).or_default().push(entry);
            }
            _ => rest.push(entry),
        }
    }
    let mut notes: BTreeMap<Arc<str>, Vec<FiledLine>> = BTreeMap::new();
    for (number, candidates) in candidates {
        let mut room = CreditRoom { number: &number, issued, taken: Vec::new() };
        if room.fits(&candidates) {
            notes.insert(number, candidates);
            continue;
        }
        for unit in units(candidates) {
            if room.fits(&unit) {
                room.take(&unit);
                notes.entry(Arc::clone(&number)).or_default().extend(unit);
            } else {
                rest.extend(unit);
            }
        }
    }
    rest.sort_by_key(|entry| entry.place);
    *entries = rest;
    notes
}

/// The rest of one invoice, less the credits on its note.
struct CreditRoom<'a, 'i> {
    number: &'a Arc<str>,
    issued: &'a mut CreditableInvoices<'i>,
    /// The amount taken at each rate.
    taken: Vec<(Option<Arc<TaxTerms>>, Amount)>,
}

impl CreditRoom<'_, '_> {
    /// Whether the lines are credits at each rate, within the rest.
    fn fits(&mut self, entries: &[FiledLine]) -> bool {
        let sums = by_rate(entries.iter().map(|entry| &entry.line));
        sums.is_some_and(|sums| sums.iter().all(|sum| self.has(sum)))
    }

    fn has(&mut self, sum: &RateSum) -> bool {
        let terms = sum.terms.as_ref();
        let known = self.taken.iter().find(|(known, _)| known.as_ref() == terms);
        let taken = known.map(|(_, taken)| *taken).unwrap_or_default();
        let left = self.issued.left(self.number, terms).and_then(|left| left.checked_sub(taken));
        let credit = sum.base.checked_neg();
        credit.is_some_and(|credit| credit > Amount::ZERO && left.is_some_and(|it| credit <= it))
    }

    fn take(&mut self, entries: &[FiledLine]) {
        let sums = by_rate(entries.iter().map(|entry| &entry.line));
        for RateSum { terms, base, .. } in sums.into_iter().flatten() {
            let place = self.taken.iter().position(|(known, _)| *known == terms);
            let place = place.unwrap_or_else(|| {
                self.taken.push((terms, Amount::ZERO));
                self.taken.len() - 1
            });
            let taken = &mut self.taken[place].1;
            *taken = taken.checked_sub(base).expect("it is no more than is left");
        }
    }
}

/// Groups each line with its discounts.
fn units(entries: Vec<FiledLine>) -> Vec<Vec<FiledLine>> {
    let mut units: BTreeMap<usize, Vec<FiledLine>> = BTreeMap::new();
    for entry in entries {
        units.entry(entry.unit).or_default().push(entry);
    }
    units.into_values().collect()
}
