//! The options of `prorata compare`.

use std::path::PathBuf;

use clap::Args;

use crate::commands::{Billed, CompareArgs, ListFormat};
use crate::import::System;

/// The options of `prorata compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareOptions {
    /// The old invoices: a CSV file, or with --from a folder of exports
    #[arg(long, value_name = "PATH")]
    pub(crate) with: PathBuf,

    /// The system that wrote the exports
    #[arg(long, value_enum, value_name = "SYSTEM")]
    pub(crate) from: Option<System>,

    /// What the old invoices are compared with.
    #[command(flatten)]
    pub(crate) what: BilledOptions,

    /// Folder that holds the closes; old invoices are those since the close before
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub(crate) output: PathBuf,

    /// Leave out this column of the old invoices, which prorata does not know; may be given more than
    /// once
    #[arg(long, value_name = "COLUMN")]
    pub(crate) ignore_column: Vec<String>,

    /// How to print the differences
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// One of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct BilledOptions {
    /// A close, by the name of its folder, or latest
    #[arg(long, value_name = "NAME")]
    pub(crate) close: Option<String>,

    /// The folder that prorata preview --to wrote
    #[arg(long, value_name = "FOLDER")]
    pub(crate) preview: Option<PathBuf>,
}

impl From<CompareOptions> for CompareArgs {
    fn from(options: CompareOptions) -> Self {
        let CompareOptions { with, from, what, output, ignore_column, format } = options;
        let billed = match (what.close, what.preview) {
            (_, Some(folder)) => Billed::Preview(folder),
            (name, None) => Billed::Close(name.unwrap_or_default()),
        };
        Self { billed, output, with, system: from, ignored: ignore_column, format }
    }
}

pub(super) const COMPARE_ABOUT: &str = "\
Set a close beside invoices that another system issued, and say why each difference is there.

It compares the sums of each account and currency, and where the old invoices have lines those of
each subscription: missing here, missing there, another currency, tax, quantity, period, proration or
amount, or rounding, which is at most one minor unit a line. Old invoices that were issued before or
after the time of the close count not.";

pub(super) const COMPARE_HELP: &str = "\
Example:
  prorata compare --with old_invoices.csv --close latest
  prorata compare --with exports --from stripe --close 2026-07-01 --format csv
  prorata compare --with exports --from stripe --preview ahead

Exit codes:
  0    no difference
  1    there are differences
  64   the command line is wrong
  65   the old invoices are wrong, or a published file was altered; all is listed
  66   there is no such close
  70   a bug in prorata
  74   reading or writing failed";
