//! Why the files of shards cannot be merged.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::publish::PublishError;
use crate::table::parquet::ColumnsError;

/// Why the files of shards cannot be merged.
#[derive(Debug, Error)]
pub(crate) enum MergeError {
    /// A file of a shard cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file of a shard is not as its shard left it, or shards contradict each other.
    #[error("{} {damage}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        damage: Damage,
    },
    /// State cannot be read or encoded.
    #[error(transparent)]
    State(#[from] ColumnsError),
    /// A merged file cannot be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// What is wrong with a file of a shard.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Damage {
    #[error("is missing")]
    Missing,
    /// The shard does not list it.
    #[error("is not in the list of its shard")]
    Unlisted,
    /// Its digest differs.
    #[error("has been changed since its shard wrote it")]
    Digest,
    /// It ends early.
    #[error("ends too early")]
    Cut,
    /// It goes on after its end.
    #[error("has more than its shard lists")]
    Rest,
    /// Its rows do not ascend.
    #[error("is not in order")]
    Order,
    /// Another shard has rows of the same account or document.
    #[error("repeats an id or a document of another shard")]
    Twice,
    /// A row names a document that its shard does not list.
    #[error("names {0}, which is not a document of its shard")]
    Unknown(String),
    /// Shards differ on rows that all of them share.
    #[error("and other shards differ on {0}")]
    Differs(String),
    /// A line of a list of files makes no sense.
    #[error("has a line that lists no file")]
    List,
    /// A file in an archive is not the listed one.
    #[error("has a file other than {0}")]
    Other(String),
}

impl MergeError {
    /// The remedy, if one is known.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Damaged { .. } => Some(
                "drop the round with prorata shard abandon, and begin anew; the register is not \
                 touched",
            ),
            Self::State(error) => error.hint(),
            Self::Publish(error) => Some(error.hint()),
            Self::Read { .. } => None,
        }
    }

    /// Whether files are not as shards left them, rather than unreadable.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } => true,
            Self::State(error) => error.is_damage(),
            Self::Read { .. } | Self::Publish(_) => false,
        }
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::damaged(path, Damage::Missing),
            io::ErrorKind::UnexpectedEof => Self::damaged(path, Damage::Cut),
            _ => Self::Read { path: path.to_owned(), source },
        }
    }

    pub(super) fn damaged(path: &Path, damage: Damage) -> Self {
        Self::Damaged { path: path.to_owned(), damage }
    }
}
