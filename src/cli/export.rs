//! `prorata export`: exports a close to an accounting program.

use std::path::PathBuf;

use clap::Args;

use super::FolderOptions;
use super::exit_codes::exit_codes_of_looking;
use super::parse::currency;
use crate::commands::ExportArgs;
use crate::export::Format;
use crate::value::Currency;

/// The options of `prorata export`.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    /// What imports the files
    #[arg(value_enum)]
    pub(crate) format: Format,

    /// The close, by the name of its folder, or latest
    #[arg(long, value_name = "NAME")]
    pub(crate) close: String,

    /// Only documents in this currency; may be given more than once
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Vec<Currency>,

    /// Folder to write the files to
    #[arg(long, value_name = "FOLDER", default_value = "export")]
    pub(crate) to: PathBuf,

    /// Where to read.
    #[command(flatten)]
    pub(crate) folders: FolderOptions,
}

impl From<ExportOptions> for ExportArgs {
    fn from(options: ExportOptions) -> Self {
        Self {
            places: options.folders.into(),
            format: options.format,
            close: options.close,
            currencies: options.currency,
            to: options.to,
        }
    }
}

pub(super) const EXPORT_ABOUT: &str = "\
Write a close as files that an accounting program imports.

Files are named after the close and the program, and split where the importer has a limit; an
invoice is never split. What accounts, items and taxes are called there is in billing.toml, under
[export]. Each file is read back and must come to what the close comes to. A file that is there
already is left alone if it says the same, and is never replaced.";

pub(super) const EXPORT_HELP: &str = concat!(
    "\
Example:
  prorata export xero --close latest --currency USD
  prorata export hledger --close 2020-06-28 --to /srv/books

",
    exit_codes_of_looking!()
);
