//! A company that does not exist: any number of accounts with their prices, subscriptions, change
//! log, discounts, one-off charges and payments, as an input folder for demonstrations, tests and
//! measurements.
//!
//! The same arguments give the same bytes, on every machine. What was known at an earlier date is
//! part of what is known later, line by line: two folders make a log that grew. Whatever the number
//! of accounts, memory stays the same: every account is drawn on its own, from its number.

mod account;
mod around;
mod clock;
mod currencies;
mod empty;
mod faults;
mod folder;
mod places;
mod plans;
mod random;
mod scripts;
mod story;
mod subscription;
mod tables;
mod writer;

use std::io;
use std::path::PathBuf;

use chrono::{Months, NaiveDate, NaiveTime};
use rayon::prelude::*;
use thiserror::Error;

use account::Account;
pub(crate) use empty::write_empty;
use faults::FaultPlan;
use folder::{Folder, settings};
pub(crate) use scripts::Scripts;
use tables::TABLES;
use writer::write_table;

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

/// What was written.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The files with their rows, in the order in which they are read.
    pub(crate) files: Vec<(&'static str, u64)>,
    /// The rows that were spoilt, by file and line.
    pub(crate) spoilt: Vec<Spoilt>,
}

/// A row that was spoilt on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spoilt {
    /// Its file.
    pub(crate) file: &'static str,
    /// The line it begins on.
    pub(crate) line: u64,
    /// The column that is wrong; empty if the row is.
    pub(crate) column: &'static str,
    /// What is wrong with it.
    pub(crate) what: &'static str,
}

/// Why there is no company.
#[derive(Debug, Error)]
pub(crate) enum GenerateError {
    /// The folder holds an input already.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file that would be in the way.
        path: PathBuf,
    },
    /// The folder or a file in it cannot be created.
    #[error("cannot create {}: {source}", path.display())]
    Create {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Writing failed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It would live beyond the dates that are understood.
    #[error("{months} months from {start} on are not between 1970 and 2900")]
    Dates {
        /// The first day.
        start: NaiveDate,
        /// How many.
        months: u32,
    },
}

impl GenerateError {
    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "name a folder that holds no input yet; nothing was written",
            Self::Create { .. } => "--to names a folder that may be written to",
            Self::Write { .. } => "the files were removed again",
            Self::Dates { .. } => "choose another --start, or fewer --months",
        }
    }
}

/// What everything is drawn from. Instants are Unix seconds.
#[derive(Clone, Debug)]
struct Company {
    seed: u64,
    accounts: u64,
    start: i64,
    end: i64,
    known_at: i64,
    scripts: Scripts,
}

impl Company {
    fn new(args: &GenerateArgs) -> Result<Self, GenerateError> {
        let end = month_start(args.start, args.months)
            .ok_or(GenerateError::Dates { start: args.start, months: args.months })?;
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
    fn knows(&self, arrives_at: i64) -> bool {
        arrives_at <= self.known_at
    }

    /// How many accounts are there: the first ones.
    fn known_accounts(&self) -> u64 {
        let is_known = |number| self.knows(Account::draw(self, number).since);
        let (mut known, mut unknown) = (0, self.accounts);
        while known < unknown {
            let middle = known + (unknown - known) / 2;
            if is_known(middle) {
                known = middle + 1;
            } else {
                unknown = middle;
            }
        }
        known
    }
}

/// Writes a company.
///
/// # Errors
/// Any [`GenerateError`]; then no file is left that was not there before.
pub(crate) fn generate(args: &GenerateArgs) -> Result<Generated, GenerateError> {
    let company = Company::new(args)?;
    let faults = FaultPlan::new(&company, args.faults);
    let folder = Folder::claim(&args.to)?;
    folder.write("billing.toml", &settings(args.accounts, args.scripts))?;
    if args.closes {
        folder.write("closes.txt", &closes(args))?;
    }
    let written: Vec<(&'static str, u64, Vec<Spoilt>)> = TABLES
        .par_iter()
        .map(|table| {
            let file = folder.create(table.name)?;
            let written = write_table(table, &company, &faults, file);
            let (rows, spoilt) = written.map_err(folder.write_error(table.name))?;
            Ok((table.name, rows, spoilt))
        })
        .collect::<Result<_, GenerateError>>()?;
    folder.keep();
    let files = written.iter().map(|(name, rows, _)| (*name, *rows)).collect();
    let spoilt = written.into_iter().flat_map(|(_, _, spoilt)| spoilt).collect();
    Ok(Generated { files, spoilt })
}

/// The dates to close at, one a line: the end of every month of business.
fn closes(args: &GenerateArgs) -> String {
    let dates = (1..=args.months).filter_map(|month| month_start(args.start, month));
    dates.map(|date| date.to_string() + "\n").collect()
}

/// The date some months after another; `None` beyond the dates that are understood.
fn month_start(start: NaiveDate, months: u32) -> Option<NaiveDate> {
    let years = NaiveDate::from_ymd_opt(1970, 1, 1)?..NaiveDate::from_ymd_opt(2900, 1, 1)?;
    let end = start.checked_add_months(Months::new(months))?;
    (years.contains(&start) && years.contains(&end)).then_some(end)
}

fn seconds(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp()
}
