//! Billing periods: boundary *n* is the anchor plus *n* intervals of wall-clock time.
//!
//! The day of the month comes from the anchor, never from the last boundary, so that an anchor on
//! the 31st bills on 28 February and again on 31 March. Boundaries never go backwards.

use chrono::{Datelike as _, Days, Months, NaiveDateTime};

use crate::model::{Interval, Length};
use crate::value::{Instant, Zone};

/// An anchor, an interval and the calendar they are counted in.
#[derive(Clone, Copy, Debug)]
pub struct Cycle {
    anchor: Instant,
    anchor_local: NaiveDateTime,
    interval: Interval,
    zone: Zone,
}

/// One billing period, `[start, end)`. Where billing begins inside a period of the cycle, `start`
/// is later than `nominal_start`, and only that share is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The boundary before or at `start`.
    pub nominal_start: Instant,
    /// Where billing of the period begins.
    pub start: Instant,
    /// The next boundary.
    pub end: Instant,
}

impl Cycle {
    /// The cycle of an interval that is counted from `anchor`.
    pub fn new(anchor: Instant, interval: Interval, zone: Zone) -> Self {
        Self { anchor, anchor_local: zone.local(anchor), interval, zone }
    }

    /// The instant the boundaries are counted from.
    pub fn anchor(&self) -> Instant {
        self.anchor
    }

    /// Boundary number `index`; negative ones lie before the anchor. Boundary 0 is the anchor
    /// itself, even where its wall-clock time occurs twice.
    pub fn boundary(&self, index: i64) -> Instant {
        if index == 0 {
            return self.anchor;
        }
        let local = match self.interval.length() {
            Length::Months(months) => add_months(self.anchor_local, months * index),
            Length::Days(days) => add_days(self.anchor_local, days * index),
        };
        self.zone.instant(local.expect("dates end in 2999 and intervals at a thousand units"))
    }

    /// The number of the last boundary at or before `instant`.
    pub fn index_at(&self, instant: Instant) -> i64 {
        let local = self.zone.local(instant);
        let mut index = match self.interval.length() {
            Length::Months(months) => months_between(self.anchor_local, local).div_euclid(months),
            Length::Days(days) => days_between(self.anchor_local, local).div_euclid(days),
        };
        while self.boundary(index) > instant {
            index -= 1;
        }
        while self.boundary(index + 1) <= instant {
            index += 1;
        }
        index
    }

    /// The period that `instant` lies in, billed from `instant` on.
    pub fn period_from(&self, instant: Instant) -> Period {
        let index = self.index_at(instant);
        Period {
            nominal_start: self.boundary(index),
            start: instant,
            end: self.boundary(index + 1),
        }
    }
}

fn add_months(local: NaiveDateTime, months: i64) -> Option<NaiveDateTime> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { local.checked_sub_months(count) } else { local.checked_add_months(count) }
}

fn add_days(local: NaiveDateTime, days: i64) -> Option<NaiveDateTime> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { local.checked_sub_days(count) } else { local.checked_add_days(count) }
}

fn days_between(from: NaiveDateTime, to: NaiveDateTime) -> i64 {
    (to.date() - from.date()).num_days()
}

fn months_between(from: NaiveDateTime, to: NaiveDateTime) -> i64 {
    let months = |time: NaiveDateTime| i64::from(time.year()) * 12 + i64::from(time.month0());
    months(to) - months(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IntervalUnit;
    use crate::value::Moment;

    fn at(text: &str) -> Instant {
        Moment::parse(text).expect("a moment").at(Zone::UTC)
    }

    fn cycle(anchor: &str, unit: IntervalUnit, count: u32, zone: &str) -> Cycle {
        let zone: Zone = zone.parse().expect("a zone");
        Cycle::new(at(anchor), Interval { unit, count }, zone)
    }

    fn boundaries(cycle: &Cycle, count: i64) -> Vec<String> {
        (0..count).map(|index| cycle.zone.rfc3339(cycle.boundary(index))).collect()
    }

    #[test]
    fn the_day_of_the_month_comes_from_the_anchor() {
        let month_end = cycle("2024-01-31T00:00:00Z", IntervalUnit::Month, 1, "UTC");
        let days: Vec<String> =
            boundaries(&month_end, 5).iter().map(|text| text[5..10].to_owned()).collect();
        assert_eq!(days, ["01-31", "02-29", "03-31", "04-30", "05-31"]);
    }

    #[test]
    fn a_leap_day_anniversary_falls_on_28_february_and_returns() {
        let leap = cycle("2024-02-29T00:00:00Z", IntervalUnit::Year, 1, "UTC");
        let days: Vec<String> =
            boundaries(&leap, 5).iter().map(|text| text[..10].to_owned()).collect();
        assert_eq!(days, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]);
    }

    #[test]
    fn wall_clock_time_survives_daylight_saving() {
        let berlin = cycle("2021-02-28T09:00:00Z", IntervalUnit::Month, 1, "Europe/Berlin");
        assert_eq!(
            boundaries(&berlin, 3),
            ["2021-02-28T10:00:00+01:00", "2021-03-28T10:00:00+02:00", "2021-04-28T10:00:00+02:00"]
        );
    }

    #[test]
    fn boundaries_do_not_drift_in_fifty_years_of_any_shape() {
        for zone in ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"] {
            for unit in [IntervalUnit::Day, IntervalUnit::Week, IntervalUnit::Month] {
                let cycle = cycle("1990-01-31T02:30:00Z", unit, 1, zone);
                for index in (0..600).chain(18_000..18_010) {
                    let boundary = cycle.boundary(index);
                    assert!(cycle.boundary(index + 1) > boundary, "{zone} {unit:?} {index}");
                    assert_eq!(cycle.index_at(boundary), index, "{zone} {unit:?}");
                    let just_before = Instant::from_unix_seconds(boundary.unix_seconds() - 1);
                    assert_eq!(cycle.index_at(just_before), index - 1, "{zone} {unit:?}");
                }
            }
        }
    }

    #[test]
    fn every_zone_of_the_world_has_boundaries_that_never_go_back() {
        for zone in chrono_tz::TZ_VARIANTS {
            for (unit, count) in [(IntervalUnit::Day, 1), (IntervalUnit::Month, 1)] {
                let cycle = cycle("1990-03-31T02:30:00Z", unit, count, zone.name());
                let last = if unit == IntervalUnit::Day { 20_000 } else { 600 };
                let mut before = cycle.boundary(0);
                for index in 1..=last {
                    let boundary = cycle.boundary(index);
                    // Only where a zone skipped a whole day do two boundaries fall together.
                    assert!(boundary >= before, "{zone} {unit:?} {index}");
                    before = boundary;
                }
                let period = cycle.period_from(before);
                assert!(period.start < period.end && period.nominal_start == before, "{zone}");
            }
        }
    }

    #[test]
    fn a_day_that_a_zone_skipped_has_no_period() {
        // Midnights of 30 and 31 December 2011 are one instant in Samoa.
        let apia = cycle("2011-12-28T10:00:00Z", IntervalUnit::Day, 1, "Pacific/Apia");
        assert_eq!(apia.boundary(2), apia.boundary(3));
        let period = apia.period_from(apia.boundary(2));
        assert!(period.nominal_start < period.end);
        assert_eq!(period.end, apia.boundary(4));
    }

    #[test]
    fn periods_before_the_anchor_exist() {
        let tenth = cycle("2016-07-10T00:00:00Z", IntervalUnit::Month, 1, "UTC");
        let period = tenth.period_from(at("2016-07-01T00:00:00Z"));
        assert_eq!(period.nominal_start, at("2016-06-10T00:00:00Z"));
        assert_eq!(period.end, at("2016-07-10T00:00:00Z"));
    }
}
