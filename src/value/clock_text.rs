//! Dates and times as ISO 8601 text. chrono takes five times as long, and most rows have some.
//! `None` for years without four digits: chrono writes those.

use chrono::{Datelike as _, NaiveDate};

use super::clocks::DAY_SECONDS;
use super::date_of;
use super::decimal_text::pair;

/// A date: `2020-06-19`.
pub(crate) fn date_text(date: NaiveDate) -> Option<[u8; 10]> {
    let mut text = *b"0000-00-00";
    text[..7].copy_from_slice(&month_text(date.year(), date.month())?);
    text[8..].copy_from_slice(&pair(date.day()));
    Some(text)
}

/// A month of a year: `2020-06`.
pub(crate) fn month_text(year: i32, month: u32) -> Option<[u8; 7]> {
    let year = u32::try_from(year).ok().filter(|year| *year <= 9999)?;
    let mut text = *b"0000-00";
    for (place, number) in [(0, year / 100), (2, year % 100), (5, month)] {
        text[place..place + 2].copy_from_slice(&pair(number));
    }
    Some(text)
}

/// The time on a clock, from its seconds since 1970: `2020-06-19T06:51:00`.
pub(crate) fn clock_text(local_seconds: i64) -> Option<[u8; 19]> {
    let mut text = *b"0000-00-00T00:00:00";
    text[..10].copy_from_slice(&date_text(date_of(local_seconds))?);
    let seconds = local_seconds.rem_euclid(DAY_SECONDS);
    text[11..16].copy_from_slice(&hours_text(seconds / 60));
    text[17..].copy_from_slice(&pair(below_hundred(seconds % 60)));
    Some(text)
}

/// Hours and minutes, below a hundred hours: `06:51`.
pub(crate) fn hours_text(minutes: i64) -> [u8; 5] {
    let mut text = *b"00:00";
    text[..2].copy_from_slice(&pair(below_hundred(minutes / 60)));
    text[3..].copy_from_slice(&pair(below_hundred(minutes % 60)));
    text
}

fn below_hundred(number: i64) -> u32 {
    u32::try_from(number).expect("hours, minutes and seconds are not negative")
}
