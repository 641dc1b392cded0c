//! Converts Parquet to CSV: polars reads it in a separate process.
//!
//! The reader of polars panics on some damaged files and exhausts the memory on others. So this
//! program starts itself once for each Parquet file, with limits on memory and time. There
//! [`serve()`] writes the table as CSV to a pipe, and [`Converted`] reads it here like any other CSV.
//! However the other process ends, this one can report a clear error.

mod cells;
mod columns;
mod converted;
mod distinct;
mod read_columns;
mod serve;
mod state_frame;
mod state_groups;
mod state_pieces;
mod state_writer;
mod texts;
mod types;
mod write_columns;

use std::path::PathBuf;
use std::sync::OnceLock;

pub(crate) use converted::Converted;
pub(crate) use serve::serve;

/// The argument that requests a conversion; column names follow it.
const ARGUMENT: &str = "--parquet-to-csv";

/// What begins the argument with the most bytes of CSV, in front of the column names.
const MOST: &str = "--most=";

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Sets the program that converts Parquet files. Its `main` must begin with [`serve()`]. Only the
/// first call counts.
pub(crate) fn convert_with(program: impl Into<PathBuf>) {
    let _ = PROGRAM.set(program.into());
}

/// Sets the running program. Linux finds it even after an update has replaced its file.
pub(crate) fn convert_with_this_program() {
    if cfg!(target_os = "linux") {
        convert_with("/proc/self/exe");
    } else if let Ok(program) = std::env::current_exe() {
        convert_with(program);
    }
}
pub(crate) use read_columns::{ColumnsError, DAMAGED_HINT, StateTable, runs};
pub(crate) use state_frame::StateFrame;
pub(crate) use state_groups::{StateGroups, StateRow};
pub(crate) use state_writer::{StateLayout, StateWriter, TAX_PARTS};
pub(crate) use write_columns::{Of, ROWS_IN_A_GROUP, StateColumns};
