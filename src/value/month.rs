//! A month of the calendar, the unit of earned revenue.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::month_text;

/// A calendar month of a year: months since January of year 0. Revenue is counted by month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Month(i32);

const MONTHS: i32 = 12;

impl Month {
    pub(crate) fn of(date: NaiveDate) -> Self {
        Self(date.year() * MONTHS + date.month0().cast_signed())
    }

    /// Reads the text of `Display`: `2020-02`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let month =
            NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map(Self::of).ok()?;
        (month.to_string() == text).then_some(month)
    }

    pub(crate) const fn year(self) -> i32 {
        self.0.div_euclid(MONTHS)
    }

    /// From 1.
    pub(crate) const fn number(self) -> u32 {
        self.0.rem_euclid(MONTHS).cast_unsigned() + 1
    }

    pub(crate) const fn days(self) -> i64 {
        let year = self.year();
        match self.number() {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    pub(crate) const fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.number(), 1).expect(IN_RANGE)
    }

    pub(crate) fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().expect(IN_RANGE)
    }

    #[must_use]
    pub(crate) const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The month that is `months` before this one.
    #[must_use]
    pub(crate) fn minus(self, months: u8) -> Self {
        Self(self.0 - i32::from(months))
    }

    /// The text: `2020-06`. `None` for years without four digits.
    pub(crate) fn text(self) -> Option<[u8; 7]> {
        month_text(self.year(), self.number())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom(format!("{text:?} is no month")))
    }
}

const IN_RANGE: &str = "dates are far within the calendar";

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Some(text) => f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?),
            None => write!(f, "{}", self.first_day().format("%Y-%m")),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Months;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn example_of_of() {
        use crate::value::Month;
        let month = Month::of("2020-02-10".parse().unwrap());
        assert_eq!(month.to_string(), "2020-02");
        assert_eq!(month.days(), 29);
        assert_eq!(month.last_day().to_string(), "2020-02-29");
        assert_eq!(month.next().first_day().to_string(), "2020-03-01");
    }

    proptest! {
        #[test]
        fn counts_as_the_calendar_does(days in -800_000_i32..3_000_000) {
            let date = NaiveDate::from_num_days_from_ce_opt(days).expect("a date");
            let (month, first) = (Month::of(date), date.with_day(1).expect("a date"));
            let next = first.checked_add_months(Months::new(1)).expect("a date");
            prop_assert_eq!(month.first_day(), first);
            prop_assert_eq!(month.next().first_day(), next);
            prop_assert_eq!(Some(month.last_day()), next.pred_opt());
            prop_assert_eq!(month.days(), next.signed_duration_since(first).num_days());
            prop_assert_eq!(month.to_string(), date.format("%Y-%m").to_string());
        }
    }

    #[test]
    fn reads_only_what_it_writes() {
        let december = Month::parse("2020-12").expect("a month");
        assert_eq!(december.next().to_string(), "2021-01");
        for text in ["2020-13", "2020-1", "2020-12-01", "20-12", "", " 2020-12", "2020-12 "] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
