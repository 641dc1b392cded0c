//! Groups lines that belong together: the pair of a change, the two halves of a correction, a line
//! with its discounts.
//!
//! Bundles follow the order of their first lines, and their lines keep their order. An invoice
//! without changes therefore keeps the order of its lines. One pass suffices for any number of
//! lines.

use std::collections::HashMap;

use crate::model::{Line, LineKind, LineTie, Related, RelatedDocument};

/// Lines that belong together; never empty.
pub(super) struct Bundle<'i> {
    pub(super) kind: BundleKind,
    pub(super) lines: Vec<&'i Line>,
    /// Its other parts, on related documents.
    pub(super) elsewhere: Vec<(&'i RelatedDocument, &'i Line)>,
}

impl<'i> Bundle<'i> {
    /// Its lines on all documents.
    pub(super) fn all_lines(&self) -> impl Iterator<Item = &'i Line> {
        self.lines.iter().copied().chain(self.elsewhere.iter().map(|(_, line)| *line))
    }
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

/// Groups the lines of a document. Parts of a change on related documents join its bundle.
pub(super) fn bundles<'i>(lines: &'i [Line], related: Option<&'i Related>) -> Vec<Bundle<'i>> {
    let mut bundles: Vec<Bundle> = Vec::with_capacity(lines.len());
    let mut tied: HashMap<LineTie, usize> = HashMap::new();
    let mut last = 0;
    for line in lines {
        let discounted = bundles.get_mut(last).filter(|bundle| is_discount_in(line, bundle));
        if let Some(bundle) = discounted {
            bundle.lines.push(line);
            continue;
        }
        let place = match line.tie() {
            Some(tie) => *tied.entry(tie).or_insert(bundles.len()),
            None => bundles.len(),
        };
        if place == bundles.len() {
            let (lines, elsewhere) = (Vec::with_capacity(2), Vec::new());
            bundles.push(Bundle { kind: kind(line), lines, elsewhere });
        }
        bundles[place].lines.push(line);
        last = place;
    }
    for document in related.into_iter().flat_map(|related| &related.documents) {
        for line in &document.lines {
            if let Some(place) = line.tie().and_then(|tie| tied.get(&tie)) {
                bundles[*place].elsewhere.push((document, line));
            }
        }
    }
    bundles
}

fn kind(line: &Line) -> BundleKind {
    match line.tie() {
        None => BundleKind::Plain,
        Some(LineTie::Change(..)) => BundleKind::Change,
        Some(LineTie::Correction(..)) => BundleKind::Correction,
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
        bundles(lines, None).into_iter().map(|bundle| (bundle.kind, bundle.lines.len())).collect()
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
        let found = bundles(&lines, None);
        assert_eq!(found[0].lines.len(), 2);
        assert!(std::ptr::eq(found[0].lines[1], &raw const lines[4]));
    }

    #[test]
    fn lines_that_nothing_ties_keep_their_order() {
        let invoice = long(500);
        let found = bundles(&invoice.lines, None);
        let flat = found.iter().flat_map(|bundle| &bundle.lines);
        assert!(flat.zip(&invoice.lines).all(|(line, own)| std::ptr::eq(*line, own)));
    }

    #[test]
    fn discounts_stay_with_what_they_reduce() {
        let sizes: Vec<usize> =
            bundles(&discounted().lines, None).iter().map(|bundle| bundle.lines.len()).collect();
        assert_eq!(sizes, [2, 3, 1, 1, 1]);
    }

    #[test]
    fn a_line_taken_back_and_the_right_one_are_one_bundle() {
        assert_eq!(kinds(&corrected().lines)[0], (BundleKind::Correction, 2));
    }
}
