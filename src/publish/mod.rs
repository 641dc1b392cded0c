//! The only stage that writes. A close is built in a hidden folder, synced, and published by one
//! rename. It is therefore either complete or absent.

mod archive;
mod close_name;
mod folders;
mod lock;
mod new_input;
mod proof;
mod proof_error;
mod round;
mod round_error;
mod row_pieces;
mod signature;
mod staged_files;
mod staging;
mod sum_builder;
mod table_sums;
#[cfg(test)]
mod tables;
mod witness;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub(crate) use archive::{ArchiveInPieces, archived_files};
pub(crate) use close_name::close_name;
pub(crate) use lock::Lock;
pub(crate) use new_input::{NewInput, NewInputError};
pub(crate) use proof::{CloseSums, CreditBalances, Proof, add_up, prove};
pub(crate) use proof_error::ProofError;
pub(crate) use round::{RoundFolder, rounds_in};
pub(crate) use round_error::RoundError;
pub(crate) use signature::{KeyError, PublicKey, WitnessKey};
pub(crate) use staging::{FileInPieces, Made, PublishedClose, Staging, finish, point_latest_at};
#[cfg(test)]
pub(crate) use table_sums::sums_of_tables;
pub(crate) use table_sums::{
    SummedColumns, TablePieceSums, TableSums, difference, expected, sums_of_close,
};
#[cfg(test)]
pub(crate) use tables::Tables;
pub(crate) use witness::{Witness, WitnessError, WitnessList};

/// The file in the output folder that lists the last run's input problems.
pub(crate) const PROBLEMS: &str = "problems.csv";

/// Why nothing was published, or what failed after a close was published.
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
    /// A folder cannot be synced.
    #[error("cannot sync {}: {source}", path.display())]
    Sync {
        /// The folder.
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
    /// The file system of the output folder has no locks.
    #[error(
        "cannot lock {}: {}", path.display(),
        source.as_ref().map_or("the file system grants every lock".to_owned(), ToString::to_string)
    )]
    NoLocks {
        /// The lock file.
        path: PathBuf,
        /// The cause; `None` if the lock is granted and keeps nobody out.
        source: Option<io::Error>,
    },
    /// The lock file or the output folder was removed or replaced during the run.
    #[error("{} was removed or replaced while this run held it", path.display())]
    LockLost {
        /// The lock file.
        path: PathBuf,
    },
    /// Staged files were removed or changed during the run.
    #[error("files in {} were removed or changed before they were published", path.display())]
    StagingLost {
        /// The folder.
        path: PathBuf,
    },
    /// Closes were published or removed during the run.
    #[error("the closes in {} have changed since this run began", path.display())]
    RegisterChanged {
        /// The output folder.
        path: PathBuf,
    },
}

impl PublishError {
    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Create { source, .. }
            | Self::Write { source, .. }
            | Self::Sync { source, .. } => hint(source),
            Self::NotEmpty { .. } => "name a new folder; nothing is ever replaced",
            Self::Locked { .. } => {
                "wait for that run to end; the lock frees itself even if it is killed"
            }
            Self::NoLocks { .. } => {
                "name a folder on a file system with locks (flock) with --output; nothing was \
                 published"
            }
            Self::LockLost { .. } => {
                "nothing was published; run it again, and let nothing remove .lock: it frees itself"
            }
            Self::StagingLost { .. } | Self::RegisterChanged { .. } => {
                "nothing was published; find what changes the output folder during a run, and run \
                 it again"
            }
        }
    }

    /// The remedy if a close was published before this failed.
    pub(crate) fn hint_after_publishing(&self) -> &'static str {
        match self {
            Self::Sync { .. } => {
                "the close counts, but a power cut may still lose it; check the disk and run the same \
                 command again: it bills nothing twice"
            }
            _ => {
                "the close counts; remove the cause and run the same command again: it bills nothing \
                 twice and does the rest"
            }
        }
    }

    pub(crate) fn create(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Create { path: path.to_owned(), source }
    }

    fn sync(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Sync { path: path.to_owned(), source }
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
