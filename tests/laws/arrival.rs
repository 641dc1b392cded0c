//! When the job runs, and when rows arrive, changes when something is billed and never how much.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::around::{discounted, taxed, taxed_severally};
use super::company::{DAY, END, Memory, any, bill_whole, instant, settings, settled, with_changes};
use crate::config::Settings;
use crate::invoice::{AccountBill, DraftInvoice};
use crate::model::{
    BilledLines, BillingInput, Change, Excess, History, Invoice, Line, Published, lines_in_force,
};
use crate::payments::Credit;
use crate::value::{Amount, Instant};

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn missed_nights_are_caught_up_with_the_same_invoices(
        book in anything(),
        days in proptest::collection::btree_set(0_i64..400, 0..12),
    ) {
        are_caught_up(&book, days)?;
    }

    #[test]
    fn missed_nights_are_caught_up_with_each_of_several_taxes(
        book in taxed_severally(discounted(any().boxed(), Excess::Credit).boxed()),
        days in proptest::collection::btree_set(0_i64..400, 0..12),
    ) {
        are_caught_up(&book, days)?;
    }

    #[test]
    fn in_the_end_late_arrivals_are_billed_as_if_they_had_been_on_time(
        book in anything(),
        days in proptest::collection::btree_set(0_i64..400, 1..6),
        arrivals in proptest::collection::vec(0_usize..7, 8),
    ) {
        let closes: Vec<Instant> =
            days.into_iter().map(|day| instant(day * DAY)).chain([END]).collect();
        let mut register = Register::default();
        for (index, through) in closes.iter().enumerate() {
            let is_last = index + 1 == closes.len();
            let arrived = |place: usize| is_last || arrivals[place] <= index;
            let changes = book.changes.iter().enumerate();
            let known: Vec<Change> =
                changes.filter(|(place, _)| arrived(*place)).map(|(_, it)| it.clone()).collect();
            let now = with_changes(&book, known);
            register.close(&settings(), &now, *through);
        }
        let whole = bill_whole(&book, END);
        prop_assert_eq!(sums(&register.lines), sums(&lines(&whole)));
        // What stands in the register is what the whole log bills, line by line.
        let standing = lines_in_force(register.published.clone());
        let mut standing: Vec<_> =
            standing.into_iter().map(|it| (it.line.key.to_string(), it.line.amount)).collect();
        let mut expected: Vec<_> =
            lines(&whole).into_iter().map(|it| (it.key.to_string(), it.amount)).collect();
        for list in [&mut standing, &mut expected] {
            list.retain(|(_, amount)| !amount.is_zero());
            list.sort();
        }
        prop_assert_eq!(standing, expected);
    }
}

/// Whether closes on some days, and one in the end, publish what one close in the end publishes.
fn are_caught_up(book: &BillingInput, days: BTreeSet<i64>) -> Result<(), TestCaseError> {
    let mut invoices = Vec::new();
    let mut credit = Credit::new();
    let mut memory = Memory::default();
    let mut last = None;
    for day in days.into_iter().map(|day| instant(day * DAY)).chain([END]) {
        let history = if last.is_none() { History::New } else { History::Unchanged };
        let bill = memory.bill(&settings(), book, &history, (last, day));
        let (published, settlement) = memory.settled(book, bill.drafts, credit);
        invoices.extend(published);
        credit = settlement.balances.credit;
        last = Some(day);
    }
    let whole = bill_whole(book, END);
    let (whole, _) = settled(book, whole.drafts, Credit::new());
    prop_assert_eq!(shown(&invoices), shown(&whole));
    Ok(())
}

/// With and without discounts and taxes.
pub(super) fn anything() -> impl Strategy<Value = BillingInput> {
    let discounted = taxed(discounted(any().boxed(), Excess::Credit).boxed());
    prop_oneof![any(), discounted]
}

/// A register in memory.
#[derive(Default)]
pub(super) struct Register {
    /// The newest close.
    newest: Option<Instant>,
    /// Up to when the account is billed.
    last: Option<Instant>,
    known: HashSet<Arc<str>>,
    pub(super) published: Vec<Published>,
    lines: Vec<Line>,
}

impl Register {
    pub(super) fn close(&mut self, settings: &Settings, book: &BillingInput, through: Instant) {
        let due = |change: &&Change| self.last.is_some_and(|last| change.at <= last);
        let arrived: HashSet<Arc<str>> = book
            .changes
            .iter()
            .filter(due)
            .filter(|change| !self.known.contains(&change.id))
            .map(|change| Arc::clone(&change.id))
            .collect();
        let history = match self.last {
            None => History::New,
            Some(_) if arrived.is_empty() => History::Unchanged,
            Some(_) => History::Late(Box::new(BilledLines {
                standing: lines_in_force(self.published.clone()),
                arrived,
                ..BilledLines::default()
            })),
        };
        let mut memory = Memory::default();
        memory.newest = self.newest;
        let bill = memory.bill(settings, book, &history, (self.last, through));
        for (number, draft) in bill.drafts.iter().enumerate() {
            self.publish(&format!("{through}-{number}"), draft);
        }
        self.newest = Some(through);
        self.last = bill.carried.map_or(Some(through), |carried| carried.billed_through);
        let billed = book.changes.iter().filter(|it| self.last.is_some_and(|last| it.at <= last));
        self.known.extend(billed.map(|it| Arc::clone(&it.id)));
    }

    fn publish(&mut self, number: &str, draft: &DraftInvoice) {
        for (line, line_number) in draft.lines.iter().zip(1..) {
            self.lines.push(line.clone());
            self.published.push(Published {
                invoice_number: number.into(),
                line_number,
                line: line.clone(),
            });
        }
    }
}

pub(super) fn lines(bill: &AccountBill) -> Vec<Line> {
    bill.drafts.iter().flat_map(|draft| draft.lines.iter().cloned()).collect()
}

fn sums(lines: &[Line]) -> Option<Amount> {
    Amount::checked_sum(lines.iter().map(|line| line.amount))
}

/// What a customer would see of documents, and in which order.
fn shown(invoices: &[Invoice]) -> Vec<String> {
    invoices
        .iter()
        .map(|invoice| format!("{} {:?}", invoice.instant, (&invoice.lines, invoice.totals)))
        .collect()
}
