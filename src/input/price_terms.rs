//! The columns of `prices.csv` for proration and for the start of periods. Where they are empty,
//! billing.toml applies. This module also normalizes the digits of amounts.

use rust_decimal::Decimal;

use crate::config::Periods;
use crate::model::{
    CalendarStart, ChangeDay, DayCount, EndDay, Granularity, Interval, IntervalUnit, Price,
    Proration, RoundPer, Scheme,
};
use crate::table::{Reported, Row};
use crate::value::Rounding;

/// The proration of a price: its own columns, otherwise billing.toml.
pub(crate) fn proration(row: &mut Row<'_>, default: Proration) -> Result<Proration, Reported> {
    let granularity = row.word_or("granularity", default.granularity, &GRANULARITIES);
    let day_count = row.word_or("day_count", default.day_count, &DAY_COUNTS);
    let change_day = row.word_or("change_day", default.change_day, &CHANGE_DAYS);
    let end_day = row.word_or("end_day", default.end_day, &END_DAYS);
    let rounding = row.word_or("rounding", default.rounding, &ROUNDINGS);
    let round_per = row.word_or("round_per", default.round_per, &ROUND_PERS);
    let proration = Proration {
        granularity: granularity?,
        day_count: day_count?,
        change_day: change_day?,
        end_day: end_day?,
        rounding: rounding?,
        round_per: round_per?,
    };
    match proration.day_setting() {
        // A price that counts seconds ignores the settings for days.
        Some(_)
            if row.text("day_count")?.is_empty()
                && row.text("change_day")?.is_empty()
                && row.text("end_day")?.is_empty() =>
        {
            Ok(Proration {
                day_count: DayCount::Actual,
                change_day: ChangeDay::New,
                end_day: EndDay::Excluded,
                ..proration
            })
        }
        Some((_, value)) => {
            let hint = "write day as the granularity as well";
            Err(row.report(
                "granularity",
                "",
                &format!("is not day, yet {value} counts days"),
                hint,
            ))
        }
        None => Ok(proration),
    }
}

const GRANULARITIES: [(&str, Granularity); 3] =
    [("second", Granularity::Second), ("day", Granularity::Day), ("period", Granularity::Period)];
const DAY_COUNTS: [(&str, DayCount); 3] = [
    ("actual", DayCount::Actual),
    ("fixed_30", DayCount::Fixed30),
    ("actual_over_30", DayCount::ActualOver30),
];
const CHANGE_DAYS: [(&str, ChangeDay); 2] = [("new", ChangeDay::New), ("old", ChangeDay::Old)];
const END_DAYS: [(&str, EndDay); 2] =
    [("excluded", EndDay::Excluded), ("included", EndDay::Included)];
const ROUNDINGS: [(&str, Rounding); 5] = [
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("half_down", Rounding::HalfDown),
    ("up", Rounding::Up),
    ("down", Rounding::Down),
];
const ROUND_PERS: [(&str, RoundPer); 2] = [("line", RoundPer::Line), ("unit", RoundPer::Unit)];

/// The free units.
pub(crate) fn free_quantity(row: &mut Row<'_>, scheme: &Scheme) -> Result<u64, Reported> {
    let free = row.optional("free_quantity", Row::quantity)?.unwrap_or(0);
    if free == 0 || matches!(scheme, Scheme::PerUnit | Scheme::Package { .. }) {
        return Ok(free);
    }
    Err(row.report(
        "free_quantity",
        &free.to_string(),
        "belongs to another scheme",
        "leave it empty; a tier may cost nothing instead",
    ))
}

/// The calendar day on which periods begin: the price's own, otherwise that of billing.toml. Days
/// have no such day, and weeks have no day of the month.
pub(crate) fn calendar(
    row: &mut Row<'_>,
    interval: Interval,
    periods: Periods,
) -> Result<Option<CalendarStart>, Reported> {
    let first_month = periods.first_month;
    let text = row.text("anchor_day")?;
    let day = match text {
        "" => return Ok(usual_calendar(interval, periods)),
        "anniversary" => return Ok(None),
        _ => text.parse().ok().filter(|day| (1..=31).contains(day)),
    };
    match (day, interval.unit) {
        (Some(day), IntervalUnit::Month | IntervalUnit::Quarter | IntervalUnit::Year) => {
            Ok(Some(CalendarStart::Month { day, first_month }))
        }
        (Some(_), IntervalUnit::Week) => Err(row.report(
            "anchor_day",
            text,
            "is a day of the month, and the interval is counted in weeks",
            "leave it empty; with periods.anchor = \"calendar\" in billing.toml weeks begin on \
             periods.first_weekday",
        )),
        (Some(_), IntervalUnit::Day) => Err(row.report(
            "anchor_day",
            text,
            "is a day of the month, and the interval is counted in days",
            "leave it empty, or choose an interval of months",
        )),
        (None, _) => Err(row.report(
            "anchor_day",
            text,
            "is no day of a month",
            "write 1 to 31, or anniversary for the day of the start",
        )),
    }
}

/// The setting of billing.toml for an interval.
fn usual_calendar(interval: Interval, periods: Periods) -> Option<CalendarStart> {
    let Periods { anchor_day, first_month, first_weekday } = periods;
    match interval.unit {
        IntervalUnit::Day => None,
        IntervalUnit::Week => first_weekday.map(CalendarStart::Week),
        IntervalUnit::Month | IntervalUnit::Quarter | IntervalUnit::Year => {
            anchor_day.map(|day| CalendarStart::Month { day, first_month })
        }
    }
}

/// Gives amounts the currency's digits, and more only if they are significant. Trailing zeros of
/// the file must not appear on invoices, and Parquet columns always have them.
pub(crate) fn with_usual_digits(mut price: Price) -> Price {
    let digits = price.currency.digits();
    let usual = |amount: &mut Decimal| {
        *amount = amount.normalize();
        if amount.scale() < digits {
            amount.rescale(digits);
        }
    };
    usual(&mut price.unit_amount);
    if let Scheme::Graduated(tiers) | Scheme::Volume(tiers) = &mut price.scheme {
        for tier in tiers {
            usual(&mut tier.unit_amount);
            usual(&mut tier.flat_amount);
        }
    }
    price
}
