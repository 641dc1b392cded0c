//! The billed share of a billing period.

/// `numerator` of `denominator` seconds or days of a period. It is not reduced, because an invoice
/// shows it: "666,540 of 2,678,400 seconds".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fraction {
    /// Seconds or days billed.
    pub(crate) numerator: i64,
    /// Seconds or days of the whole period; positive.
    pub(crate) denominator: i64,
    /// The unit of both.
    pub(crate) unit: TimeUnit,
}

/// The unit of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TimeUnit {
    /// Elapsed seconds.
    Second,
    /// Days of the calendar, or of 30-day months.
    Day,
    /// Whole periods: nothing is prorated.
    Period,
}

impl Fraction {
    pub(crate) const fn new(numerator: i64, denominator: i64, unit: TimeUnit) -> Self {
        Self { numerator, denominator, unit }
    }

    /// This share divided by another share of the same period, in any units. `None` if it does not
    /// fit, or the other is zero.
    pub(crate) fn of(self, other: Self) -> Option<Self> {
        if other.numerator <= 0 {
            return None;
        }
        if (self.unit, self.denominator) == (other.unit, other.denominator) {
            return Some(Self::new(self.numerator, other.numerator, self.unit));
        }
        let numerator = self.numerator.checked_mul(other.denominator)?;
        let denominator = self.denominator.checked_mul(other.numerator)?;
        Some(Self::new(numerator, denominator, TimeUnit::Period))
    }

    /// Whether it is the whole period.
    pub(crate) const fn is_whole(self) -> bool {
        self.numerator == self.denominator
    }
}

impl TimeUnit {
    const ALL: [Self; 3] = [Self::Second, Self::Day, Self::Period];

    /// The word in `invoice_lines.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Day => "day",
            Self::Period => "period",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn example_of_of() {
        use crate::value::{Fraction, TimeUnit};
        let half = Fraction::new(1_296_000, 2_592_000, TimeUnit::Second);
        let most = Fraction::new(2_000_000, 2_592_000, TimeUnit::Second);
        assert_eq!(half.of(most), Some(Fraction::new(1_296_000, 2_000_000, TimeUnit::Second)));
        let two_thirds = Fraction::new(20, 30, TimeUnit::Day);
        assert_eq!(
            half.of(two_thirds),
            Some(Fraction::new(38_880_000, 51_840_000, TimeUnit::Period))
        );
    }
}
