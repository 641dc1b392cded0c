//! The position of a line on its invoice.

use crate::model::Line;

/// A line with its rank.
pub(crate) type RankedLine = (LineRank, Line);

/// Ranks of other lines than those of subscriptions.
pub(crate) struct Ranked;

impl Ranked {
    /// After all subscriptions.
    pub(crate) const LAST: LineRank = (usize::MAX, usize::MAX);
}

/// The order among lines with the same service time: by price list, then by subscription.
pub(crate) type LineRank = (usize, usize);
