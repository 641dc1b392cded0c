//! A point in time, to the second, and its texts.

use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, TimeZone as _, Utc};
use thiserror::Error;

use super::clock_text::clock_text;
use super::{DAY_SECONDS, WallTime, Zone, written};

/// Seconds since 1970-01-01T00:00:00Z. Billing is to the second, so it holds no fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant at this many seconds after the epoch.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// Seconds since `earlier`; negative if `earlier` is later.
    pub(crate) const fn seconds_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    pub(crate) fn to_utc(self) -> DateTime<Utc> {
        Utc.timestamp_opt(self.0, 0).single().expect("instants are read within chrono's range")
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp())
    }
}

impl Instant {
    /// The text of `Display`, for years with four digits. Digests of all changes use it, and chrono
    /// takes five times as long.
    pub(crate) fn usual_text(self) -> Option<[u8; 20]> {
        let mut text = [b'Z'; 20];
        text[..19].copy_from_slice(&clock_text(self.0)?);
        Some(text)
    }

    /// Adds the text to another: each line of an invoice has several.
    pub(crate) fn write(self, text: &mut String) {
        match self.usual_text() {
            Some(usual) => text.push_str(str::from_utf8(&usual).expect("digits are ASCII")),
            None => text.push_str(&self.to_string()),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.usual_text() {
            Some(text) => f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?),
            None => f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true)),
        }
    }
}

/// The value of an input file: an instant, or a date. A date means midnight in the zone of the
/// account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// RFC 3339 with an offset. The nanoseconds keep the order within a second.
    Instant(Instant, u32),
    /// A calendar date.
    Date(NaiveDate),
}

/// The reason why a text is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MomentError {
    /// `2026-13-01`, `01/02/2026`, `45000`.
    #[error("is not a date or time")]
    Malformed,
    /// `2026-01-01T10:00:00` without `Z` or an offset: the zone is unknown.
    #[error("has no time zone")]
    NoOffset,
    /// Before 1970 or after 2999.
    #[error("is not between 1970 and 2999")]
    OutOfRange,
}

impl Moment {
    /// Reads `2020-06-19T06:51:00Z`, the same with an offset, or `2020-06-19`. It also reads every
    /// other unambiguous form: see docs/checks.md. It drops fractions of a second, because billing
    /// is to the second.
    ///
    /// ```
    /// # use prorata::value::{Moment, MomentError};
    /// assert!(Moment::parse("2020-06-19T08:51:00+02:00").is_ok());
    /// assert!(Moment::parse("2020-06-19").is_ok());
    /// assert!(Moment::parse("2020-06-19 08:51:00+02").is_ok());
    /// assert_eq!(Moment::parse("2020-06-19T08:51:00"), Err(MomentError::NoOffset));
    /// assert_eq!(Moment::parse("2020-13-01"), Err(MomentError::Malformed));
    /// ```
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        let moment = if matches!(text.len(), 8 | 10) {
            Self::Date(parse_date(text)?)
        } else if let Some(instant) = parse_usual(text) {
            Self::Instant(instant, 0)
        } else {
            let (instant, nanosecond) = written::parse(text)?;
            Self::Instant(instant, nanosecond)
        };
        let is_in_range = match moment {
            Self::Instant(instant, _) => (0..32_503_680_000).contains(&instant.0),
            Self::Date(date) => (1970..3000).contains(&date.year()),
        };
        if is_in_range { Ok(moment) } else { Err(MomentError::OutOfRange) }
    }

    /// The dropped nanoseconds, for sorting.
    pub(crate) fn nanosecond(self) -> u32 {
        match self {
            Self::Instant(_, nanosecond) => nanosecond,
            Self::Date(_) => 0,
        }
    }

    /// The instant, with the zone for a bare date.
    pub fn at(self, zone: Zone) -> Instant {
        self.at_in(|| zone)
    }

    /// The same if finding the zone is slow: only a bare date calls `zone`.
    pub(crate) fn at_in(self, zone: impl FnOnce() -> Zone) -> Instant {
        match self {
            Self::Instant(instant, _) => instant,
            Self::Date(date) => zone().midnight(date),
        }
    }

    /// The same with the time as it was written, for boundaries counted from it.
    pub(crate) fn wall_time_in(self, zone: impl FnOnce() -> Zone) -> WallTime {
        match self {
            Self::Instant(instant, _) => instant.into(),
            Self::Date(date) => {
                let zone = zone();
                let midnight = i64::from(date.to_epoch_days()) * DAY_SECONDS;
                WallTime::written(midnight, zone.midnight(date), zone)
            }
        }
    }
}

/// `YYYY-MM-DD` or `YYYYMMDD` and nothing else. chrono alone would accept `2020-6-1`.
fn parse_date(text: &str) -> Result<NaiveDate, MomentError> {
    written::date(text).ok_or(MomentError::Malformed)
}

/// Reads `2020-06-19T06:51:00` with `Z` or an offset. Most logs have this form, and it takes a
/// fifth of the time. On `None` the full parser decides.
fn parse_usual(text: &str) -> Option<Instant> {
    let (clock, offset) = text.as_bytes().split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(place, mark)| clock[*place] != *mark) {
        return None;
    }
    let two = |place: usize| two_digits(clock[place], clock[place + 1]);
    let year = i32::try_from(two(0)? * 100 + two(2)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, two(5)?, two(8)?)?;
    let time = date.and_hms_opt(two(11)?, two(14)?, two(17)?)?;
    Some(Instant(time.and_utc().timestamp() - offset_seconds(offset)?))
}

/// The offset in seconds of `Z`, `+02:00` or `-03:30`.
fn offset_seconds(offset: &[u8]) -> Option<i64> {
    match *offset {
        [b'Z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two_digits(h1, h2)?, two_digits(m1, m2)?);
            let seconds = i64::from(hours * 3600 + minutes * 60);
            let is_usual = hours < 24 && minutes < 60;
            is_usual.then_some(if sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

pub(super) fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    let are_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
    are_digits.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_instant_is_shown_as_chrono_shows_it(seconds in -70_000_000_000_i64..300_000_000_000) {
            let instant = Instant(seconds);
            let shown = instant.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true);
            prop_assert_eq!(instant.to_string(), &*shown);
            let mut text = "at ".to_owned();
            instant.write(&mut text);
            prop_assert_eq!(text, format!("at {shown}"));
        }

        #[test]
        fn the_usual_form_is_read_as_all_forms_are(
            text in "(19|20)[0-9]{2}-[0-1][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]\
                     (\\.[0-9])?(Z|z|[+-][0-2][0-9]:?[0-7][0-9]|)",
        ) {
            if let Some(instant) = parse_usual(&text) {
                prop_assert_eq!(written::parse(&text), Ok((instant, 0)));
            }
        }

        #[test]
        fn what_chrono_reads_is_read_alike(
            text in "(19|20)[0-9]{2}-[0-1][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]\
                     (\\.[0-9]{1,11})?(Z|z|[+-][0-2][0-9]:[0-7][0-9])",
        ) {
            if let Ok(time) = DateTime::parse_from_rfc3339(&text) {
                let time = time.to_utc();
                let expected = (Instant::from(time), time.timestamp_subsec_nanos());
                prop_assert_eq!(written::parse(&text), Ok(expected));
            }
        }
    }

    #[test]
    fn the_usual_form_is_found() {
        for (text, seconds) in [
            ("2020-06-19T06:51:00Z", Some(1_592_549_460)),
            ("2020-06-19T08:51:00+02:00", Some(1_592_549_460)),
            ("2020-06-19T03:21:00-03:30", Some(1_592_549_460)),
            ("2020-06-31T06:51:00Z", None),
            ("2020-06-19T06:51:60Z", None),
            ("2020-06-19T06:51:00+02:60", None),
            ("2020-06-19T06:51:00", None),
            ("2020-06-19T06:51:0é", None),
        ] {
            assert_eq!(parse_usual(text).map(Instant::unix_seconds), seconds, "{text}");
        }
    }

    #[test]
    fn reads_only_strict_forms() {
        for text in [
            "2020-6-19",
            "19.06.2020",
            "06/19/2020",
            "43984",
            "",
            " 2020-06-19",
            "2020-06-31",
            "2020-06-19T25:00:00Z",
            "2020-06-19T06:51:00 CET",
            "2020-06-19T06:51:00+2",
            "2020-06-19T06:51:00+24:00",
            "2020-06-19T06:51:00Z ",
            "2020-06-19T06Z",
            "2020-06-19  06:51Z",
            "2020-06-19T06:51.5Z",
            "20200631",
            "202006T0651Z",
        ] {
            assert_eq!(Moment::parse(text), Err(MomentError::Malformed), "{text}");
        }
        assert_eq!(Moment::parse("1899-12-31"), Err(MomentError::OutOfRange));
    }

    #[test]
    fn every_form_that_names_one_instant_is_read() {
        let expected = Moment::parse("2020-06-19T06:51:00Z");
        assert!(expected.is_ok());
        for text in [
            "2020-06-19 06:51:00+00",
            "2020-06-19 06:51:00.000+00",
            "2020-06-19T08:51:00+0200",
            "2020-06-19T08:51:00+02",
            "2020-06-19T06:51Z",
            "2020-06-19 08:51 +02:00",
            "2020-06-19T06:51:00 Z",
            "2020-06-19 06:51:00 UTC",
            "2020-06-19 06:51:00 +0000 UTC",
            "2020-06-19 03:21:00,0 -0330",
            "20200619T065100Z",
            "20200619T0651Z",
            "20200619T085100+0200",
            "20200619 06:51:00z",
            "2020-06-19T06:51:00-00:00",
        ] {
            assert_eq!(Moment::parse(text), expected, "{text}");
        }
        assert_eq!(Moment::parse("20200619"), Moment::parse("2020-06-19"));
        for text in ["2020-06-19 06:51", "20200619T065100", "2020-06-19T06:51:00.5"] {
            assert_eq!(Moment::parse(text), Err(MomentError::NoOffset), "{text}");
        }
    }

    #[test]
    fn an_offset_and_a_fraction_name_the_same_second() {
        let zulu = Moment::parse("2020-06-19T06:51:00Z");
        assert_eq!(Moment::parse("2020-06-19T08:51:00+02:00"), zulu);
        let later = Moment::parse("2020-06-19T06:51:00.9Z").expect("a moment");
        assert_eq!(Ok(later.at(Zone::UTC)), zulu.map(|it| it.at(Zone::UTC)));
        assert_eq!(later.nanosecond(), 900_000_000);
    }
}
