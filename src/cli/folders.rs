//! The folders of most commands, and the time to wait for them.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::pipeline::Folders;

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
