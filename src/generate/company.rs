//! The parameters of an invented company.

use std::path::PathBuf;

use chrono::{Months, NaiveDate, NaiveTime};

use super::scripts::Scripts;
use crate::publish::NewInputError;

/// The requested company.
#[derive(Clone, Debug)]
pub(crate) struct GenerateArgs {
    /// The final number of accounts; at least 1.
    pub(crate) accounts: u64,
    /// Selects one of the companies of that size.
    pub(crate) seed: u64,
    /// The folder to write.
    pub(crate) to: PathBuf,
    /// The months in business; at least 1.
    pub(crate) months: u32,
    /// The first day.
    pub(crate) start: NaiveDate,
    /// Leave out rows that arrive after the start of this date in UTC.
    pub(crate) as_known_at: Option<NaiveDate>,
    /// The number of faulty rows.
    pub(crate) faults: u64,
    /// Whether to write the dates of its closes.
    pub(crate) closes: bool,
    /// The scripts of names.
    pub(crate) scripts: Scripts,
}

/// The parameters of all random choices. Instants are Unix seconds.
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

    /// Whether a row that arrives at an instant is included.
    pub(crate) fn knows(&self, arrives_at: i64) -> bool {
        arrives_at <= self.known_at
    }
}

/// The date some months later; `None` beyond the supported dates.
pub(crate) fn month_start(start: NaiveDate, months: u32) -> Option<NaiveDate> {
    let years = NaiveDate::from_ymd_opt(1970, 1, 1)?..NaiveDate::from_ymd_opt(2900, 1, 1)?;
    let end = start.checked_add_months(Months::new(months))?;
    (years.contains(&start) && years.contains(&end)).then_some(end)
}

pub(crate) fn seconds(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp()
}
