//! Instants in the forms that a company's systems write.

use crate::value::{clock_text, date_of, date_text};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The form of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// `2020-06-19T06:51:00Z`.
    Utc,
    /// `2020-06-19T08:51:00+02:00`: office time, in summer and winter.
    Office,
    /// `2020-06-19T06:51:00.250Z`.
    Milliseconds,
    /// `2020-06-19`.
    Date,
}

/// The office is two hours ahead of UTC.
const OFFICE_SECONDS: i64 = 7_200;

impl Clock {
    /// An instant, in Unix seconds, as text.
    pub(crate) fn write(self, seconds: i64) -> String {
        match self {
            Self::Utc => date_time(seconds) + "Z",
            Self::Office => date_time(seconds + OFFICE_SECONDS) + "+02:00",
            Self::Milliseconds => format!("{}.{:03}Z", date_time(seconds), seconds.rem_euclid(997)),
            Self::Date => date(seconds),
        }
    }
}

/// The date of an instant, in UTC.
pub(crate) fn date(seconds: i64) -> String {
    text(date_text(date_of(seconds)))
}

fn date_time(seconds: i64) -> String {
    text(clock_text(seconds))
}

fn text<const LENGTH: usize>(bytes: Option<[u8; LENGTH]>) -> String {
    let bytes = bytes.expect("a company lives before 2999");
    str::from_utf8(&bytes).expect("digits are ASCII").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_says_the_same_instant() {
        let instant = 1_592_549_465;
        assert_eq!(Clock::Utc.write(instant), "2020-06-19T06:51:05Z");
        assert_eq!(Clock::Office.write(instant), "2020-06-19T08:51:05+02:00");
        assert!(Clock::Milliseconds.write(instant).starts_with("2020-06-19T06:51:05."));
        assert_eq!(Clock::Date.write(instant), "2020-06-19");
    }
}
