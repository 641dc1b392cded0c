//! Groups lines that belong together: the pair of a change, the two halves of a correction, a line
//! with its discounts.
//!
//! Bundles follow the order of their first lines, and their lines keep their order. An invoice
//! without changes therefore keeps the order of its lines. One pass suffices for any number of
//! lines.

use std::collections::HashMap;

use crate::model::{Cause, Line, LineKind, Reason};
use crate::value::Instant;

/// Lines that belong together; never empty.
pub(super) struct Bundle<'i> {
    pub(super) kind: BundleKind,
    pub(super) lines: Vec<&'i Line>,
}

/// Why lines belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BundleKind {
    /// One line and its discounts.
    Plain,
    /// The credits and charges of one change of one subscription.
    Change,
    /// The lines that take back lines of one invoice, and their replacements.
    Correction,
}

/// The key shared by the lines of a bundle.
#[derive(PartialEq, Eq, Hash)]
enum Tie<'i> {
    /// Subscription and change.
    Change(&'i str, &'i str),
    /// Invoice, reason and service period.
    Correction(&'i str, &'i Reason, Instant, Instant),
}

/// Groups the lines of an invoice.
pub(super) fn bundles(lines: &[Line]) -> Vec<Bundle<'_>> {
    let mut bundles: Vec<Bundle> = Vec::with_capacity(lines.len());
    let mut tied: HashMap<Tie, usize> = HashMap::new();
    let mut last = 0;
    for line in lines {
        let discounted = bundles.get_mut(last).filter(|bundle| is_discount_in(line, bundle));
        if let Some(bundle) = discounted {
            bundle.lines.push(line);
            continue;
        }
        let place = match tie(line) {
            Some(tie) => *tied.entry(tie).or_insert(bundles.len()),
            None => bundles.len(),
        };
        if place == bundles.len() {
            bundles.push(Bundle { kind: kind(line), lines: Vec::with_capacity(2) });
        }
        bundles[place].lines.push(line);
        last = place;
    }
    bundles
}

fn kind(line: &Line) -> BundleKind {
    match tie(line) {
        None => BundleKind::Plain,
        Some(Tie::Change(..)) => BundleKind::Change,
        Some(Tie::Correction(..)) => BundleKind::Correction,
    }
}

fn tie(line: &Line) -> Option<Tie<'_>> {
    if let Some(correction) = &line.correction {
        let Line { service_start, service_end, .. } = line;
        return Some(Tie::Correction(
            &correction.invoice_number,
            &correction.reason,
            *service_start,
            *service_end,
        ));
    }
    match &line.key.cause {
        Cause::Remaining(change) | Cause::Unused(change) => {
            Some(Tie::Change(&line.key.subscription_id, change))
        }
        Cause::Period | Cause::Segment(_) | Cause::Net(_) | Cause::Adjustment(_) => None,
    }
}

/// Whether a line is a discount on the last line of a bundle.
pub(super) fn is_discount_in(line: &Line, bundle: &Bundle) -> bool {
    let role = |line: &Line| line.correction.as_ref().map(|correction| correction.role);
    line.kind == LineKind::Discount
        && bundle.lines.last().is_some_and(|above| {
            above.key.subscription_id == line.key.subscription_id
                && above.key.period_start == line.key.period_start
                && above.key.cause == line.key.cause
                && role(above) == role(line)
        })
}

#[cfg(test)]
mod tests {
    use super::super::specimens::{corrected, discounted, kumu, long};
    use super::*;

    fn kinds(lines: &[Line]) -> Vec<(BundleKind, usize)> {
        bundles(lines).into_iter().map(|bundle| (bundle.kind, bundle.lines.len())).collect()
    }

    #[test]
    fn the_two_lines_of_a_change_are_one_bundle() {
        use BundleKind::{Change, Plain};
        assert_eq!(kinds(&kumu().lines), [(Change, 2), (Change, 2), (Plain, 1), (Plain, 1)]);
    }

    #[test]
    fn the_two_lines_of_a_change_find_each_other_over_others() {
        let mut lines = kumu().lines;
        lines.swap(1, 4);
        let found = bundles(&lines);
        assert_eq!(found[0].lines.len(), 2);
        assert!(std::ptr::eq(found[0].lines[1], &raw const lines[4]));
    }

    #[test]
    fn lines_that_nothing_ties_keep_their_order() {
        let invoice = long(500);
        let found = bundles(&invoice.lines);
        let flat = found.iter().flat_map(|bundle| &bundle.lines);
        assert!(flat.zip(&invoice.lines).all(|(line, own)| std::ptr::eq(*line, own)));
    }

    #[test]
    fn discounts_stay_with_what_they_reduce() {
        let sizes: Vec<usize> =
            bundles(&discounted().lines).iter().map(|bundle| bundle.lines.len()).collect();
        assert_eq!(sizes, [2, 3, 1, 1, 1]);
    }

    #[test]
    fn a_line_taken_back_and_the_right_one_are_one_bundle() {
        assert_eq!(kinds(&corrected().lines)[0], (BundleKind::Correction, 2));
    }
}
