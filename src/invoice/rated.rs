//! An expected line with its discounts, before it is compared with the billed lines.

use crate::model::Line;
use crate::value::{Amount, Instant, Rounding};

#[derive(Clone, Debug)]
pub(crate) struct RatedLine {
    pub(crate) due: Instant,
    pub(crate) line: Line,
    /// Its discounts, in the order in which they apply.
    pub(crate) discounts: Vec<Line>,
    /// The rounding of its price.
    pub(crate) rounding: Rounding,
    /// Whether it opens its period: see
    /// [`ServicePeriod::opens`](crate::timeline::ServicePeriod::opens).
    pub(crate) opens: bool,
    /// Whether its credit is limited by the rest of its invoice.
    pub(crate) is_capped: bool,
}

impl RatedLine {
    /// A line without discounts.
    pub(crate) fn new(due: Instant, line: Line, rounding: Rounding, opens: bool) -> Self {
        Self { due, line, discounts: Vec::new(), rounding, opens, is_capped: false }
    }

    /// The amount after the discounts so far.
    pub(crate) fn left(&self) -> Option<Amount> {
        let taken = Amount::checked_sum(self.discounts.iter().map(|line| line.amount))?;
        self.line.amount.checked_add(taken)
    }

    /// The line, followed by its discounts.
    pub(crate) fn into_lines(self) -> impl Iterator<Item = (Instant, Line)> {
        let due = self.due;
        std::iter::once(self.line).chain(self.discounts).map(move |line| (due, line))
    }
}
