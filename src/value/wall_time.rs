//! An instant with its wall-clock time.

use super::{Instant, Zone};

/// A wall-clock time as it was written, and its instant.
///
/// The two differ if the clocks skip that time. Midnight of 26 April 2024 means 01:00 in Cairo, but
/// boundaries count from midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WallTime {
    instant: Instant,
    /// The seconds between the written time and the clock at that instant.
    skipped: u32,
}

impl WallTime {
    pub(crate) const fn new(instant: Instant, skipped: u32) -> Self {
        Self { instant, skipped }
    }

    /// From a written local time, in seconds since 1970, and its instant.
    pub(crate) fn written(local_seconds: i64, instant: Instant, zone: Zone) -> Self {
        let skipped = u32::try_from(zone.local_seconds(instant) - local_seconds);
        Self { instant, skipped: skipped.unwrap_or_default() }
    }

    pub(crate) const fn instant(self) -> Instant {
        self.instant
    }

    /// The number of seconds that the clocks skipped.
    pub(crate) const fn skipped(self) -> u32 {
        self.skipped
    }

    /// The written local time, in seconds since 1970.
    pub(crate) fn local_seconds(self, zone: Zone) -> i64 {
        zone.local_seconds(self.instant) - i64::from(self.skipped)
    }
}

impl From<Instant> for WallTime {
    fn from(instant: Instant) -> Self {
        Self { instant, skipped: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{DAY_SECONDS, Moment};

    #[test]
    fn a_date_is_midnight_even_where_midnight_is_skipped() {
        for (zone, date, skipped) in [
            ("Africa/Cairo", "2024-04-26", 3_600),
            ("Africa/Cairo", "2024-04-25", 0),
            ("America/Sao_Paulo", "2018-11-04", 3_600),
            // The whole day was skipped.
            ("Pacific/Apia", "2011-12-30", 86_400),
        ] {
            let zone: Zone = zone.parse().expect("a zone");
            let moment = Moment::parse(date).expect("a date");
            let time = moment.wall_time_in(|| zone);
            assert_eq!((time.instant(), time.skipped()), (moment.at(zone), skipped), "{date}");
            assert_eq!(time.local_seconds(zone).rem_euclid(DAY_SECONDS), 0, "{date}");
        }
    }

    #[test]
    fn an_instant_is_what_the_clock_shows() {
        let cairo: Zone = "Africa/Cairo".parse().expect("a zone");
        let moment = Moment::parse("2024-04-26T01:00:00+03:00").expect("an instant");
        let time = moment.wall_time_in(|| cairo);
        assert_eq!(time, WallTime::from(moment.at(cairo)));
        assert_eq!(time.local_seconds(cairo).rem_euclid(DAY_SECONDS), 3_600);
    }
}
