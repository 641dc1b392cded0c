//! How long a billing period is: a number of days, weeks, months or years of the calendar.

use std::fmt;

/// The calendar unit a period is counted in. A quarter is three months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntervalUnit {
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

/// A count of units: every 2 weeks, every month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The unit.
    pub unit: IntervalUnit,
    /// How many of them; positive.
    pub count: u32,
}

impl Interval {
    /// Whole months, if the interval is counted in months.
    pub const fn months(self) -> Option<i64> {
        match self.unit {
            IntervalUnit::Month => Some(self.count as i64),
            IntervalUnit::Quarter => Some(self.count as i64 * 3),
            IntervalUnit::Year => Some(self.count as i64 * 12),
            IntervalUnit::Day | IntervalUnit::Week => None,
        }
    }

    /// Whole days, if the interval is counted in days.
    pub const fn days(self) -> Option<i64> {
        match self.unit {
            IntervalUnit::Day => Some(self.count as i64),
            IntervalUnit::Week => Some(self.count as i64 * 7),
            IntervalUnit::Month | IntervalUnit::Quarter | IntervalUnit::Year => None,
        }
    }

    /// Whether two intervals are the same length on every calendar: 12 months are a year.
    pub fn is_same_length(self, other: Self) -> bool {
        self.months() == other.months() && self.days() == other.days()
    }
}

impl fmt::Display for Interval {
    /// "month", "3 months".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            IntervalUnit::Day => "day",
            IntervalUnit::Week => "week",
            IntervalUnit::Month => "month",
            IntervalUnit::Quarter => "quarter",
            IntervalUnit::Year => "year",
        };
        match self.count {
            1 => f.write_str(unit),
            count => write!(f, "{count} {unit}s"),
        }
    }
}
