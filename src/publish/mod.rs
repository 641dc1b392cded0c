//! The only stage that writes. A close is built in a hidden folder, synced, and published by one
//! rename. It is therefore either complete or absent.

mod archive;
mod close_name;
mod lock;
mod new_input;
mod proof;
mod proof_error;
mod staging;
mod sum_builder;
mod table_sums;
mod tables;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub(crate) use archive::archived_files;
pub(crate) use close_name::close_name;
pub(crate) use lock::Lock;
pub(crate) use new_input::{NewInput, NewInputError};
pub(crate) use proof::{CreditBalances, Proof, add_up, prove};
pub(crate) use proof_error::ProofError;
pub(crate) use staging::{FileInPieces, Made, Staging, point_latest_at};
pub(crate) use table_sums::{
    SummedColumns, TablePieceSums, TableSums, difference, expected, sums_of_tables,
};
pub(crate) use tables::Tables;

/// The file in the output folder that lists the last run's input problems.
pub(crate) const PROBLEMS: &str = "problems.csv";

/// Why nothing was published.
#[derive(Debug, Error)]
pub(crate) enum PublishError {
    /// A folder or file of the output cannot be created.
    #[error("cannot create {}: {source}", path.display())]
    Create {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Writing, syncing or renaming failed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A folder that should be new has files.
    #[error("{} holds files already", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// Another run holds the output folder.
    #[error("{} is in use by {holder}", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// The holder's text in the lock file.
        holder: String,
    },
}

impl PublishError {
    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Create { source, .. } | Self::Write { source, .. } => hint(source),
            Self::NotEmpty { .. } => "name a new folder; nothing is ever replaced",
            Self::Locked { .. } => {
                "wait for that run to end; the lock frees itself even if it is killed"
            }
        }
    }

    pub(crate) fn create(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Create { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room and run the job again; nothing was published"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "let the user that runs the job write there; nothing was published"
        }
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "a file stands where a folder is needed; name another folder with --output"
        }
        _ => "mend that and run the job again; nothing was published",
    }
}
