//! The folders of most commands, and the time to wait for them.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::pipeline::{Folders, Witnessing};

/// The two folders that most commands work on.
#[derive(Debug, Args)]
pub(crate) struct FolderOptions {
    /// Folder with billing.toml, accounts.csv, prices.csv, subscriptions.csv and changes.csv; tables
    /// may be .csv.gz, .csv.zst or .parquet as well
    #[arg(long, value_name = "FOLDER", default_value = "input")]
    pub(crate) input: PathBuf,

    /// Folder that holds the closes, each a folder in it, named by its instant
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub(crate) output: PathBuf,
}

impl From<FolderOptions> for Folders {
    fn from(folders: FolderOptions) -> Self {
        Self { input: folders.input, output: folders.output }
    }
}

/// Where a command that publishes lists the digest of its close.
#[derive(Debug, Args)]
pub(crate) struct WitnessOptions {
    /// Append the digest of the close to this file, away from the output folder, and refuse a register
    /// that is not the one in the file; without it, output.witness of billing.toml names the file
    #[arg(long, value_name = "FILE")]
    pub(crate) witness: Option<PathBuf>,

    /// Begin the witness of a register that has closes already: they are checked and appended first
    #[arg(long)]
    pub(crate) witness_begin: bool,
}

impl From<WitnessOptions> for Witnessing {
    fn from(options: WitnessOptions) -> Self {
        Self { file: options.witness, begin: options.witness_begin }
    }
}

/// How long a command that publishes waits for another one that does.
#[derive(Debug, Args)]
pub(crate) struct LockOptions {
    /// If another run is at work in the output folder, wait so long for it to end; without this,
    /// end at once with exit code 75
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide_default_value = true,
        value_parser = clap::value_parser!(u64).range(..=604_800))]
    pub(crate) lock_wait: u64,
}

impl LockOptions {
    pub(crate) fn wait(&self) -> Duration {
        Duration::from_secs(self.lock_wait)
    }
}
