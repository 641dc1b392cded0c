//! How shares of a billing period are counted.

use serde::Deserialize;

/// How shares of a period are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proration {
    /// The unit of time.
    pub granularity: Granularity,
    /// How days are counted, where days are.
    pub day_count: DayCount,
    /// Whose the day of a change is, where days are counted.
    pub change_day: ChangeDay,
}

/// The unit of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// Elapsed seconds. The default, and Kumu's.
    #[default]
    Second,
    /// Days of the account's calendar.
    Day,
    /// No proration: a period begun counts whole.
    Period,
}

/// How days are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayCount {
    /// As the calendar has them.
    #[default]
    Actual,
    /// Months of 30 days, years of 360.
    #[serde(rename = "fixed_30")]
    Fixed30,
}

/// Whose the day of a change is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeDay {
    /// The new terms are billed for it.
    #[default]
    New,
    /// The old terms are billed for it.
    Old,
}
