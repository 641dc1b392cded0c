//! The format of a close's tables.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The format of a close's tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum TableFormat {
    /// NAME.csv
    #[default]
    Csv,
    /// NAME.csv, and NAME.parquet beside it
    Parquet,
}
