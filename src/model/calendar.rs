//! Periods that begin on a fixed day of the calendar.

use chrono::Weekday;

/// The day on which periods begin, instead of the day of the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CalendarStart {
    /// Months, quarters and years begin on a day of the month. Quarters and years count from a
    /// month of the year.
    Month {
        /// From 1. In shorter months it is the last day.
        day: u32,
        /// From 1: January.
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
