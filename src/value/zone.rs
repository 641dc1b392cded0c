//! A time zone of the IANA database, with one rule for gaps and folds.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, Offset as _, SecondsFormat, TimeZone as _,
};
use chrono_tz::{GapInfo, Tz};

use super::Instant;
use super::clocks::{DAY_SECONDS, ahead_at, ahead_of_local};

/// The time zone of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The wall-clock time at an instant.
    pub(crate) fn local(self, instant: Instant) -> NaiveDateTime {
        naive(self.local_seconds(instant))
    }

    /// The calendar date at an instant.
    pub(crate) fn date(self, instant: Instant) -> NaiveDate {
        date_of(self.local_seconds(instant))
    }

    /// The wall-clock time at an instant, in seconds since 1970.
    pub(crate) fn local_seconds(self, instant: Instant) -> i64 {
        let seconds = instant.unix_seconds();
        let ahead = ahead_at(self.0, seconds);
        seconds + ahead.unwrap_or_else(|| self.search_ahead(instant))
    }

    /// The instant of a wall-clock time in seconds since 1970: see [`Zone::instant`].
    pub(crate) fn at_local_seconds(self, seconds: i64) -> Instant {
        match ahead_of_local(self.0, seconds) {
            Some(ahead) => Instant::from_unix_seconds(seconds - ahead),
            None => self.search_instant(naive(seconds)),
        }
    }

    /// The instant of a wall-clock time. If the clocks skip it, it is the first instant after the
    /// gap. If it occurs twice, it is the first occurrence.
    pub(crate) fn instant(self, local: NaiveDateTime) -> Instant {
        self.at_local_seconds(local.and_utc().timestamp())
    }

    fn search_instant(self, local: NaiveDateTime) -> Instant {
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
    pub(crate) fn midnight(self, date: NaiveDate) -> Instant {
        self.at_local_seconds(i64::from(date.to_epoch_days()) * DAY_SECONDS)
    }

    /// RFC 3339 with the zone's offset; `Z` where the offset is zero.
    pub(crate) fn rfc3339(self, instant: Instant) -> String {
        self.date_time(instant).fixed_offset().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    fn search_ahead(self, instant: Instant) -> i64 {
        self.date_time(instant).offset().fix().local_minus_utc().into()
    }

    fn date_time(self, instant: Instant) -> DateTime<Tz> {
        instant.to_utc().with_timezone(&self.0)
    }
}

/// The date of a local time in seconds since 1970.
pub(crate) fn date_of(local_seconds: i64) -> NaiveDate {
    let days = i32::try_from(local_seconds.div_euclid(DAY_SECONDS)).ok();
    days.and_then(NaiveDate::from_epoch_days).expect(IN_RANGE)
}

fn naive(local_seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(local_seconds, 0).expect(IN_RANGE).naive_utc()
}

const IN_RANGE: &str = "instants are read within chrono's range";

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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn example_of_instant() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let skipped = "2021-03-28T02:30:00".parse().unwrap();
        assert_eq!(berlin.instant(skipped).to_string(), "2021-03-28T01:00:00Z");
        let twice = "2021-10-31T02:30:00".parse().unwrap();
        assert_eq!(berlin.instant(twice).to_string(), "2021-10-31T00:30:00Z");
    }

    #[test]
    fn example_of_rfc3339() {
        use crate::value::{Instant, Zone};
        let warsaw: Zone = "Europe/Warsaw".parse().unwrap();
        let instant = Instant::from_unix_seconds(1_592_549_460);
        assert_eq!(warsaw.rfc3339(instant), "2020-06-19T08:51:00+02:00");
        assert_eq!(Zone::UTC.rfc3339(instant), "2020-06-19T06:51:00Z");
    }

    /// Compares both conversions with chrono-tz.
    fn agrees(zone: Zone, seconds: i64) -> bool {
        let instant = Instant::from_unix_seconds(seconds);
        let found = zone.date_time(instant).naive_local();
        let shown = naive(seconds);
        zone.local(instant) == found
            && zone.date(instant) == found.date()
            && zone.instant(found) == zone.search_instant(found)
            && zone.instant(shown) == zone.search_instant(shown)
    }

    proptest! {
        #[test]
        fn what_is_remembered_is_what_chrono_tz_finds(
            zone in 0..chrono_tz::TZ_VARIANTS.len(),
            seconds in prop_oneof![-5_000_000_000_i64..40_000_000_000, 0..4_200_000_000_i64],
        ) {
            prop_assert!(agrees(Zone(chrono_tz::TZ_VARIANTS[zone]), seconds));
        }
    }

    #[test]
    fn around_every_change_of_the_clocks_the_answers_are_those_of_chrono_tz() {
        let mut changes = 0;
        for zone in chrono_tz::TZ_VARIANTS.map(Zone) {
            for day in (19_500..20_500).chain([0, 1, 365, 10_957, 47_482, 65_534, 65_536]) {
                let ahead = |day: i64| zone.search_ahead(Instant::from_unix_seconds(day * 86_400));
                if ahead(day) == ahead(day + 1) {
                    continue;
                }
                changes += 1;
                for half_hour in -60..108 {
                    let seconds = day * 86_400 + half_hour * 1_800;
                    assert!(agrees(zone, seconds) && agrees(zone, seconds - 1), "{zone} {seconds}");
                }
            }
        }
        assert!(changes > 500, "{changes}");
    }

    #[test]
    fn clocks_that_are_ahead_by_odd_seconds_are_right() {
        let monrovia: Zone = "Africa/Monrovia".parse().expect("a zone");
        assert_eq!(monrovia.local_seconds(Instant::from_unix_seconds(0)), -2_670);
    }

    #[test]
    fn a_skipped_day_means_the_first_instant_after_it() {
        // Samoa skipped 30 December 2011.
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
