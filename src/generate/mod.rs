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
mod company;
mod currencies;
mod faults;
mod places;
mod plans;
mod random;
mod scripts;
mod settings;
mod story;
mod subscription;
mod tables;
mod writer;

use rayon::prelude::*;

use crate::publish::{NewInput, NewInputError};
use company::{Company, month_start};
use faults::{FaultPlan, Spoilt};
use settings::settings;
use tables::TABLES;
use writer::write_table;

pub(crate) use company::GenerateArgs;
pub(crate) use scripts::Scripts;

/// What was written.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The files with their rows, in the order in which they are read.
    pub(crate) files: Vec<(&'static str, u64)>,
    /// The rows that were spoilt, by file and line.
    pub(crate) spoilt: Vec<Spoilt>,
}

/// Writes a company.
///
/// # Errors
/// Any [`NewInputError`]; then no file is left that was not there before.
pub(crate) fn generate(args: &GenerateArgs) -> Result<Generated, NewInputError> {
    let company = Company::new(args)?;
    let faults = FaultPlan::new(&company, args.faults);
    let folder = NewInput::claim(&args.to)?;
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
        .collect::<Result<_, NewInputError>>()?;
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
