//! `prorata index`: one page with all closes.

use std::path::PathBuf;

use clap::Args;

use super::FolderOptions;
use super::exit_codes::exit_codes_of_looking;
use crate::commands::IndexArgs;

/// The options of `prorata index`.
#[derive(Debug, Args)]
pub(crate) struct IndexOptions {
    /// The page to write; one that this command wrote is replaced, anything else is left alone
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,

    /// Where to read.
    #[command(flatten)]
    pub(crate) folders: FolderOptions,
}

impl From<IndexOptions> for IndexArgs {
    fn from(options: IndexOptions) -> Self {
        Self { places: options.folders.into(), to: options.to }
    }
}

pub(super) const INDEX_ABOUT: &str = "\
Write one HTML page with all closes of an output folder.

It lists each close with its documents, amounts by currency, warnings, and links to its report and
tables. It shows the trend of all months, and cohorts: what accounts are billed month after month,
by the month of their first invoice. The page has no script and loads nothing. Links are relative
to the page. Closes are only read, and the page lies outside of their folder.";

pub(super) const INDEX_HELP: &str = concat!(
    "\
Example:
  prorata index --to closes.html
  prorata index --to /srv/billing/closes.html --output /srv/billing/output --input /srv/billing/input

",
    exit_codes_of_looking!()
);
