//! The length of a billing period: a number of days, weeks, months or years.

use std::fmt;

/// The calendar unit of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum IntervalUnit {
    /// Calendar days.
    Day,
    /// Seven calendar days.
    Week,
    /// Calendar months.
    Month,
    /// Three calendar months.
    Quarter,
    /// Twelve calendar months.
    Year,
}

/// A number of units: every 2 weeks, every month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Interval {
    /// The unit.
    pub(crate) unit: IntervalUnit,
    /// Positive.
    pub(crate) count: u32,
}

/// The unit that the calendar adds: months differ in days, and days differ in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Length {
    /// Calendar months.
    Months(i64),
    /// Calendar days.
    Days(i64),
}

impl Interval {
    /// The interval in months or days. Equal lengths are equal on every calendar: 12 months are a
    /// year.
    pub(crate) const fn length(self) -> Length {
        let count = self.count as i64;
        match self.unit {
            IntervalUnit::Day => Length::Days(count),
            IntervalUnit::Week => Length::Days(count * 7),
            IntervalUnit::Month => Length::Months(count),
            IntervalUnit::Quarter => Length::Months(count * 3),
            IntervalUnit::Year => Length::Months(count * 12),
        }
    }
}

impl Interval {
    /// Reads the text of [`fmt::Display`].
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (count, unit) = match text.split_once(' ') {
            Some((count, unit)) => (count.parse().ok()?, unit.strip_suffix('s')?),
            None => (1, text),
        };
        let units = [
            IntervalUnit::Day,
            IntervalUnit::Week,
            IntervalUnit::Month,
            IntervalUnit::Quarter,
            IntervalUnit::Year,
        ];
        let unit = units.into_iter().find(|known| known.as_str() == unit)?;
        Some(Self { unit, count })
    }
}

impl IntervalUnit {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

impl fmt::Display for Interval {
    /// "month", "3 months".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.as_str();
        match self.count {
            1 => f.write_str(unit),
            count => write!(f, "{count} {unit}s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back() {
        for text in ["month", "3 months", "week", "2 quarters", "10 days", "year"] {
            assert_eq!(Interval::parse(text).map(|it| it.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Interval::parse("fortnight"), None);
    }
}
