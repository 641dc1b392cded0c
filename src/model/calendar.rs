//! Where the calendar has periods begin, whoever began when.

use chrono::Weekday;

/// A day that periods begin on, instead of the day of the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CalendarStart {
    /// Months, quarters and years begin on a day of the month; quarters and years are counted from
    /// a month of the year.
    Month {
        /// From 1; shorter months end on their last day.
        day: u32,
        /// From 1, which is January.
        first_month: u32,
    },
    /// Weeks begin on a day of the week.
    Week(Weekday),
}

impl CalendarStart {
    /// The day of the month.
    pub(crate) fn day_of_month(self) -> Option<u32> {
        match self {
            Self::Month { day, .. } => Some(day),
            Self::Week(_) => None,
        }
    }
}
