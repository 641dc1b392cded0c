//! Generates an invented company: accounts with prices, subscriptions, changes, discounts, one-off
//! charges and payments. It is an input folder for demonstrations, tests and measurements.
//!
//! The same arguments give the same bytes on every machine. The rows of an earlier date are part of
//! those of a later date, so two folders form a growing log. Memory does not depend on the number
//! of accounts, because every account is drawn separately from its number.

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

/// The result.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The files with their row counts, in reading order.
    pub(crate) files: Vec<(&'static str, u64)>,
    /// The faulty rows, by file and line.
    pub(crate) spoilt: Vec<Spoilt>,
}

/// Writes a company.
///
/// # Errors
/// Any [`NewInputError`]; no new file is left then.
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

/// The dates of closes, one per line: the end of every month.
fn closes(args: &GenerateArgs) -> String {
    let dates = (1..=args.months).filter_map(|month| month_start(args.start, month));
    dates.map(|date| date.to_string() + "\n").collect()
}
