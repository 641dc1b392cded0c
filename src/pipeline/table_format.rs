//! How the tables of a close are written.

use clap::ValueEnum;

/// How the tables of a close are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// NAME.csv
    #[default]
    Csv,
    /// NAME.csv, and NAME.parquet beside it
    Parquet,
}
