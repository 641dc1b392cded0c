//! Where a line stands on its document.

use crate::model::Line;

/// A line with its rank.
pub type RankedLine = (LineRank, Line);

/// Ranks that are not those of subscriptions.
pub struct Ranked;

impl Ranked {
    /// After all subscriptions.
    pub const LAST: LineRank = (usize::MAX, usize::MAX);
}

/// Where a line stands among those of the same service time: in the order of the price list, then
/// of the subscriptions.
pub type LineRank = (usize, usize);
