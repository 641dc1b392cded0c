//! The share of a service period in its billing period: by seconds, days, 30-day months, or always
//! whole.

use chrono::{Datelike as _, NaiveDate};

use super::service_period::ServicePeriod;
use crate::model::{ChangeDay, DayCount, EndDay, Granularity, Length, Proration};
use crate::value::{Fraction, Instant, TimeUnit, Zone};

/// The share of a service period in its billing period.
pub(crate) fn share(policy: Proration, zone: Zone, stretch: &ServicePeriod) -> Fraction {
    let (from, to) = stretch.service;
    let period = stretch.period;
    match policy.granularity {
        Granularity::Second => Fraction::new(
            to.seconds_since(from),
            period.end.seconds_since(period.nominal_start),
            TimeUnit::Second,
        ),
        Granularity::Day => days(policy, zone, stretch),
        // A period cut short by the rules is the rest of a whole one, and this rest counts whole.
        Granularity::Period if period.is_cut => Fraction::new(
            period.end.seconds_since(period.start),
            period.end.seconds_since(period.nominal_start),
            TimeUnit::Second,
        ),
        Granularity::Period => Fraction::new(1, 1, TimeUnit::Period),
    }
}

fn days(policy: Proration, zone: Zone, stretch: &ServicePeriod) -> Fraction {
    let ServicePeriod { period, interval, service: (from, to), .. } = *stretch;
    let first = zone.date(period.nominal_start);
    let whole = match (policy.day_count, interval.length()) {
        (DayCount::Fixed30 | DayCount::ActualOver30, Length::Months(months)) => 30 * months,
        _ => (zone.date(period.end) - first).num_days(),
    };
    // A zone that skips a day can leave a period without days. It still counts as one period.
    let whole = whole.max(1);
    // Counts from the start of the period, so that its pieces always add up to the whole. The end
    // counts as the whole, even if the calendar has no 30th or 31st there.
    let position = |instant: Instant| {
        if instant == period.end {
            return whole;
        }
        let day = first_new_day(policy, zone, stretch, instant);
        let days = match (policy.day_count, interval.length()) {
            (DayCount::Fixed30, Length::Months(_)) => thirty_360(day) - thirty_360(first),
            // The days left count, so the time before a change gets the rest of the whole.
            (DayCount::ActualOver30, Length::Months(_)) if day > first => {
                whole - (zone.date(period.end) - day).num_days()
            }
            _ => (day - first).num_days(),
        };
        days.clamp(0, whole)
    };
    Fraction::new(position(to) - position(from), whole, TimeUnit::Day)
}

/// The first day of the new terms after `instant`. A boundary of the period is no change: its day
/// always belongs to the period that it begins.
fn first_new_day(
    policy: Proration,
    zone: Zone,
    stretch: &ServicePeriod,
    instant: Instant,
) -> NaiveDate {
    let date = zone.date(instant);
    let period = stretch.period;
    let keeps_its_day = if stretch.cancelled_at == Some(instant) {
        policy.end_day == EndDay::Included
    } else {
        let is_change = instant != period.start && instant != period.end;
        policy.change_day == ChangeDay::Old && is_change
    };
    if keeps_its_day { date.succ_opt().unwrap_or(date) } else { date }
}

/// Days since year 0 if every month had 30: the 31st counts as the 30th.
fn thirty_360(date: NaiveDate) -> i64 {
    let month = i64::from(date.year()) * 12 + i64::from(date.month0());
    month * 30 + i64::from(date.day().min(30))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Interval, IntervalUnit};
    use crate::timeline::service_period::{Charge, ChargeReason};
    use crate::timeline::{Period, Terms};
    use crate::value::Moment;

    const MONTH: Interval = Interval { unit: IntervalUnit::Month, count: 1 };

    fn at(text: &str) -> Instant {
        Moment::parse(text).expect("a moment").at(Zone::UTC)
    }

    fn share(policy: Proration, period: [&str; 2], service: [&str; 2]) -> (i64, i64) {
        let [start, end] = period.map(at);
        let stretch = ServicePeriod {
            cause: ChargeReason::Period,
            terms: Terms { price: 0, quantity: 1, paused: false },
            due: start,
            service: (at(service[0]), at(service[1])),
            period: Period { nominal_start: start, start, end, is_cut: false },
            interval: MONTH,
            cancelled_at: None,
            moved: None,
            charge: Charge { due: start, service: (start, end) },
            opens: true,
        };
        let share = super::share(policy, Zone::UTC, &stretch);
        (share.numerator, share.denominator)
    }

    const JUNE: [&str; 2] = ["2020-05-27", "2020-06-27"];

    #[test]
    fn the_published_receipt_counts_seconds() {
        let rest = ["2020-06-19T06:51:00Z", "2020-06-27"];
        assert_eq!(share(Proration::default(), JUNE, rest), (666_540, 2_678_400));
    }

    #[test]
    fn days_give_the_day_of_the_change_to_the_new_terms_or_to_the_old() {
        let rest = ["2020-06-19T06:51:00Z", "2020-06-27"];
        let new = Proration { granularity: Granularity::Day, ..Proration::default() };
        assert_eq!(share(new, JUNE, rest), (8, 31));
        let old = Proration { change_day: ChangeDay::Old, ..new };
        assert_eq!(share(old, JUNE, rest), (7, 31));
        assert_eq!(share(old, JUNE, JUNE), (31, 31));
    }

    #[test]
    fn thirty_day_months_count_thirty_on_both_sides() {
        let fixed = Proration {
            granularity: Granularity::Day,
            day_count: DayCount::Fixed30,
            ..Proration::default()
        };
        let period = ["2023-05-15", "2023-06-15"];
        assert_eq!(share(fixed, period, ["2023-05-23", "2023-06-15"]), (22, 30));
        assert_eq!(share(fixed, period, period), (30, 30));
    }

    #[test]
    fn thirty_day_months_are_whole_at_every_anchor_and_their_pieces_add_up() {
        let fixed = Proration {
            granularity: Granularity::Day,
            day_count: DayCount::Fixed30,
            ..Proration::default()
        };
        for (start, end) in [
            ("2023-01-31", "2023-02-28"),
            ("2023-02-28", "2023-03-31"),
            ("2024-01-30", "2024-02-29"),
            ("2023-03-31", "2023-04-30"),
        ] {
            assert_eq!(share(fixed, [start, end], [start, end]), (30, 30), "{start}");
            let middle = at(start).unix_seconds() + 86_400;
            let middle = Instant::from_unix_seconds(middle).to_string();
            let (before, _) = share(fixed, [start, end], [start, &middle]);
            let (after, _) = share(fixed, [start, end], [&middle, end]);
            assert_eq!(before + after, 30, "{start}");
        }
    }

    #[test]
    fn days_left_over_thirty_are_at_most_the_whole_and_pieces_add_up() {
        let over_30 = Proration {
            granularity: Granularity::Day,
            day_count: DayCount::ActualOver30,
            ..Proration::default()
        };
        for (start, end, days) in
            [("2021-01-01", "2021-02-01", 31), ("2021-02-01", "2021-03-01", 28)]
        {
            assert_eq!(share(over_30, [start, end], [start, end]), (30, 30), "{start}");
            for day in 1..days {
                let middle = at(start).unix_seconds() + day * 86_400;
                let middle = Instant::from_unix_seconds(middle).to_string();
                let (before, _) = share(over_30, [start, end], [start, &middle]);
                let (after, _) = share(over_30, [start, end], [&middle, end]);
                assert_eq!((before + after, after), (30, days - day), "{middle}");
                assert!(before >= 0, "{middle}");
            }
        }
    }

    #[test]
    fn without_proration_a_begun_period_counts_whole() {
        let none = Proration { granularity: Granularity::Period, ..Proration::default() };
        assert_eq!(share(none, JUNE, ["2020-06-19", "2020-06-27"]), (1, 1));
    }
}
