//! The options of `prorata import`.

use std::path::PathBuf;

use clap::Args;

use super::parse::as_of;
use crate::commands::ImportArgs;
use crate::import::System;
use crate::value::{AsOf, Instant};

/// The options of `prorata import`.
#[derive(Debug, Args)]
pub(crate) struct ImportOptions {
    /// The system that wrote the exports
    #[arg(value_enum)]
    pub(crate) system: System,

    /// Folder with the exports, all of the same instant
    #[arg(value_name = "FOLDER")]
    pub(crate) from: PathBuf,

    /// Folder to write; it must be new or empty
    #[arg(long, value_name = "FOLDER", default_value = "input")]
    pub(crate) to: PathBuf,

    /// The instant of the exports: the other system has billed everything due up to it. A bare date
    /// is its midnight in UTC
    #[arg(long, value_name = "INSTANT", value_parser = as_of)]
    pub(crate) as_of: AsOf,

    /// A billing.toml to copy; without this, one to fill in is written
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,

    /// Leave out this column, which the import does not know; may be given more than once
    #[arg(long, value_name = "COLUMN")]
    pub(crate) ignore_column: Vec<String>,
}

impl ImportOptions {
    /// The arguments at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> ImportArgs {
        ImportArgs {
            system: self.system,
            from: self.from,
            to: self.to,
            as_of: self.as_of,
            now,
            settings: self.settings,
            ignored: self.ignore_column,
        }
    }
}

pub(super) const IMPORT_ABOUT: &str = "\
Write an input folder from the exports of another billing system.

Every subscription is taken over with its terms at the instant of the exports, from the start of the
period that the other system has billed. What cannot be taken over is listed in not_taken_over.csv,
with file, line, column, value, reason and what to do. A column that the import does not know stops
it. The folder is checked as prorata check does before it is put into place.";

pub(super) const IMPORT_HELP: &str = "\
Example:
  prorata import stripe exports --as-of 2026-06-20T12:00:00Z --to billing
  prorata check --input billing
  prorata open --as-of 2026-06-20T12:00:00Z --input billing

docs/switching.md has the tables and columns of each system.

Exit codes:
  0    done
  10   done, but the bills differ unless you act: not_taken_over.csv
  64   the command line is wrong
  65   the exports are wrong, or what they become; all is listed, nothing was written
  70   a bug in prorata
  73   the folder is not empty, or cannot be written to
  74   writing failed
  78   the billing.toml of --settings is wrong";
