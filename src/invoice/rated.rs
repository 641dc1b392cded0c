//! A line as the log gives it, with what discounts take off it, before it is compared with what
//! was billed.

use crate::model::Line;
use crate::value::{Amount, Instant, Rounding};

/// An expected line.
#[derive(Clone, Debug)]
pub struct RatedLine {
    /// When it falls due.
    pub due: Instant,
    /// The line.
    pub line: Line,
    /// What discounts take off it, in the order in which they apply.
    pub discounts: Vec<Line>,
    /// How its price rounds.
    pub rounding: Rounding,
    /// Whether it opens its period: see [`Stretch::opens`](crate::timeline::Stretch::opens).
    pub opens: bool,
    /// Whether it credits less than it came to, because its invoice had no more left.
    pub is_capped: bool,
}

impl RatedLine {
    /// A line that no discount has touched.
    pub fn new(due: Instant, line: Line, rounding: Rounding, opens: bool) -> Self {
        Self { due, line, discounts: Vec::new(), rounding, opens, is_capped: false }
    }

    /// What discounts have left of it so far.
    pub fn left(&self) -> Option<Amount> {
        let taken = Amount::checked_sum(self.discounts.iter().map(|line| line.amount))?;
        self.line.amount.checked_add(taken)
    }

    /// The line, followed by what is taken off it.
    pub fn into_lines(self) -> impl Iterator<Item = (Instant, Line)> {
        let due = self.due;
        std::iter::once(self.line).chain(self.discounts).map(move |line| (due, line))
    }
}
