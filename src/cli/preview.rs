//! The options of `prorata preview`: those of a close, and the folder for its files.

use std::path::PathBuf;

use clap::Args;

use super::CloseOptions;
use super::exit_codes::exit_codes_of_looking;
use crate::commands::PreviewArgs;
use crate::value::Instant;

/// The options of `prorata preview`.
#[derive(Debug, Args)]
pub(crate) struct PreviewOptions {
    /// The close to look ahead at.
    #[command(flatten)]
    pub(crate) close: CloseOptions,

    /// Write everything that the close would publish, but its manifest, to this new folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: Option<PathBuf>,

    /// List totals that moved by more than this share; without it, what billing.toml says, or 25%
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) moved_by: Option<u32>,
}

impl PreviewOptions {
    /// The arguments at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> PreviewArgs {
        PreviewArgs { close: self.close.at(now), to: self.to, moved_by_percent: self.moved_by }
    }
}

fn percent(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    number.parse().map_err(|_| "it is no whole number of percents, such as 25%".to_owned())
}

pub(super) const PREVIEW_ABOUT: &str = "\
Show what a close would publish, and what a careful clerk would look at.

It runs exactly what `prorata close` runs, and publishes nothing: the output folder is only read,
and a close may run beside it. Listed are totals that moved since the account was billed last, very
large lines, negative and zero totals, corrections, first documents, accounts with active
subscriptions and no invoice, prices never used, and exceptions. With --to, every file of the close
but its manifest is written to a folder, report.html and review.csv among them.";

pub(super) const PREVIEW_HELP: &str = concat!(
    "\
Example:
  prorata preview --as-of 2020-06-28
  prorata preview --as-of 2020-06-28 --to ahead --moved-by 50%

",
    exit_codes_of_looking!()
);
