//! A time zone of the IANA database, with the one answer to gaps and folds.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, SecondsFormat,
    TimeZone as _,
};
use chrono_tz::{GapInfo, Tz};

use super::Instant;

/// Where an account's calendar is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The wall clock at an instant.
    pub fn local(self, instant: Instant) -> NaiveDateTime {
        self.date_time(instant).naive_local()
    }

    /// The wall clock at an instant, and the seconds by which it is ahead of UTC.
    pub fn local_with_offset(self, instant: Instant) -> (NaiveDateTime, i32) {
        let time = self.date_time(instant);
        (time.naive_local(), time.offset().fix().local_minus_utc())
    }

    /// The calendar date at an instant.
    pub fn date(self, instant: Instant) -> NaiveDate {
        self.local(instant).date()
    }

    /// The instant at which the wall clock shows `local`. A time that a change of the clocks skips
    /// means the first instant after the gap; one that occurs twice means its first occurrence.
    ///
    /// ```
    /// # use prorata::value::{Moment, Zone};
    /// let berlin: Zone = "Europe/Berlin".parse().unwrap();
    /// let skipped = "2021-03-28T02:30:00".parse().unwrap();
    /// assert_eq!(berlin.instant(skipped).to_string(), "2021-03-28T01:00:00Z");
    /// let twice = "2021-10-31T02:30:00".parse().unwrap();
    /// assert_eq!(berlin.instant(twice).to_string(), "2021-10-31T00:30:00Z");
    /// ```
    pub fn instant(self, local: NaiveDateTime) -> Instant {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(time) => time.to_utc().into(),
            LocalResult::Ambiguous(first, second) => first.min(second).to_utc().into(),
            LocalResult::None => GapInfo::new(&local, &self.0)
                .and_then(|gap| gap.end)
                .expect("a local time that does not exist lies in a gap that ends")
                .to_utc()
                .into(),
        }
    }

    /// The first instant of a date.
    pub fn midnight(self, date: NaiveDate) -> Instant {
        self.instant(date.and_time(NaiveTime::MIN))
    }

    /// RFC 3339 with the zone's offset; `Z` where the offset is zero.
    ///
    /// ```
    /// # use prorata::value::{Instant, Zone};
    /// let warsaw: Zone = "Europe/Warsaw".parse().unwrap();
    /// let instant = Instant::from_unix_seconds(1_592_549_460);
    /// assert_eq!(warsaw.rfc3339(instant), "2020-06-19T08:51:00+02:00");
    /// assert_eq!(Zone::UTC.rfc3339(instant), "2020-06-19T06:51:00Z");
    /// ```
    pub fn rfc3339(self, instant: Instant) -> String {
        self.date_time(instant).fixed_offset().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    fn date_time(self, instant: Instant) -> DateTime<Tz> {
        instant.to_utc().with_timezone(&self.0)
    }
}

impl FromStr for Zone {
    type Err = chrono_tz::ParseError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.parse().map(Self)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_day_means_the_first_instant_after_it() {
        // Samoa went from 29 December 2011 straight to the 31st.
        let apia: Zone = "Pacific/Apia".parse().expect("a zone");
        let skipped = NaiveDate::from_ymd_opt(2011, 12, 30).expect("a date");
        assert_eq!(apia.rfc3339(apia.midnight(skipped)), "2011-12-31T00:00:00+14:00");
    }

    #[test]
    fn midnight_in_a_gap_is_the_first_instant_of_the_day() {
        let sao_paulo: Zone = "America/Sao_Paulo".parse().expect("a zone");
        let date = NaiveDate::from_ymd_opt(2018, 11, 4).expect("a date");
        assert_eq!(sao_paulo.rfc3339(sao_paulo.midnight(date)), "2018-11-04T01:00:00-02:00");
    }
}
