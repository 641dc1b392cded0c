//! What should make no difference makes none, and more never costs less.

use proptest::prelude::*;

use super::company::{
    DAY, END, any, bill_whole, bill_with, instant, prorated, settings, with_changes,
};
use crate::config::{ProrationLines, Settings};
use crate::invoice::AccountBill;
use crate::model::{
    BillingInput, BillingMode, CancelPolicy, Change, ChangeKind, ChangePolicy, Granularity,
    History, Line, Price, Rules, Scheme,
};
use crate::value::{Amount, Instant, WallTime};

proptest! {
    #![proptest_config(super::cases())]

    /// Additivity: a row that asks for what is there already splits a period and alters nothing.
    #[test]
    fn a_change_that_changes_nothing_alters_nothing(book in any(), day in 0_i64..400) {
        let at = instant(day * DAY);
        let mut changes = book.changes.clone();
        let place = changes.partition_point(|change| change.at <= at);
        let nothing = ChangeKind::Delta(0);
        let (started_at, line) = (book.subscriptions[0].started_at, 99);
        prop_assume!(at >= started_at);
        changes.insert(place, Change {
            id: "nothing".into(), at, nanosecond: 0, skipped: 0, kind: nothing,
            previous_quantity: None, policy: None, line,
        });
        let split = bill_whole(&with_changes(&book, changes), END);
        prop_assert_eq!(total(&split), total(&bill_whole(&book, END)));
    }

    /// Monotonicity, under `per_unit`: a unit more all the time never costs less in the end.
    #[test]
    fn more_never_costs_less(book in prorated(), more in 1_u64..5) {
        let book = per_unit(book);
        let mut larger = book.clone();
        larger.subscriptions[0].quantity += more;
        for change in &mut larger.changes {
            if let ChangeKind::Quantity(total) = &mut change.kind {
                *total += more;
            }
        }
        // Each line is rounded on its own: a price below half a unit may round the other way.
        let lines = count(&bill_whole(&book, END)) + count(&bill_whole(&larger, END));
        let (less, more) = (total(&bill_whole(&book, END)), total(&bill_whole(&larger, END)));
        prop_assert!(more.minor() + lines >= less.minor(), "{more:?} < {less:?}");
    }

    /// Pairs and net lines differ in what they show and in no cent.
    #[test]
    fn pairs_and_net_lines_come_to_the_same(book in any()) {
        let settings = Settings { proration_lines: ProrationLines::Net, ..settings() };
        let net = bill_with(&settings, &book, &History::New, (None, END));
        let pairs = bill_whole(&book, END);
        let totals = |bill: &AccountBill| -> Vec<_> {
            bill.drafts.iter().map(|draft| (draft.instant, draft.currency, draft.totals)).collect()
        };
        prop_assert_eq!(totals(&net), totals(&pairs));
        prop_assert!(count(&net) <= count(&pairs));
    }

    /// What is billed at the end of periods is what was billed at their start and corrected since,
    /// but for the rounding of each line; and to the cent where periods count whole.
    #[test]
    fn arrears_come_to_advance_with_its_corrections(book in prorated(), counts_whole: bool) {
        // The end is known to both: cancelled at once on the last day of the window.
        let mut changes = book.changes.clone();
        changes.push(Change {
            id: "end".into(), at: instant(700 * DAY), nanosecond: 0, skipped: 0,
            kind: ChangeKind::Cancel(Some(CancelPolicy::Immediate)),
            previous_quantity: None, policy: None, line: 99,
        });
        let mut book = with_changes(&book, changes);
        book.rules = Rules::default();
        if counts_whole {
            book.prices[0].proration.granularity = Granularity::Period;
        }
        let advance = bill_whole(&billed(&book, BillingMode::Advance), END);
        let arrears = bill_whole(&billed(&book, BillingMode::Arrears), END);
        let lines = count(&advance) + count(&arrears) + 2 * whole(book.changes.len());
        let difference = total(&advance).minor() - total(&arrears).minor();
        let lines = if counts_whole { 0 } else { lines };
        prop_assert!(difference.abs() <= lines, "{advance:#?} {arrears:#?}");
    }

    /// A subscription that comes back is billed as a new one that begins then, on its last terms.
    #[test]
    fn a_comeback_is_billed_as_a_new_subscription(
        book in any(),
        days in (0_i64..200, 1_i64..100),
        terms in (proptest::option::of(0_u32..3), proptest::option::of(0_u64..5)),
    ) {
        let book = BillingInput { rules: Rules::default(), ..book };
        let start = book.subscriptions[0].started_at.unix_seconds() + days.0 * DAY;
        let (end, back) = (start, start + days.1 * DAY);
        let (end, back) = (Instant::from_unix_seconds(end), Instant::from_unix_seconds(back));
        let (price, quantity) = terms;
        let row = |id: &str, at, kind| Change {
            id: id.into(), at, nanosecond: 0, skipped: 0, kind, previous_quantity: None,
            policy: None, line: 99,
        };
        let cancel = ChangeKind::Cancel(Some(CancelPolicy::Immediate));
        // Before the end only the quantity changes, so that the last terms are known.
        let is_quantity = |it: &&Change| matches!(it.kind, ChangeKind::Quantity(_));
        let before = book.changes.iter().filter(|it| it.at < end).filter(is_quantity).cloned();
        let before: Vec<Change> = before.collect();
        let held = before.iter().rev().find_map(|it| match it.kind {
            ChangeKind::Quantity(total) => Some(total),
            _ => None,
        });
        let later = book.changes.iter().filter(|it| it.at > back).cloned();
        let later: Vec<Change> = later.collect();
        let mut fresh = with_changes(&book, later.clone());
        let own = &mut fresh.subscriptions[0];
        own.quantity = quantity.or(held).unwrap_or(own.quantity);
        own.price = price.map_or(own.price, |price| price as usize);
        (own.started_at, own.anchor, own.trial_end) = (back, None, None);
        let restart = row("back", back, ChangeKind::Restart { price, quantity });
        // Rows while it had ended change nothing.
        let idle = row("idle", back, ChangeKind::Uncancel);
        let changes = before.into_iter().chain([row("end", end, cancel), idle, restart]);
        let log: Vec<Change> = changes.chain(later).collect();
        let again = bill_whole(&with_changes(&book, log.clone()), END);
        let is_later = |line: &&Line| line.key.period_start >= back;
        let shown = |bill: &AccountBill| -> Vec<String> {
            let drafts = bill.drafts.iter();
            let lines = drafts.flat_map(|it| it.lines.iter().map(|line| (it.instant, line)));
            lines.filter(|(_, line)| is_later(line)).map(|it| format!("{it:?}")).collect()
        };
        prop_assert_eq!(shown(&again), shown(&bill_whole(&fresh, END)));
        // A cancellation at its instant takes it back.
        let gone: Vec<Change> = log.iter().filter(|it| it.at <= back).cloned().collect();
        let taken_back = gone.iter().cloned().chain([row("not", back, cancel)]).collect();
        let ended = gone.iter().filter(|it| it.at < back).cloned().collect();
        let billed = |changes| total(&bill_whole(&with_changes(&book, changes), END));
        prop_assert_eq!(billed(taken_back), billed(ended));
    }

    /// Rows at one instant are one change: their order matters only where they answer the same
    /// question.
    #[test]
    fn rows_at_one_instant_bill_the_same_in_either_order(
        book in any(),
        day in 0_i64..400,
        rows in (0..ROWS.len(), 0..ROWS.len()),
        policies in (policy(), policy()),
    ) {
        let book = BillingInput { rules: Rules::default(), ..book };
        let (one, other) = (&ROWS[rows.0], &ROWS[rows.1]);
        prop_assume!(one.0 != other.0);
        let at = instant(day * DAY);
        prop_assume!(at >= book.subscriptions[0].started_at);
        let row = |id: &str, kind, policy| Change {
            id: id.into(), at, nanosecond: 0, skipped: 0, kind, previous_quantity: None, policy, line: 99,
        };
        let pair = [row("one", one.1, policies.0), row("other", other.1, policies.1)];
        let billed_as = |rows: Vec<Change>| {
            let mut changes = book.changes.clone();
            let place = changes.partition_point(|change| change.at <= at);
            changes.splice(place..place, rows);
            let bill = bill_whole(&with_changes(&book, changes), END);
            bill.drafts.iter().map(|it| format!("{} {:?}", it.instant, it.lines)).collect::<Vec<_>>()
        };
        let swapped = vec![pair[1].clone(), pair[0].clone()];
        prop_assert_eq!(billed_as(pair.to_vec()), billed_as(swapped));
    }
}

/// Rows that answer different questions, each with the number of its question.
const ROWS: [(u8, ChangeKind); 12] = [
    (0, ChangeKind::Quantity(5)),
    (0, ChangeKind::Delta(2)),
    (1, ChangeKind::Price { price: 1, quantity: None }),
    (1, ChangeKind::Price { price: 2, quantity: None }),
    (2, ChangeKind::Pause),
    (2, ChangeKind::Resume),
    (3, ChangeKind::Cancel(None)),
    (3, ChangeKind::Cancel(Some(CancelPolicy::Immediate))),
    (3, ChangeKind::Cancel(Some(CancelPolicy::ImmediateNoCredit))),
    (4, ChangeKind::Anchor(WallTime::new(instant(20 * DAY), 0))),
    (5, ChangeKind::Restart { price: None, quantity: None }),
    (1, ChangeKind::PriceList { old: 0, new: 1 }),
];

fn policy() -> impl Strategy<Value = Option<ChangePolicy>> {
    prop_oneof![
        3 => Just(None),
        1 => Just(Some(ChangePolicy::NextInvoice)),
        1 => Just(Some(ChangePolicy::Immediate)),
        1 => Just(Some(ChangePolicy::PeriodEnd)),
    ]
}

fn per_unit(mut book: BillingInput) -> BillingInput {
    for price in &mut book.prices {
        price.scheme = Scheme::PerUnit;
    }
    book
}

fn billed(book: &BillingInput, billing: BillingMode) -> BillingInput {
    let prices = book.prices.iter().map(|price| Price { billing, ..price.clone() });
    BillingInput { prices: prices.collect(), ..book.clone() }
}

fn total(bill: &AccountBill) -> Amount {
    let amounts = bill.drafts.iter().map(|draft| draft.totals.total);
    Amount::checked_sum(amounts).expect("fits")
}

fn count(bill: &AccountBill) -> i64 {
    bill.drafts.iter().map(|draft| whole(draft.lines.len())).sum()
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).expect("few")
}
