//! A month of the calendar: what revenue is counted by.

use std::fmt;

use chrono::{Datelike as _, Months, NaiveDate};

/// A calendar month of a year. Holds its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month that a date is in.
    ///
    /// ```
    /// # use prorata::value::Month;
    /// let month = Month::of("2020-02-10".parse().unwrap());
    /// assert_eq!(month.to_string(), "2020-02");
    /// assert_eq!(month.last_day().to_string(), "2020-02-29");
    /// assert_eq!(month.next().first_day().to_string(), "2020-03-01");
    /// ```
    pub fn of(date: NaiveDate) -> Self {
        Self(date.with_day(1).expect("every month has a first day"))
    }

    /// Reads what [`Month::to_string`] wrote: `2020-02`.
    pub fn parse(text: &str) -> Option<Self> {
        let month = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map(Self).ok()?;
        (month.to_string() == text).then_some(month)
    }

    /// Its first day.
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.next().0.pred_opt().expect("there is a day before the first of a month")
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).expect("dates are far within the calendar"))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.year() {
            // Once for each month of each line in the schedule: chrono takes four times as long.
            year @ 0..=9999 => write!(f, "{year:04}-{:02}", self.0.month()),
            _ => write!(f, "{}", self.0.format("%Y-%m")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn reads_only_what_it_writes() {
        let december = Month::parse("2020-12").expect("a month");
        assert_eq!(december.next().to_string(), "2021-01");
        for text in ["2020-13", "2020-1", "2020-12-01", "20-12", "", " 2020-12", "2020-12 "] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
