//! The rules for shares of a billing period.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::Rounding;

/// The proration rules of a price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proration {
    /// The unit of time.
    pub(crate) granularity: Granularity,
    /// How to count days, if days are counted.
    pub(crate) day_count: DayCount,
    /// Which terms bill the day of a change, if days are counted.
    pub(crate) change_day: ChangeDay,
    /// Whether to bill the day of an immediate cancellation, if days are counted.
    pub(crate) end_day: EndDay,
    pub(crate) rounding: Rounding,
    pub(crate) round_per: RoundPer,
}

impl Proration {
    /// A setting for days although days are not counted: its key and its value.
    pub(crate) fn day_setting(self) -> Option<(&'static str, &'static str)> {
        if self.granularity == Granularity::Day {
            return None;
        }
        let settings = [
            (self.day_count == DayCount::Fixed30, ("proration.day_count", "fixed_30")),
            (self.day_count == DayCount::ActualOver30, ("proration.day_count", "actual_over_30")),
            (self.change_day == ChangeDay::Old, ("proration.change_day", "old")),
            (self.end_day == EndDay::Included, ("proration.end_day", "included")),
        ];
        settings.into_iter().find(|(is_set, _)| *is_set).map(|(_, setting)| setting)
    }
}

/// The unit of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Granularity {
    /// Elapsed seconds. The default, and Kumu's.
    #[default]
    Second,
    /// Days of the account's calendar.
    Day,
    /// No proration: a period that has begun counts whole, on the terms that it ends with.
    Period,
}

/// How days are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DayCount {
    /// As the calendar has them.
    #[default]
    Actual,
    /// Months of 30 days, years of 360.
    #[serde(rename = "fixed_30")]
    Fixed30,
    /// The days left as the calendar has them, over months of 30 days and years of 360.
    #[serde(rename = "actual_over_30")]
    ActualOver30,
}

/// Whose the day of a change is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeDay {
    /// The new terms are billed for it.
    #[default]
    New,
    /// The old terms are billed for it.
    Old,
}

/// Whether the last day of a subscription that is cancelled at once is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EndDay {
    /// It is not: billing ends with the day before.
    #[default]
    Excluded,
    /// It is.
    Included,
}

impl RoundPer {
    /// The word in `invoice_lines.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Unit => "unit",
        }
    }

    /// Reads what [`RoundPer::as_str`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Line, Self::Unit].into_iter().find(|per| per.as_str() == text)
    }
}

/// What is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoundPer {
    /// The line: once, for the whole quantity. The default.
    #[default]
    Line,
    /// The prorated unit, which is then multiplied; under the `per_unit` scheme only.
    Unit,
}
