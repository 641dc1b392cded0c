//! Law 3: over a period, what was billed net equals the time-weighted price within half a minor
//! unit a line. The expected side is added up from the log itself, without the program's timeline.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::company::{END, bill_whole, prorated};
use crate::model::{BillingInput, CancelPolicy, ChangeKind, Line};
use crate::value::Instant;

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn what_is_billed_is_what_was_used(book in prorated()) {
        let bill = bill_whole(&book, END);
        let mut periods: BTreeMap<Instant, Vec<&Line>> = BTreeMap::new();
        for line in bill.drafts.iter().flat_map(|draft| &draft.lines) {
            periods.entry(line.key.period_start).or_default().push(line);
        }
        for (start, lines) in periods {
            let end = lines.iter().map(|line| line.service_end).max().expect("lines");
            // A period that the close does not reach the end of is not all billed yet.
            if end > END {
                continue;
            }
            let denominator = i128::from(lines[0].share.denominator);
            let billed: i128 = lines.iter().map(|line| i128::from(line.amount.minor())).sum();
            let used = used(&book, start, end);
            // In units of 1/10000 minor unit over the period's seconds.
            let distance = (billed * denominator * 10_000 - used).abs();
            // A pair of lines that both round to nothing is left out, and still was rounded.
            let inside = |at: Instant| at > start && at < end;
            let changes = book.changes.iter().filter(|change| inside(change.at)).count();
            let rounded = i128::try_from(lines.len() + 2 * changes).expect("few");
            let tolerance = denominator * 5_000 * rounded;
            prop_assert!(distance <= tolerance, "{start}: billed {billed}, lines {lines:#?}");
        }
    }
}

/// The price of what was held in each second of `[start, end)`, added up, in 1/10000 cent.
fn used(book: &BillingInput, start: Instant, end: Instant) -> i128 {
    let mut edges = vec![start, end];
    edges.extend(book.changes.iter().map(|change| change.at).filter(|at| *at > start && *at < end));
    edges.sort();
    let pieces = edges.windows(2).map(|edge| {
        let seconds = i128::from(edge[1].seconds_since(edge[0]));
        seconds * price_in_ten_thousandths(book, held_at(book, edge[0]))
    });
    pieces.sum()
}

/// What is held at an instant: quantities and pauses as the log has them, nothing after an
/// immediate cancellation. Cancellations at the end of a period do not show inside it.
fn held_at(book: &BillingInput, instant: Instant) -> u64 {
    let (mut quantity, mut paused) = (book.subscriptions[0].quantity, false);
    let changes: Vec<_> = book.changes.iter().filter(|change| change.at <= instant).collect();
    for (index, change) in changes.iter().enumerate() {
        let taken_back = changes[index..]
            .iter()
            .any(|later| later.at == change.at && later.kind == ChangeKind::Uncancel);
        match change.kind {
            ChangeKind::Quantity(total) => quantity = total,
            ChangeKind::Pause => paused = true,
            ChangeKind::Resume => paused = false,
            ChangeKind::Cancel(Some(CancelPolicy::Immediate)) if !taken_back => return 0,
            _ => {}
        }
    }
    if paused { 0 } else { quantity }
}

fn price_in_ten_thousandths(book: &BillingInput, quantity: u64) -> i128 {
    let cents =
        book.prices[0].amount_for(quantity).expect("fits") * rust_decimal::Decimal::from(100);
    let scaled = cents * rust_decimal::Decimal::from(10_000);
    assert!(scaled.fract().is_zero(), "prices have at most six decimals");
    scaled.trunc().mantissa() / 10_i128.pow(scaled.trunc().scale())
}
