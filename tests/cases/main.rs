//! One trial a case: the error catalogue, golden folders, cases that other systems published, and
//! everything that the documentation shows. `tests/README.md` says how to run one and how to add one.
//!
//! `cargo test --test cases amount_` runs the cases with `amount_` in their names, and
//! `UPDATE_EXPECTED=1 cargo test --test cases amount_` takes over what the program does now.

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod errors;
mod examples;
mod exports;
mod golden;
mod index;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let trials = [
        errors::trials(),
        index::trials(),
        golden::trials(),
        examples::trials(),
        commands::trials(),
        exports::trials(),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().flatten().collect()).exit_code()
}

/// Whether expectations are to be written anew.
fn is_updating() -> bool {
    std::env::var_os("UPDATE_EXPECTED").is_some()
}

/// The name of a file or folder, without its ending.
fn name_of(path: &Path) -> String {
    path.file_stem().expect("a name").display().to_string()
}
