//! The schedule of earned revenue: splits an amount over months, by days.
//!
//! Days are those of the account's calendar, from the start to the exclusive end; at least one.
//! After `k` of `n` days `round(net × k ÷ n)` is earned. A month gets the increase during it. So
//! the months of an amount always sum to it.

use chrono::{Datelike as _, NaiveDate};

use crate::model::Line;
use crate::value::{Amount, DAY_SECONDS, Month, Rounding, Zone, date_of};

/// The revenue of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Earned {
    pub(crate) month: Month,
    /// Days of the service in it; at least one.
    pub(crate) days: i64,
    pub(crate) amount: Amount,
}

#[cfg(test)]
/// Spreads an amount over the months from `start` to the exclusive `end`. If `end` is not after
/// `start`, all of it is earned on that day.
pub(crate) fn schedule(
    net: Amount,
    start: NaiveDate,
    end: NaiveDate,
) -> impl Iterator<Item = Earned> + use<> {
    spread(net, start, days(start, end).max(1))
}

/// Spreads an amount over `whole` days; `whole` is positive.
fn spread(net: Amount, start: NaiveDate, whole: i64) -> impl Iterator<Item = Earned> {
    let mut month = Month::of(start);
    // The start of the month, in days after `start`.
    let mut begins = -i64::from(start.day0());
    let (mut days_before, mut earned_before) = (0, Amount::ZERO);
    std::iter::from_fn(move || {
        let served = (days_before < whole).then_some(month)?;
        begins += served.days();
        month = served.next();
        let days_through = begins.min(whole);
        let earned_through = earned(net, days_through, whole);
        let amount = earned_through
            .checked_sub(earned_before)
            .expect("both lie between nothing and an amount that fits");
        let days = days_through - days_before;
        (days_before, earned_before) = (days_through, earned_through);
        Some(Earned { month: served, days, amount })
    })
}

/// The schedule of a line: its net amount over its service time, in the calendar of the account.
pub(crate) fn line_schedule(line: &Line, zone: Zone) -> impl Iterator<Item = Earned> + use<> {
    let net = line.net_amount().expect("a document's lines were summed up without their tax");
    let [start, end] = [line.service_start, line.service_end].map(|it| zone.local_seconds(it));
    let whole = end.div_euclid(DAY_SECONDS) - start.div_euclid(DAY_SECONDS);
    spread(net, date_of(start), whole.max(1))
}

/// The amount earned after `elapsed` of `whole` days.
fn earned(net: Amount, elapsed: i64, whole: i64) -> Amount {
    if elapsed == whole {
        return net;
    }
    Rounding::HalfUp
        .divide(i128::from(net.minor()) * i128::from(elapsed), i128::from(whole))
        .and_then(|minor| i64::try_from(minor).ok())
        .map(Amount::from_minor)
        .expect("a share of an amount is no more than the amount, and whole is at least a day")
}

#[cfg(test)]
fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;
    use crate::value::{Instant, Moment};

    #[test]
    fn example_of_schedule() {
        use crate::value::Amount;
        let (start, end) = ("2020-05-27".parse().unwrap(), "2020-06-27".parse().unwrap());
        let months = schedule(Amount::from_minor(6000), start, end);
        let earned: Vec<_> =
            months.map(|it| (it.month.to_string(), it.days, it.amount.minor())).collect();
        assert_eq!(earned, [("2020-05".into(), 5, 968), ("2020-06".into(), 26, 5032)]);
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn spread(minor: i64, start: &str, end: &str) -> Vec<(String, i64, i64)> {
        schedule(Amount::from_minor(minor), date(start), date(end))
            .map(|it| (it.month.to_string(), it.days, it.amount.minor()))
            .collect()
    }

    fn amounts(minor: i64, start: &str, end: &str) -> Vec<i64> {
        spread(minor, start, end).into_iter().map(|(_, _, amount)| amount).collect()
    }

    #[test]
    fn a_year_is_earned_by_the_day() {
        let months = spread(96_000, "2020-03-10", "2021-03-10");
        let earned: Vec<(&str, i64, i64)> =
            months.iter().map(|(month, days, amount)| (&**month, *days, *amount)).collect();
        // 960.00 over 365 days: after 22, 52, 83, … days 57.86, 136.77, 218.30, … are earned.
        assert_eq!(
            earned,
            [
                ("2020-03", 22, 5786),
                ("2020-04", 30, 7891),
                ("2020-05", 31, 8153),
                ("2020-06", 30, 7891),
                ("2020-07", 31, 8153),
                ("2020-08", 31, 8153),
                ("2020-09", 30, 7891),
                ("2020-10", 31, 8153),
                ("2020-11", 30, 7891),
                ("2020-12", 31, 8153),
                ("2021-01", 31, 8153),
                ("2021-02", 28, 7365),
                ("2021-03", 9, 2367),
            ]
        );
    }

    #[test]
    fn digits_do_not_matter_and_credits_mirror_charges() {
        // 1000 yen, and 1.000 dinar, over 3 + 28 days.
        assert_eq!(amounts(1000, "2020-01-29", "2020-02-29"), [97, 903]);
        assert_eq!(amounts(-1000, "2020-01-29", "2020-02-29"), [-97, -903]);
        // A tie goes away from zero: 0.5 is earned after the first of two days.
        assert_eq!(amounts(1, "2020-01-31", "2020-02-02"), [1, 0]);
        assert_eq!(amounts(-1, "2020-01-31", "2020-02-02"), [-1, 0]);
        assert_eq!(amounts(i64::MIN, "2020-01-31", "2020-02-02"), [i64::MIN / 2; 2]);
    }

    #[test]
    fn no_time_at_all_is_one_day() {
        assert_eq!(spread(500, "2020-06-30", "2020-06-30"), [("2020-06".to_owned(), 1, 500)]);
        assert_eq!(spread(0, "2020-06-30", "2020-06-30"), [("2020-06".to_owned(), 1, 0)]);
    }

    /// Spreads 10.00 over a service time.
    fn served(zone: &str, start: &str, end: &str) -> Vec<(String, i64, i64)> {
        let zone: Zone = zone.parse().expect("a zone");
        let at = |text: &str| -> Instant { Moment::parse(text).expect("a moment").at(Zone::UTC) };
        schedule(Amount::from_minor(1000), zone.date(at(start)), zone.date(at(end)))
            .map(|it| (it.month.to_string(), it.days, it.amount.minor()))
            .collect()
    }

    #[test]
    fn a_day_begun_counts_and_the_day_of_the_end_does_not() {
        // 7.7 days, Kumu's.
        let rest = served("UTC", "2020-06-19T06:51:00Z", "2020-06-27T00:00:00Z");
        assert_eq!(rest, [("2020-06".to_owned(), 8, 1000)]);
        let begun = served("UTC", "2020-06-30T23:59:59Z", "2020-07-01T12:00:00Z");
        assert_eq!(begun, [("2020-06".to_owned(), 1, 1000)]);
    }

    #[test]
    fn the_calendar_is_that_of_the_account() {
        // Midnights of Berlin on both sides of both changes of the clocks.
        let (start, end) = ("2021-03-14T23:00:00Z", "2021-11-14T23:00:00Z");
        let berlin = served("Europe/Berlin", start, end);
        assert_eq!(berlin.first(), Some(&("2021-03".to_owned(), 17, 69)));
        assert_eq!(berlin.last(), Some(&("2021-11".to_owned(), 14, 57)));
        assert_eq!(berlin.iter().map(|(_, days, _)| days).sum::<i64>(), 245);
        // In zones to the west these instants are a day earlier.
        assert_eq!(served("UTC", start, end).first(), Some(&("2021-03".to_owned(), 18, 73)));
        // In UTC the month begins at 23:00 the evening before.
        let may = served("Europe/Berlin", "2021-04-30T22:00:00Z", "2021-05-31T22:00:00Z");
        assert_eq!(may, [("2021-05".to_owned(), 31, 1000)]);
    }

    proptest! {
        #[test]
        fn months_sum_to_the_amount_and_tile_the_time(
            minor in any::<i64>(), first in 0_u64..20_000, length in 0_u64..2_000,
        ) {
            let start = date("1990-01-01") + Days::new(first);
            let end = start + Days::new(length);
            let months: Vec<Earned> = schedule(Amount::from_minor(minor), start, end).collect();
            let sum: i128 = months.iter().map(|it| i128::from(it.amount.minor())).sum();
            prop_assert_eq!(sum, i128::from(minor));
            prop_assert_eq!(months[0].month, Month::of(start));
            let until = end.max(start + Days::new(1));
            let last_day = until - Days::new(1);
            prop_assert_eq!(months[months.len() - 1].month, Month::of(last_day));
            prop_assert!(months.windows(2).all(|pair| pair[0].month.next() == pair[1].month));
            let within = |it: &Earned| (1..=31).contains(&it.days);
            prop_assert!(months.iter().all(within), "{:?}", months);
            let inner = months.get(1..months.len() - 1).unwrap_or_default();
            let is_whole = |it: &Earned| it.days == days(it.month.first_day(), it.month.next().first_day());
            prop_assert!(inner.iter().all(is_whole), "{:?}", months);
            prop_assert_eq!(months.iter().map(|it| it.days).sum::<i64>(), days(start, until));
        }

        #[test]
        fn what_is_earned_only_grows_and_is_never_half_a_cent_off(
            minor in 0_i64..1_000_000_000_000, first in 0_u64..20_000, length in 1_u64..2_000,
        ) {
            let start = date("1990-01-01") + Days::new(first);
            let end = start + Days::new(length);
            let (mut elapsed, mut total) = (0_i128, 0_i128);
            for month in schedule(Amount::from_minor(minor), start, end) {
                prop_assert!(!month.amount.is_negative());
                elapsed += i128::from(month.days);
                total += i128::from(month.amount.minor());
                let whole = i128::from(length);
                let off = total * whole - i128::from(minor) * elapsed;
                prop_assert!((2 * off).abs() <= whole, "{month:?}");
            }
        }

        #[test]
        fn a_credit_takes_back_what_its_charge_gave(
            minor in 0_i64..i64::MAX, first in 0_u64..20_000, length in 0_u64..2_000,
        ) {
            let start = date("1990-01-01") + Days::new(first);
            let end = start + Days::new(length);
            let charge = schedule(Amount::from_minor(minor), start, end);
            let mut credit = schedule(Amount::from_minor(-minor), start, end);
            for month in charge {
                let other = credit.next();
                prop_assert_eq!(other.map(|it| it.amount.minor()), Some(-month.amount.minor()));
            }
            prop_assert!(credit.next().is_none());
        }
    }
}
