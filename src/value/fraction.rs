//! The share of a billing period that a line bills.

/// `numerator` of `denominator` seconds or days of a period. Kept unreduced, because an invoice
/// shows it ("666,540 of 2,678,400 seconds").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    /// Seconds or days billed.
    pub numerator: i64,
    /// Seconds or days of the whole period; positive.
    pub denominator: i64,
}

impl Fraction {
    /// `numerator` of `denominator`.
    pub const fn new(numerator: i64, denominator: i64) -> Self {
        Self { numerator, denominator }
    }

    /// Whether it is the whole period.
    pub const fn is_whole(self) -> bool {
        self.numerator == self.denominator
    }
}
