//! Billing periods: boundary *n* is the anchor plus *n* intervals of wall-clock time.
//!
//! The anchor is a wall-clock time as it was written. The day of the month and the time of day
//! always come from the anchor, not from the last boundary. So an anchor on the 31st bills on 28
//! February and again on 31 March. This holds even if the clocks skip the anchor itself. Boundaries
//! never go backwards.

use chrono::{Datelike as _, Weekday};

use crate::model::{CalendarStart, Interval, Length};
use crate::value::{DAY_SECONDS, Instant, WallTime, Zone, date_of};

/// An anchor with an interval and a calendar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cycle {
    /// Boundary 0.
    anchor: WallTime,
    /// The date and the time of day of the anchor.
    date: Date,
    second_of_day: i64,
    length: Length,
    zone: Zone,
    /// The day of the calendar that gave the anchor, if any.
    calendar: Option<CalendarStart>,
    is_of_first_rules: bool,
    /// The instant at which it replaced a cycle of the first rules, if it did.
    taken_over_at: Option<Instant>,
    /// The last result. The next query mostly asks for the same span or the one before.
    last: PeriodSpan,
}

/// A date in the units of boundaries.
#[derive(Clone, Copy, Debug)]
struct Date {
    /// Days since 1970.
    days: i64,
    /// Months since year 0.
    months: i64,
    day_of_month: i64,
}

/// The time between two boundaries, and the number of the first.
#[derive(Clone, Copy, Debug)]
struct PeriodSpan {
    index: i64,
    start: Instant,
    end: Instant,
}

/// One billing period, `[start, end)`. If billing begins inside a period of the cycle, `start` is
/// later than `nominal_start`. Then only that share is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// The boundary at or before `start`.
    pub(crate) nominal_start: Instant,
    /// The start of billing in the period.
    pub(crate) start: Instant,
    /// The next boundary.
    pub(crate) end: Instant,
    /// Whether a change of the rules cut it short. Such a period is never billed whole.
    pub(crate) is_cut: bool,
}

impl Cycle {
    /// The cycle of an interval from `anchor`.
    pub(crate) fn new(anchor: WallTime, interval: Interval, zone: Zone) -> Self {
        Self::at(anchor, anchor.local_seconds(zone), interval.length(), zone)
    }

    /// The same by the first rules: they counted from the time on the clock, not from the written
    /// time.
    pub(crate) fn by_first_rules(anchor: WallTime, interval: Interval, zone: Zone) -> Self {
        let local = zone.local_seconds(anchor.instant());
        let cycle = Self::at(anchor, local, interval.length(), zone);
        Self { is_of_first_rules: true, ..cycle }
    }

    fn at(anchor: WallTime, local: i64, length: Length, zone: Zone) -> Self {
        Self {
            anchor,
            date: Date::of(local),
            second_of_day: local.rem_euclid(DAY_SECONDS),
            length,
            zone,
            calendar: None,
            is_of_first_rules: false,
            taken_over_at: None,
            last: PeriodSpan::before(anchor.instant()),
        }
    }

    /// The cycle of an interval with periods from midnight of a day of the calendar. One boundary
    /// is at or before `start`.
    pub(crate) fn of_calendar(
        calendar: CalendarStart,
        start: WallTime,
        length: Length,
        zone: Zone,
    ) -> Self {
        let today = Date::of(start.local_seconds(zone));
        let date = match (calendar, length) {
            (CalendarStart::Month { day, first_month }, Length::Months(months)) => {
                today.last_of_year((day, first_month), months)
            }
            (CalendarStart::Week(weekday), _) => today.last_weekday(weekday),
            (CalendarStart::Month { .. }, Length::Days(_)) => today,
        };
        let midnight = date.days * DAY_SECONDS;
        let anchor = WallTime::written(midnight, zone.at_local_seconds(midnight), zone);
        let cycle = Self::at(anchor, midnight, length, zone);
        Self { date, calendar: Some(calendar), ..cycle }
    }

    /// The same cycle with the day of the calendar that gave its anchor.
    #[must_use]
    pub(crate) fn found_by(self, calendar: CalendarStart) -> Self {
        Self { calendar: Some(calendar), ..self }
    }

    /// The day of the calendar that gave its anchor.
    pub(crate) fn calendar(&self) -> Option<CalendarStart> {
        self.calendar
    }

    #[must_use]
    pub(crate) fn with_interval(self, interval: Interval) -> Self {
        let last = PeriodSpan::before(self.anchor.instant());
        Self { length: interval.length(), calendar: None, taken_over_at: None, last, ..self }
    }

    /// Whether it follows the first rules.
    pub(crate) fn is_of_first_rules(&self) -> bool {
        self.is_of_first_rules
    }

    /// The cycle that replaces this one of the first rules at `start`.
    #[must_use]
    pub(crate) fn renewed(self, start: Instant) -> Self {
        let Self { anchor, length, zone, .. } = self;
        let renewed = match self.calendar {
            Some(calendar) => Self::of_calendar(calendar, start.into(), length, zone),
            None => Self::at(anchor, anchor.local_seconds(zone), length, zone),
        };
        Self { taken_over_at: Some(start), ..renewed }
    }

    /// Boundary number `index`; negative ones are before the anchor. Boundary 0 is the anchor
    /// itself, even if its wall-clock time occurs twice.
    pub(crate) fn boundary(&self, index: i64) -> Instant {
        if index == 0 {
            self.anchor.instant()
        } else {
            self.zone.at_local_seconds(self.local(index))
        }
    }

    /// The wall-clock time of a boundary, in seconds since 1970.
    fn local(&self, index: i64) -> i64 {
        let day = match self.length {
            Length::Months(months) => {
                day_in_month(self.date.months + months * index, self.date.day_of_month)
            }
            Length::Days(days) => self.date.days + days * index,
        };
        day * DAY_SECONDS + self.second_of_day
    }

    /// The wall-clock time of an instant: as a boundary if it is one, otherwise on the clock.
    pub(crate) fn wall_time(&mut self, instant: Instant) -> WallTime {
        let span = self.span_at(instant);
        if span.start == instant {
            WallTime::written(self.local(span.index), instant, self.zone)
        } else {
            instant.into()
        }
    }

    pub(crate) fn boundary_at(&mut self, instant: Instant) -> Instant {
        self.span_at(instant).start
    }

    /// The period around `instant`, billed from `instant` on.
    pub(crate) fn period_from(&mut self, instant: Instant) -> Period {
        let span = self.span_at(instant);
        let is_cut = self.taken_over_at == Some(instant) && span.start < instant;
        Period { nominal_start: span.start, start: instant, end: span.end, is_cut }
    }

    /// The span around `instant`.
    fn span_at(&mut self, instant: Instant) -> PeriodSpan {
        if !self.last.contains(instant) {
            let is_later = instant >= self.last.end;
            let next = is_later.then(|| self.span_from(self.last.index + 1, self.last.end));
            let next = next.filter(|next| next.contains(instant));
            self.last = next.unwrap_or_else(|| self.find(instant));
        }
        self.last
    }

    /// The span from a boundary with this number and instant.
    fn span_from(&self, index: i64, start: Instant) -> PeriodSpan {
        PeriodSpan { index, start, end: self.boundary(index + 1) }
    }

    fn find(&self, instant: Instant) -> PeriodSpan {
        let local = self.zone.local_seconds(instant);
        let index = match self.length {
            Length::Months(months) => {
                (Date::of(local).months - self.date.months).div_euclid(months)
            }
            Length::Days(days) => (local.div_euclid(DAY_SECONDS) - self.date.days).div_euclid(days),
        };
        let mut span = self.span_from(index, self.boundary(index));
        while span.start > instant {
            let index = span.index - 1;
            span = PeriodSpan { index, start: self.boundary(index), end: span.start };
        }
        while span.end <= instant {
            span = self.span_from(span.index + 1, span.end);
        }
        span
    }
}

impl PeriodSpan {
    /// An empty span just before the anchor.
    fn before(anchor: Instant) -> Self {
        Self { index: -1, start: anchor, end: anchor }
    }

    fn contains(&self, instant: Instant) -> bool {
        self.start <= instant && instant < self.end
    }
}

impl Date {
    /// The date of a local time in seconds since 1970.
    fn of(local_seconds: i64) -> Self {
        let date = date_of(local_seconds);
        Self {
            days: local_seconds.div_euclid(DAY_SECONDS),
            months: i64::from(date.year()) * 12 + i64::from(date.month0()),
            day_of_month: date.day().into(),
        }
    }

    /// The last such day at or before this one, in a month that divides the year: every so many
    /// months from its first month.
    fn last_of_year(self, (day, first_month): (u32, u32), months: i64) -> Self {
        let grid = if 12 % months == 0 { months } else { 12 };
        let day_of_month = i64::from(day);
        let since = (self.months - (i64::from(first_month) - 1)).rem_euclid(grid);
        let latest = self.months - since;
        let is_later = day_in_month(latest, day_of_month) > self.days;
        let months = if is_later { latest - grid } else { latest };
        Self { days: day_in_month(months, day_of_month), months, day_of_month }
    }

    /// The last such weekday at or before this day.
    fn last_weekday(self, weekday: Weekday) -> Self {
        /// 1 January 1970 was a Thursday.
        const FIRST: i64 = 3;
        let today = (self.days + FIRST).rem_euclid(7);
        let back = (today - i64::from(weekday.num_days_from_monday())).rem_euclid(7);
        Self::of((self.days - back) * DAY_SECONDS)
    }
}

/// A day of a month as days since 1970; the last day if the month is shorter. Months count from
/// year 0.
fn day_in_month(months: i64, day_of_month: i64) -> i64 {
    let first = first_of_month(months);
    // Every month has these days.
    if day_of_month <= 28 {
        return first + day_of_month - 1;
    }
    (first + day_of_month).min(first_of_month(months + 1)) - 1
}

/// The first day of a month as days since 1970. Months count from year 0.
///
/// Years start with March here, so that the leap day is last. Five months from March or August have
/// 153 days in the same order of lengths.
fn first_of_month(months: i64) -> i64 {
    /// From 1 March of year 0 to 1970.
    const TO_1970: i64 = 719_468;
    let since_march = months - 2;
    let (year, month) = (since_march.div_euclid(12), since_march.rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 - TO_1970
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use chrono::NaiveDate;

    use super::*;
    use crate::model::IntervalUnit;
    use crate::value::Moment;

    fn at(text: &str) -> Instant {
        Moment::parse(text).expect("a moment").at(Zone::UTC)
    }

    fn cycle(anchor: &str, unit: IntervalUnit, count: u32, zone: &str) -> Cycle {
        let zone: Zone = zone.parse().expect("a zone");
        Cycle::new(at(anchor).into(), Interval { unit, count }, zone)
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
                    assert_eq!(cycle.find(boundary).index, index, "{zone} {unit:?}");
                    let just_before = Instant::from_unix_seconds(boundary.unix_seconds() - 1);
                    assert_eq!(cycle.find(just_before).index, index - 1, "{zone} {unit:?}");
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
                    // Two boundaries are equal only if a zone skipped a whole day.
                    assert!(boundary >= before, "{zone} {unit:?} {index}");
                    before = boundary;
                }
                let mut cycle = cycle;
                let period = cycle.period_from(before);
                assert!(period.start < period.end && period.nominal_start == before, "{zone}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_was_asked_before_makes_no_difference(
            anchor in 0..3_000_000_000_i64,
            unit in prop_oneof![Just(IntervalUnit::Day), Just(IntervalUnit::Month)],
            count in 1..40_u32,
            zone in 0..chrono_tz::TZ_VARIANTS.len(),
            steps in prop::collection::vec(-9_000_000..9_000_000_i64, 1..20),
        ) {
            let zone: Zone = chrono_tz::TZ_VARIANTS[zone].name().parse().expect("a zone");
            let anchor = Instant::from_unix_seconds(anchor);
            let mut cycle = Cycle::new(anchor.into(), Interval { unit, count }, zone);
            let mut instant = anchor;
            for step in steps {
                instant = Instant::from_unix_seconds(instant.unix_seconds() + step);
                let found = cycle.find(instant);
                let period = cycle.period_from(instant);
                prop_assert!(found.contains(instant));
                prop_assert_eq!((period.nominal_start, period.end), (found.start, found.end));
                prop_assert_eq!(cycle.boundary(found.index), found.start);
            }
        }
    }

    #[test]
    fn days_of_months_are_those_of_chrono() {
        for (year, month) in (-1..4001).flat_map(|year| (1..=12).map(move |month| (year, month))) {
            for day in [1, 2, 28, 29, 30, 31] {
                let on = |day| NaiveDate::from_ymd_opt(year, month, day);
                let found = (1..=day).rev().find_map(on).expect("every month has a first");
                let months = i64::from(year) * 12 + i64::from(month) - 1;
                let date = Date::of(found.and_time(chrono::NaiveTime::MIN).and_utc().timestamp());
                assert_eq!((date.days, date.months), (found.to_epoch_days().into(), months));
                assert_eq!(day_in_month(months, day.into()), date.days, "{year} {month} {day}");
            }
        }
    }

    #[test]
    fn a_day_that_a_zone_skipped_has_no_period() {
        // Midnights of 30 and 31 December 2011 are one instant in Samoa.
        let mut apia = cycle("2011-12-28T10:00:00Z", IntervalUnit::Day, 1, "Pacific/Apia");
        assert_eq!(apia.boundary(2), apia.boundary(3));
        let skipped = apia.boundary(2);
        let period = apia.period_from(skipped);
        assert!(period.nominal_start < period.end);
        assert_eq!(period.end, apia.boundary(4));
    }

    #[test]
    fn an_anchor_whose_midnight_is_skipped_bills_at_midnight_ever_after() {
        for (zone, date, first, second) in [
            (
                "Africa/Cairo",
                "2024-04-26",
                "2024-04-26T01:00:00+03:00",
                "2024-05-26T00:00:00+03:00",
            ),
            ("Asia/Beirut", "2024-03-31", "2024-03-31T01:00:00+03:00", "2024-04-30T00:00:00+03:00"),
            (
                "America/Santiago",
                "2024-09-08",
                "2024-09-08T01:00:00-03:00",
                "2024-10-08T00:00:00-03:00",
            ),
            (
                "America/Sao_Paulo",
                "2018-11-04",
                "2018-11-04T01:00:00-02:00",
                "2018-12-04T00:00:00-02:00",
            ),
        ] {
            let zone: Zone = zone.parse().expect("a zone");
            let month = Interval { unit: IntervalUnit::Month, count: 1 };
            let anchor = Moment::parse(date).expect("a date").wall_time_in(|| zone);
            let mut cycle = Cycle::new(anchor, month, zone);
            assert_eq!(boundaries(&cycle, 2), [first, second], "{zone}");
            // Later boundaries count from midnight.
            assert_eq!(cycle.wall_time(cycle.boundary(0)), anchor);
            let old = Cycle::by_first_rules(anchor, month, zone);
            assert!(boundaries(&old, 2)[1].contains("T01:00:00"), "{zone}");
        }
    }

    #[test]
    fn the_calendar_says_where_periods_begin() {
        use CalendarStart::{Month, Week};
        use IntervalUnit as Unit;
        let day = |day, first_month| Month { day, first_month };
        for (calendar, start, (unit, count), expected) in [
            (day(1, 1), "2024-05-20", (Unit::Quarter, 1), ["2024-04-01", "2024-07-01"]),
            (day(15, 1), "2024-05-20", (Unit::Quarter, 1), ["2024-04-15", "2024-07-15"]),
            (day(15, 1), "2024-04-10", (Unit::Quarter, 1), ["2024-01-15", "2024-04-15"]),
            (day(1, 1), "2024-05-20", (Unit::Year, 1), ["2024-01-01", "2025-01-01"]),
            (day(1, 4), "2024-03-31", (Unit::Year, 1), ["2023-04-01", "2024-04-01"]),
            (day(6, 4), "2024-04-06", (Unit::Year, 1), ["2024-04-06", "2025-04-06"]),
            (day(1, 2), "2024-05-20", (Unit::Quarter, 1), ["2024-05-01", "2024-08-01"]),
            (day(31, 2), "2024-02-28", (Unit::Year, 1), ["2023-02-28", "2024-02-29"]),
            (day(1, 1), "2024-05-20", (Unit::Month, 2), ["2024-05-01", "2024-07-01"]),
            (day(1, 1), "2024-05-20", (Unit::Month, 6), ["2024-01-01", "2024-07-01"]),
            (day(1, 1), "2024-05-20", (Unit::Quarter, 2), ["2024-01-01", "2024-07-01"]),
            (day(1, 1), "2024-05-20", (Unit::Month, 5), ["2024-01-01", "2024-06-01"]),
            (day(1, 1), "2024-05-20", (Unit::Year, 2), ["2024-01-01", "2026-01-01"]),
            (day(31, 1), "2024-05-20", (Unit::Month, 1), ["2024-04-30", "2024-05-31"]),
            (Week(Weekday::Mon), "2024-05-22", (Unit::Week, 1), ["2024-05-20", "2024-05-27"]),
            (Week(Weekday::Mon), "2024-05-20", (Unit::Week, 1), ["2024-05-20", "2024-05-27"]),
            (Week(Weekday::Sun), "2024-05-20", (Unit::Week, 2), ["2024-05-19", "2024-06-02"]),
        ] {
            let interval = Interval { unit, count };
            let mut cycle =
                Cycle::of_calendar(calendar, at(start).into(), interval.length(), Zone::UTC);
            let period = cycle.period_from(at(start));
            let found =
                [period.nominal_start, period.end].map(|it| it.to_string()[..10].to_owned());
            assert_eq!(found, expected, "{calendar:?} {start} {interval}");
        }
    }

    #[test]
    fn periods_before_the_anchor_exist() {
        let mut tenth = cycle("2016-07-10T00:00:00Z", IntervalUnit::Month, 1, "UTC");
        let period = tenth.period_from(at("2016-07-01T00:00:00Z"));
        assert_eq!(period.nominal_start, at("2016-06-10T00:00:00Z"));
        assert_eq!(period.end, at("2016-07-10T00:00:00Z"));
    }
}
