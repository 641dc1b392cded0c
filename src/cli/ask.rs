//! `prorata history`, `explain`, `statement` and `owed`: queries about published closes.

use std::path::PathBuf;

use clap::Args;

use super::exit_codes::exit_codes_of_looking;
use crate::commands::ListFormat;

/// The options of `prorata history` and `prorata statement`.
#[derive(Debug, Args)]
pub(crate) struct AccountOptions {
    /// The account, by its id
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: String,

    /// The list.
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

/// How and from where something is listed; the options of `prorata owed`.
#[derive(Debug, Args)]
pub(crate) struct ListOptions {
    /// How to write the list: table, in columns for people, which is the default; csv; or json
    #[arg(
        long,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) format: ListFormat,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub(crate) output: PathBuf,
}

/// The options of `prorata explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainOptions {
    /// The number of the invoice
    pub(crate) invoice: String,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub(crate) output: PathBuf,
}

pub(super) const HISTORY_HELP: &str = concat!(
    "\
Example:
  prorata history --account kumu-atlas
  prorata history --account kumu-atlas --format csv > invoices.csv

",
    exit_codes_of_looking!()
);

pub(super) const EXPLAIN_HELP: &str = concat!(
    "\
Example:
  prorata explain INV-2020-00019

",
    exit_codes_of_looking!()
);

pub(super) const STATEMENT_HELP: &str = concat!(
    "\
Example:
  prorata statement --account kumu-atlas

",
    exit_codes_of_looking!()
);

pub(super) const OWED_HELP: &str = concat!(
    "\
Example:
  prorata owed
  prorata owed --format json

",
    exit_codes_of_looking!()
);
