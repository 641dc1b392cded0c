//! The format of a close's tables.

use clap::ValueEnum;

/// The format of a close's tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// NAME.csv
    #[default]
    Csv,
    /// NAME.csv, and NAME.parquet beside it
    Parquet,
}
