//! Instants as the systems of a company write them.

use chrono::{DateTime, Datelike as _, NaiveDateTime, Timelike as _};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// How a system writes an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// `2020-06-19T06:51:00Z`.
    Utc,
    /// `2020-06-19T08:51:00+02:00`: in the time of the office, summer and winter.
    Office,
    /// `2020-06-19T06:51:00.250Z`.
    Milliseconds,
    /// `2020-06-19`.
    Date,
}

/// The office is two hours ahead.
const OFFICE_SECONDS: i64 = 7_200;

impl Clock {
    /// An instant, in Unix seconds, as text.
    pub fn write(self, seconds: i64) -> String {
        match self {
            Self::Utc => date_time(seconds) + "Z",
            Self::Office => date_time(seconds + OFFICE_SECONDS) + "+02:00",
            Self::Milliseconds => format!("{}.{:03}Z", date_time(seconds), seconds.rem_euclid(997)),
            Self::Date => date(seconds),
        }
    }
}

/// The date of an instant, in UTC.
pub fn date(seconds: i64) -> String {
    let mut text = String::with_capacity(10);
    push_date(&mut text, seconds);
    text
}

fn date_time(seconds: i64) -> String {
    // Longest with milliseconds.
    let mut text = String::with_capacity(30);
    push_date(&mut text, seconds);
    let time = civil(seconds);
    for (mark, number) in [('T', time.hour()), (':', time.minute()), (':', time.second())] {
        text.push(mark);
        push_two_digits(&mut text, number);
    }
    text
}

/// By hand, because a million accounts have millions of dates: `format!` takes ten times as long.
fn push_date(text: &mut String, seconds: i64) {
    let time = civil(seconds);
    let year = time.year().unsigned_abs();
    push_two_digits(text, year / 100);
    push_two_digits(text, year % 100);
    for number in [time.month(), time.day()] {
        text.push('-');
        push_two_digits(text, number);
    }
}

fn push_two_digits(text: &mut String, number: u32) {
    for digit in [number / 10, number % 10] {
        text.push(char::from_digit(digit, 10).expect("a number of two digits"));
    }
}

fn civil(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0).expect("a company lives before 2999").naive_utc()
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
