//! `prorata generate`: an invented company.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::parse::date;
use crate::generate::{GenerateArgs, Scripts};

/// The options of `prorata generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateOptions {
    /// How many accounts the company comes to have
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    pub(crate) accounts: u64,

    /// Which of all companies of that size
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Folder to write to; one that holds an input already is left as it is
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: PathBuf,

    /// For how many months the company is in business
    #[arg(long, value_name = "NUMBER", default_value_t = 12,
        value_parser = clap::value_parser!(u32).range(1..=1200))]
    pub(crate) months: u32,

    /// Its first day
    #[arg(long, value_name = "DATE", default_value = "2024-01-01", value_parser = date)]
    pub(crate) start: NaiveDate,

    /// Leave out what comes in after this date begins, in UTC. What is left is part of what a
    /// later date gives
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_known_at: Option<NaiveDate>,

    /// Spoil so many rows, and list them; at most one an account
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) faults: u64,

    /// Also write closes.txt, the dates to close at: one a month
    #[arg(long)]
    pub(crate) closes: bool,

    /// In which scripts names are
    #[arg(long, value_enum, default_value_t)]
    pub(crate) scripts: Scripts,
}

impl From<GenerateOptions> for GenerateArgs {
    fn from(options: GenerateOptions) -> Self {
        Self {
            accounts: options.accounts,
            seed: options.seed,
            to: options.to,
            months: options.months,
            start: options.start,
            as_known_at: options.as_known_at,
            faults: options.faults,
            closes: options.closes,
            scripts: options.scripts,
        }
    }
}

pub(super) const GENERATE_ABOUT: &str = "\
Write an invented company as an input folder, for demonstrations, tests and measurements.

The same options give the same bytes everywhere. Most accounts are small and a few are large; all
schemes, currencies of 0, 2 and 3 decimals, trials, switches, pauses, cancellations, discounts and
taxes occur. About one change in fifty comes in days or weeks late, which --as-known-at shows.";

pub(super) const GENERATE_HELP: &str = "\
Example:
  prorata generate --accounts 1000 --to demo --closes
  prorata close --as-of 2024-02-01 --input demo

Exit codes:
  0   done
  64  the command line is wrong
  73  the folder holds an input already, or cannot be written to
  74  writing failed; the files were removed again";
