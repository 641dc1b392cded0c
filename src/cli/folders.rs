//! Where most commands read and write.

use std::path::PathBuf;

use clap::Args;

use crate::run::Places;

/// The two folders that most commands work on.
#[derive(Debug, Args)]
pub struct Folders {
    /// Folder with billing.toml, accounts.csv, prices.csv, subscriptions.csv and changes.csv
    #[arg(long, value_name = "FOLDER", default_value = "input")]
    pub input: PathBuf,

    /// Folder that holds the closes, each a folder in it, named by its instant
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

impl From<Folders> for Places {
    fn from(folders: Folders) -> Self {
        Self { input: folders.input, output: folders.output }
    }
}
