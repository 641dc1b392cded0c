//! What everything of a company is drawn from.

use std::path::PathBuf;

use chrono::{Months, NaiveDate, NaiveTime};

use super::scripts::Scripts;
use crate::publish::NewInputError;

/// What company is asked for.
#[derive(Clone, Debug)]
pub(crate) struct GenerateArgs {
    /// How many accounts it comes to have; at least 1.
    pub(crate) accounts: u64,
    /// Which of all companies of that size.
    pub(crate) seed: u64,
    /// The folder that is to hold it.
    pub(crate) to: PathBuf,
    /// For how many months it is in business; at least 1.
    pub(crate) months: u32,
    /// Since when.
    pub(crate) start: NaiveDate,
    /// Leave out what comes in after the midnight that this date begins with, in UTC.
    pub(crate) as_known_at: Option<NaiveDate>,
    /// How many rows are spoilt.
    pub(crate) faults: u64,
    /// Whether the dates of its closes are written beside it.
    pub(crate) closes: bool,
    /// In which scripts names are.
    pub(crate) scripts: Scripts,
}

/// What everything is drawn from. Instants are Unix seconds.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub(crate) seed: u64,
    pub(crate) accounts: u64,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) known_at: i64,
    pub(crate) scripts: Scripts,
}

impl Company {
    pub(crate) fn new(args: &GenerateArgs) -> Result<Self, NewInputError> {
        let end = month_start(args.start, args.months)
            .ok_or(NewInputError::Dates { start: args.start, months: args.months })?;
        Ok(Self {
            seed: args.seed,
            accounts: args.accounts,
            start: seconds(args.start),
            end: seconds(end),
            known_at: args.as_known_at.map_or(i64::MAX, seconds),
            scripts: args.scripts,
        })
    }

    /// Whether a row that comes in at an instant is there.
    pub(crate) fn knows(&self, arrives_at: i64) -> bool {
        arrives_at <= self.known_at
    }
}

/// The date some months after another; `None` beyond the dates that are understood.
pub(crate) fn month_start(start: NaiveDate, months: u32) -> Option<NaiveDate> {
    let years = NaiveDate::from_ymd_opt(1970, 1, 1)?..NaiveDate::from_ymd_opt(2900, 1, 1)?;
    let end = start.checked_add_months(Months::new(months))?;
    (years.contains(&start) && years.contains(&end)).then_some(end)
}

pub(crate) fn seconds(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp()
}
