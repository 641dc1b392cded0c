//! Parquet as CSV: polars reads it, in a process of its own.
//!
//! The reader of polars panics on some damaged files, and asks for all the memory there is on
//! others. So this program runs itself once more for each Parquet file, with bounds on memory and
//! time: [`serve`] there writes the table as CSV to a pipe, which [`Converted`] reads here, row by
//! row under the same rules as any other CSV. Whatever becomes of the other process, this one has a
//! sentence to say about the file.

mod cells;
mod columns;
mod converted;
mod distinct;
mod read_columns;
mod serve;
mod texts;
mod types;
mod write_columns;

use std::path::PathBuf;
use std::sync::OnceLock;

pub(crate) use converted::Converted;
pub(crate) use serve::serve;

/// The argument that asks for a conversion; the names of columns follow it.
const ARGUMENT: &str = "--parquet-to-csv";

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the program that is to convert Parquet files: one whose `main` begins with [`serve`].
/// Only the first call counts.
pub(crate) fn convert_with(program: impl Into<PathBuf>) {
    let _ = PROGRAM.set(program.into());
}

/// Names the program that runs. Linux finds it even after another has been installed in its place.
pub(crate) fn convert_with_this_program() {
    if cfg!(target_os = "linux") {
        convert_with("/proc/self/exe");
    } else if let Ok(program) = std::env::current_exe() {
        convert_with(program);
    }
}
pub(crate) use read_columns::{ColumnsError, DAMAGED_HINT, StateTable, runs};
pub(crate) use write_columns::{Of, StateColumns};
