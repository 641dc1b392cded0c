//! `prorata history`, `explain`, `statement` and `owed`: questions about what was published.

use std::path::PathBuf;

use clap::Args;

use crate::run::ListFormat;

/// The options of `prorata history` and `prorata statement`.
#[derive(Debug, Args)]
pub struct AccountOptions {
    /// The account, by its id
    #[arg(long, value_name = "ACCOUNT")]
    pub account: String,

    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

/// The options of `prorata explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// The number of the invoice
    pub invoice: String,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

/// The options of `prorata owed`.
#[derive(Debug, Args)]
pub struct OwedOptions {
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}
