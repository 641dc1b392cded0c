//! All unambiguous forms of instants and dates: ISO 8601 extended and basic, and the forms of
//! databases and programs.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::instant::two_digits;
use super::{Instant, MomentError};

/// The day in `2020-06-19` or `20200619`.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let mut rest = Rest(text.as_bytes());
    rest.date().filter(|_| rest.0.is_empty())
}

/// The instant of a date, a time of day and an offset, and the nanoseconds.
pub(crate) fn parse(text: &str) -> Result<(Instant, u32), MomentError> {
    let mut rest = Rest(text.as_bytes());
    let clock = rest.clock().ok_or(MomentError::Malformed)?;
    if rest.0.is_empty() {
        return Err(MomentError::NoOffset);
    }
    let offset = rest.offset().filter(|_| rest.0.is_empty()).ok_or(MomentError::Malformed)?;
    let clock = clock.and_utc();
    let instant = Instant::from_unix_seconds(clock.timestamp() - offset);
    Ok((instant, clock.timestamp_subsec_nanos()))
}

/// The unread rest of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Skips a byte, if it is one of these.
    fn pass(&mut self, bytes: &[u8]) -> bool {
        let rest = self.0.split_first().filter(|(first, _)| bytes.contains(first));
        self.0 = rest.map_or(self.0, |(_, rest)| rest);
        rest.is_some()
    }

    /// Two digits.
    fn two(&mut self) -> Option<u32> {
        let [tens, ones, rest @ ..] = self.0 else { return None };
        let number = two_digits(*tens, *ones)?;
        self.0 = rest;
        Some(number)
    }

    fn is_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let year = i32::try_from(self.two()? * 100 + self.two()?).ok()?;
        let is_extended = self.pass(b"-");
        let month = self.two()?;
        if is_extended && !self.pass(b"-") {
            return None;
        }
        NaiveDate::from_ymd_opt(year, month, self.two()?)
    }

    fn clock(&mut self) -> Option<NaiveDateTime> {
        let date = self.date()?;
        if !self.pass(b"Tt ") {
            return None;
        }
        Some(date.and_time(self.time()?))
    }

    fn time(&mut self) -> Option<NaiveTime> {
        let hour = self.two()?;
        let is_extended = self.pass(b":");
        let minute = self.two()?;
        let has_seconds = if is_extended { self.pass(b":") } else { self.is_digit() };
        let (second, nanosecond) =
            if has_seconds { (self.two()?, self.fraction()?) } else { (0, 0) };
        // A leap second is the second before with more than 10⁹ nanoseconds, as in chrono.
        let leap = u32::from(second == 60);
        NaiveTime::from_hms_nano_opt(hour, minute, second - leap, nanosecond + leap * 1_000_000_000)
    }

    /// The nanoseconds of a fraction, if there is one. Drops further digits.
    fn fraction(&mut self) -> Option<u32> {
        if !self.pass(b".,") {
            return Some(0);
        }
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        let shown = digits.iter().map(|byte| u32::from(byte - b'0'));
        let nine = shown.chain(std::iter::repeat(0)).take(9);
        (length > 0).then(|| nine.fold(0, |number, digit| number * 10 + digit))
    }

    /// The offset in seconds of `Z`, `UTC`, `+02`, `+0200` or `+02:00`, with an optional blank
    /// before it. Go writes `+0000 UTC`.
    fn offset(&mut self) -> Option<i64> {
        self.pass(b" ");
        if self.pass(b"Zz") || self.pass_utc() {
            return Some(0);
        }
        let is_behind = self.0.first() == Some(&b'-');
        if !self.pass(b"+-") {
            return None;
        }
        let hours = self.two()?;
        let has_minutes = self.pass(b":") || self.is_digit();
        let minutes = if has_minutes { self.two()? } else { 0 };
        if hours > 23 || minutes > 59 {
            return None;
        }
        let seconds = i64::from(hours * 3600 + minutes * 60);
        if seconds == 0 && self.pass(b" ") && !self.pass_utc() {
            return None;
        }
        Some(if is_behind { -seconds } else { seconds })
    }

    fn pass_utc(&mut self) -> bool {
        let rest = self.0.strip_prefix(b"UTC");
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}
