//! Periods of subscriptions, counted in UTC, as the other systems count them.

use chrono::{Datelike as _, Months};

use crate::value::{DAY_SECONDS, Instant};

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Days(u32),
    Months(u32),
}

impl Length {
    /// The length of `count` units. `unit` is a word of the exports in the singular, such as "month".
    pub(super) fn of(unit: &str, count: u32) -> Option<Self> {
        let (length, units) = match unit {
            "day" => (Self::Days as fn(u32) -> Self, 1),
            "week" => (Self::Days as fn(u32) -> Self, 7),
            "month" => (Self::Months as fn(u32) -> Self, 1),
            "year" => (Self::Months as fn(u32) -> Self, 12),
            _ => return None,
        };
        count.checked_mul(units).filter(|count| *count > 0).map(length)
    }
}

/// A period that was billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) start: Instant,
    pub(super) end: Instant,
}

impl Period {
    /// Whether the period ends where periods counted from `anchor` do, and is no longer than one. So the
    /// first one may be a part.
    pub(super) fn fits(self, anchor: Instant, length: Length) -> bool {
        let Self { start, end } = self;
        let Some(before) = boundary_before(anchor, end, length) else { return false };
        before <= start && start < end
    }
}

/// The boundary before `end`, if `end` is a boundary itself.
fn boundary_before(anchor: Instant, end: Instant, length: Length) -> Option<Instant> {
    match length {
        Length::Days(days) => {
            let seconds = i64::from(days) * DAY_SECONDS;
            let distance = end.seconds_since(anchor);
            (distance % seconds == 0)
                .then(|| Instant::from_unix_seconds(end.unix_seconds() - seconds))
        }
        Length::Months(months) => {
            let (from, to) = (anchor.to_utc(), end.to_utc());
            let distance = (to.year() - from.year()) * 12 + to.month0().cast_signed()
                - from.month0().cast_signed();
            let months = months.cast_signed();
            let is_boundary = distance % months == 0 && months_after(anchor, distance)? == end;
            if is_boundary { months_after(anchor, distance - months) } else { None }
        }
    }
}

/// So many months after an anchor, on its day or the last one of a shorter month.
fn months_after(anchor: Instant, months: i32) -> Option<Instant> {
    let distance = Months::new(months.unsigned_abs());
    let anchor = anchor.to_utc();
    let at = if months < 0 {
        anchor.checked_sub_months(distance)
    } else {
        anchor.checked_add_months(distance)
    };
    at.map(|at| Instant::from_unix_seconds(at.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Moment;

    fn at(text: &str) -> Instant {
        match Moment::parse(text) {
            Ok(Moment::Instant(at, _)) => at,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn fits(anchor: &str, start: &str, end: &str, length: Length) -> bool {
        Period { start: at(start), end: at(end) }.fits(at(anchor), length)
    }

    #[test]
    fn a_month_from_the_31st_ends_on_the_last_day_of_shorter_ones() {
        let (anchor, month) = ("2020-01-31T10:00:00Z", Length::Months(1));
        assert!(fits(anchor, "2020-02-29T10:00:00Z", "2020-03-31T10:00:00Z", month));
        assert!(fits(anchor, "2020-01-31T10:00:00Z", "2020-02-29T10:00:00Z", month));
        assert!(!fits(anchor, "2020-02-29T10:00:00Z", "2020-03-29T10:00:00Z", month));
    }

    #[test]
    fn a_first_part_ends_on_the_anchor_and_a_longer_period_does_not_fit() {
        let (anchor, month) = ("2020-07-01T00:00:00Z", Length::Months(1));
        assert!(fits(anchor, "2020-06-11T08:00:00Z", "2020-07-01T00:00:00Z", month));
        assert!(!fits(anchor, "2020-05-31T00:00:00Z", "2020-07-01T00:00:00Z", month));
        assert!(!fits(anchor, "2020-07-01T00:00:00Z", "2020-07-01T00:00:00Z", month));
    }

    #[test]
    fn quarters_and_weeks_count_from_the_anchor() {
        let quarter = Length::of("month", 3).expect("a quarter");
        assert!(fits(
            "2020-01-15T00:00:00Z",
            "2020-04-15T00:00:00Z",
            "2020-07-15T00:00:00Z",
            quarter
        ));
        assert!(!fits(
            "2020-02-15T00:00:00Z",
            "2020-04-15T00:00:00Z",
            "2020-07-15T00:00:00Z",
            quarter
        ));
        let week = Length::of("week", 1).expect("a week");
        assert!(fits("2020-01-01T00:00:00Z", "2020-01-08T00:00:00Z", "2020-01-15T00:00:00Z", week));
    }
}
