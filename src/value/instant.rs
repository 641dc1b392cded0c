//! A point on the time line, to the second, and the texts that name one.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeZone as _, Utc};
use thiserror::Error;

use super::Zone;

/// Seconds since 1970-01-01T00:00:00Z. Billing is to the second, so nothing finer is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant this many seconds after the epoch.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// Seconds from `earlier` to here; negative if `earlier` is later.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The same instant as chrono has it.
    pub fn to_utc(self) -> DateTime<Utc> {
        Utc.timestamp_opt(self.0, 0).single().expect("instants are read within chrono's range")
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// What an input file may say where an instant is wanted: the instant itself, or a bare date,
/// which means midnight in a zone that only the account knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// RFC 3339 with an offset; the nanoseconds that were cut off still tell what came first.
    Instant(Instant, u32),
    /// A calendar date.
    Date(NaiveDate),
}

/// Why a text names no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MomentError {
    /// `2026-13-01`, `01/02/2026`, `45000`.
    #[error("is not a date or time")]
    Malformed,
    /// `2026-01-01T10:00:00` without `Z` or an offset: nobody knows whose ten o'clock.
    #[error("has no time zone")]
    NoOffset,
    /// Before 1970 or after 2999.
    #[error("is not between 1970 and 2999")]
    OutOfRange,
}

impl Moment {
    /// Reads `2020-06-19T06:51:00Z`, the same with an offset, or `2020-06-19`. A fraction of a
    /// second is cut off: billing is to the second.
    ///
    /// ```
    /// # use prorata::value::{Moment, MomentError};
    /// assert!(Moment::parse("2020-06-19T08:51:00+02:00").is_ok());
    /// assert!(Moment::parse("2020-06-19").is_ok());
    /// assert_eq!(Moment::parse("2020-06-19T08:51:00"), Err(MomentError::NoOffset));
    /// assert_eq!(Moment::parse("2020-13-01"), Err(MomentError::Malformed));
    /// ```
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        let moment = if text.len() == 10 {
            Self::Date(parse_date(text)?)
        } else {
            let time = parse_rfc3339(text)?;
            Self::Instant(time.into(), time.timestamp_subsec_nanos())
        };
        let year_range = Instant(0)..Instant(32_503_680_000);
        let rough = moment.at(Zone::UTC);
        if year_range.contains(&rough) { Ok(moment) } else { Err(MomentError::OutOfRange) }
    }

    /// What was cut off from the instant, for putting moments in order.
    pub fn nanosecond(self) -> u32 {
        match self {
            Self::Instant(_, nanosecond) => nanosecond,
            Self::Date(_) => 0,
        }
    }

    /// The instant, given whose midnight a bare date means.
    pub fn at(self, zone: Zone) -> Instant {
        match self {
            Self::Instant(instant, _) => instant,
            Self::Date(date) => zone.midnight(date),
        }
    }
}

/// `YYYY-MM-DD` and nothing else (chrono alone would accept `2020-6-1`).
fn parse_date(text: &str) -> Result<NaiveDate, MomentError> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shaped {
        return Err(MomentError::Malformed);
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| MomentError::Malformed)
}

fn parse_rfc3339(text: &str) -> Result<DateTime<Utc>, MomentError> {
    DateTime::parse_from_rfc3339(text).map(|time| time.to_utc()).map_err(|_| {
        if DateTime::parse_from_rfc3339(&format!("{text}Z")).is_ok() {
            MomentError::NoOffset
        } else {
            MomentError::Malformed
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_strict_forms() {
        for text in [
            "2020-6-19",
            "19.06.2020",
            "06/19/2020",
            "43984",
            "",
            "2020-06-19 06:51",
            " 2020-06-19",
            "2020-06-31",
            "2020-06-19T25:00:00Z",
        ] {
            assert_eq!(Moment::parse(text), Err(MomentError::Malformed), "{text}");
        }
        assert_eq!(Moment::parse("1899-12-31"), Err(MomentError::OutOfRange));
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
