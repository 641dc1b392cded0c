//! Lines into documents: one for each boundary and currency, and one for each invoice that is
//! credited, if credits are kept apart.

use std::sync::Arc;

use super::assemble::{AccountBill, BillError, Draft, Suppressed};
use super::credit_note::{Creditable, credited_invoice, take_out, tax_note};
use super::tax::tax_document;
use super::{TaxTotal, Totals};
use crate::config::{CreditNotes, Settings};
use crate::model::{Cause, Line, LineKind, Published};
use crate::value::{Amount, Currency, Instant};

/// Where a line stands among those of the same service time: in the order of the price list, then
/// of the subscriptions.
pub type Rank = (usize, usize);

/// A line with its rank.
pub type RankedLine = (Rank, Line);

/// Ranks that are not those of subscriptions.
pub struct Ranked;

impl Ranked {
    /// After all subscriptions.
    pub const LAST: Rank = (usize::MAX, usize::MAX);
}

/// The lines of an account, each with the document it goes on.
///
/// They stand in one list, in the order in which they came: nearly all accounts have a few.
#[derive(Debug, Default)]
pub struct Documents {
    regular: Vec<(Instant, RankedLine)>,
    late: Vec<RankedLine>,
}

impl Documents {
    /// Makes room for some lines, and no more: most accounts have one or two, which are found in what
    /// was freed last.
    pub fn make_room(&mut self, lines: usize) {
        self.regular.reserve_exact(lines);
    }

    /// A line on the document of an instant.
    pub fn add(&mut self, instant: Instant, line: RankedLine) {
        self.regular.push((instant, line));
    }

    /// A line that should have been on an earlier document.
    pub fn add_late(&mut self, line: RankedLine) {
        self.late.push(line);
    }

    /// Late lines go on the next document in their currency; without one, on their own at the
    /// close.
    pub fn place_late(&mut self, through: Instant) {
        let late = std::mem::take(&mut self.late);
        let placed = late.into_iter().map(|ranked| {
            let next = self.instants(ranked.1.currency).min();
            (next.unwrap_or(through), ranked)
        });
        let placed: Vec<_> = placed.collect();
        self.regular.extend(placed);
    }

    /// The first document in a currency at or after an instant.
    pub fn first(&self, currency: Currency, at: Instant) -> Option<Instant> {
        self.instants(currency).filter(|instant| *instant >= at).min()
    }

    fn instants(&self, currency: Currency) -> impl Iterator<Item = Instant> {
        let lines = self.regular.iter().filter(move |(_, (_, line))| line.currency == currency);
        lines.map(|(instant, _)| *instant)
    }

    /// The documents by instant and currency, each with its lines in the order in which they came.
    fn each(mut self, mut add: impl FnMut((Instant, Currency), Vec<RankedLine>)) {
        let place = |(instant, (_, line)): &(Instant, RankedLine)| (*instant, line.currency);
        self.regular.sort_by_key(place);
        let mut lines = self.regular.into_iter();
        while let Some(first) = lines.as_slice().first().map(place) {
            let count = lines.as_slice().iter().take_while(|line| place(line) == first).count();
            add(first, lines.by_ref().take(count).map(|(_, line)| line).collect());
        }
    }
}

/// Turns the lines of an account into its documents.
pub struct Filing<'a> {
    pub account: usize,
    pub settings: &'a Settings,
    /// Published invoices, with what has been credited of them so far.
    pub issued: Creditable<'a>,
    /// Whose documents they are.
    pub account_id: &'a Arc<str>,
    /// What the register has of a subscription, as far as its credits may concern it.
    pub published: &'a dyn Fn(usize) -> &'a [Published],
    pub bill: &'a mut AccountBill,
}

impl Filing<'_> {
    /// Files every document. Notes come before the document of their instant, which their credit
    /// may pay.
    pub fn file_all(mut self, documents: Documents) {
        documents.each(|place, mut lines| {
            if self.settings.credit_notes == CreditNotes::Separate {
                self.look_back(&mut lines);
                for (number, lines) in take_out(&mut lines, &mut self.issued) {
                    self.note(place, number, lines);
                }
                if lines.is_empty() {
                    return;
                }
            }
            self.document(place, lines);
        });
    }

    /// Finds the invoices that credits concern.
    fn look_back(&mut self, lines: &mut [RankedLine]) {
        for ((_, subscription), line) in lines {
            if line.credits_invoice.is_none() {
                let published = (self.published)(*subscription);
                line.credits_invoice = credited_invoice(line, published, &self.bill.drafts);
            }
        }
    }

    fn note(&mut self, place: (Instant, Currency), number: Arc<str>, lines: Vec<RankedLine>) {
        let mut lines = in_order(lines);
        let issued = self.issued.get_mut(&number).expect("a note credits what was found");
        let taxes = tax_note(&mut lines, issued);
        self.push(place, lines, taxes, Some(number));
    }

    fn document(&mut self, place: (Instant, Currency), lines: Vec<RankedLine>) {
        let (instant, currency) = place;
        if !self.settings.publish_zero_amount && lines.iter().all(|(_, line)| says_nothing(line)) {
            self.bill.suppressed.push(Suppressed { account: self.account, currency, instant });
            return;
        }
        let mut lines = in_order(lines);
        let taxes = tax_document(&mut lines, &self.settings.tax);
        self.push(place, lines, taxes, None);
    }

    fn push(
        &mut self,
        (instant, currency): (Instant, Currency),
        mut lines: Vec<Line>,
        taxes: Option<Vec<TaxTotal>>,
        credits_invoice: Option<Arc<str>>,
    ) {
        let account = self.account;
        let summed = taxes.and_then(|taxes| Some((sum_up(&lines, &taxes)?, taxes)));
        match summed {
            Some((totals, mut taxes)) => {
                // All documents of all accounts are kept to the end of the close.
                lines.shrink_to_fit();
                taxes.shrink_to_fit();
                let draft =
                    Draft { account, currency, instant, lines, taxes, totals, credits_invoice };
                let is_creditable = self.settings.credit_notes == CreditNotes::Separate
                    && draft.credits_invoice.is_none();
                if is_creditable && self.issued.add(&draft, self.account_id).is_none() {
                    self.bill.errors.push(BillError::Total { account, currency });
                }
                self.bill.drafts.push(draft);
            }
            None => self.bill.errors.push(BillError::Total { account, currency }),
        }
    }
}

/// The lines in print order. The sort is stable: the lines of a change, of a correction, and those
/// of a discount stay together.
fn in_order(mut lines: Vec<RankedLine>) -> Vec<Line> {
    lines.sort_by_key(|(rank, line)| (line.service_start, *rank));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Whether a line is nothing. A net line is two that are something, even if they cancel out.
fn says_nothing(line: &Line) -> bool {
    line.amount.is_zero() && !matches!(line.key.cause, Cause::Net(_))
}

/// The sums of a document, before credit pays anything.
fn sum_up(lines: &[Line], taxes: &[TaxTotal]) -> Option<Totals> {
    let sum = |are_discounts: bool| {
        let lines = lines.iter().filter(|line| (line.kind == LineKind::Discount) == are_discounts);
        Amount::checked_sum(lines.map(|line| line.amount))
    };
    let subtotal = sum(false)?;
    let discount = sum(true)?.checked_neg()?;
    let tax = Amount::checked_sum(taxes.iter().map(|total| total.tax))?;
    let included = taxes.iter().filter(|total| total.terms.is_inclusive());
    let tax_included = Amount::checked_sum(included.map(|total| total.tax))?;
    let total = subtotal.checked_sub(discount)?.checked_add(tax)?.checked_sub(tax_included)?;
    Some(Totals { subtotal, discount, tax, tax_included, total, ..Totals::default() })
}
