//! A minimum changes on which document something is billed, and never whether.

use proptest::prelude::*;

use super::arrival::{Register, anything, lines};
use super::company::{DAY, END, Memory, bill_whole, instant, settings, settled, with_changes};
use crate::config::{CreditNotes, Settings};
use crate::invoice::Carried;
use crate::model::{Change, History, Invoice, lines_in_force};
use crate::payments::Credit;
use crate::timeline::{SubscriptionStatus, status_at};
use crate::value::{Amount, Currency, Instant};

/// The settings with a minimum, in minor units.
fn at_least(minor: i64, credit_notes: CreditNotes) -> Settings {
    let currency = Currency::from_code("USD").expect("ISO 4217");
    let minimum = [(currency, Amount::from_minor(minor))].into();
    Settings { minimum, credit_notes, ..settings() }
}

fn any_minimum() -> impl Strategy<Value = (i64, CreditNotes)> {
    let notes = prop_oneof![Just(CreditNotes::Inline), Just(CreditNotes::Separate)];
    (prop_oneof![Just(1_000), Just(10_000), Just(500_000)], notes)
}

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn any_schedule_of_closes_gives_the_same_documents_and_carries_the_same(
        book in anything(),
        (minor, notes) in any_minimum(),
        days in proptest::collection::btree_set(0_i64..400, 0..12),
    ) {
        let settings = at_least(minor, notes);
        let (mut invoices, mut credit, mut memory) = (Vec::new(), Credit::new(), Memory::default());
        let (mut last, mut carried) = (None, None::<Carried>);
        for day in days.into_iter().map(|day| instant(day * DAY)).chain([END]) {
            let history = if last.is_none() { History::New } else { History::Unchanged };
            let bill = memory.bill(&settings, &book, &history, (last, day));
            let (published, settlement) = memory.settled(&book, bill.drafts, credit);
            invoices.extend(published);
            credit = settlement.balances.credit;
            memory.newest = Some(day);
            carried = bill.carried;
            last = carried.as_ref().map_or(Some(day), |carried| carried.billed_through);
        }
        let whole = Memory::default().bill(&settings, &book, &History::New, (None, END));
        prop_assert_eq!(totals(carried.as_ref()), totals(whole.carried.as_ref()));
        let (whole, _) = settled(&book, whole.drafts, Credit::new());
        prop_assert_eq!(billed(&invoices), billed(&whole));
    }

    #[test]
    fn a_document_below_the_minimum_is_the_last_one_of_its_account(
        book in anything(),
        (minor, notes) in any_minimum(),
    ) {
        let settings = at_least(minor, notes);
        let bill = Memory::default().bill(&settings, &book, &History::New, (None, END));
        let least = settings.minimum.values().next().copied().expect("one");
        let is_small = |total: Amount| total > Amount::ZERO && total < least;
        let drafts = &bill.drafts;
        let small = drafts.iter().filter(|draft| is_small(draft.totals.total));
        for draft in small {
            let beside = |it: &&crate::invoice::DraftInvoice| it.instant == draft.instant;
            let is_alone = drafts.iter().filter(beside).count() == 1;
            let is_last = drafts.iter().all(|it| it.instant <= draft.instant);
            // Where all subscriptions have ended, nothing waits for one that comes back.
            let mut subscriptions = (0..book.subscriptions.len()).map(|it| book.ledger(it));
            let has_ended = subscriptions.all(|ledger| {
                let stood = status_at(ledger, &book.prices, draft.instant);
                stood.is_ok_and(|(status, _)| matches!(status, SubscriptionStatus::Ended))
            });
            prop_assert!(is_last || !is_alone || has_ended, "{drafts:?}");
        }
        for (_, total) in totals(bill.carried.as_ref()) {
            prop_assert!(is_small(total));
        }
    }

    #[test]
    fn what_waits_and_what_arrives_late_is_billed_in_the_end_as_if_on_time(
        book in anything(),
        (minor, notes) in any_minimum(),
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
            // The last close has no minimum, so nothing waits any longer.
            let now = if is_last { settings() } else { at_least(minor, notes) };
            register.close(&now, &with_changes(&book, known), *through);
        }
        let whole = bill_whole(&book, END);
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

/// What documents bill, without the credit that paid them.
fn billed(invoices: &[Invoice]) -> Vec<String> {
    let shown = |it: &Invoice| format!("{} {:?}", it.instant, (&it.lines, it.totals.total));
    invoices.iter().map(shown).collect()
}

fn totals(carried: Option<&Carried>) -> Vec<(Currency, Amount)> {
    carried.map(|carried| carried.totals.clone()).unwrap_or_default()
}
