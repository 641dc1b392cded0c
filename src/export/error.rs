//! The errors of an export.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Everything that can stop an export. No file has been written.
#[derive(Debug, Error)]
pub(crate) enum ExportError {
    /// A published table that prorata did not write.
    #[error("{table}: {reason}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The reason.
        reason: String,
    },
    /// Items without a name in the accounting program, or that it does not accept.
    #[error("{}", list(.0))]
    Faults(Vec<ExportProblem>),
    /// The finished file disagrees with the close: a bug.
    #[error("{0}")]
    Mismatch(String),
    /// A different file of that name exists.
    #[error(
        "{} is there already and differs from what would be written now",
        .0.display()
    )]
    Differs(PathBuf),
    /// A folder or file cannot be created.
    #[error("cannot create {}: {source}", path.display())]
    Create {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Reading, writing, syncing or renaming failed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl ExportError {
    pub(super) fn create(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Create { path: path.to_owned(), source }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }

    /// The remedy. Several problems have one each.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Damaged { .. } => {
                Some("prorata verify tells whether the close is as it was published")
            }
            Self::Faults(_) => None,
            Self::Mismatch(_) => Some("this is a bug in prorata; please report it with the close"),
            Self::Differs(_) => {
                Some("it may have been imported; move it away, or name another folder with --to")
            }
            Self::Create { .. } => Some("name another folder with --to"),
            Self::Write { .. } => Some("mend that and export again"),
        }
    }

    /// Whether billing.toml can correct everything.
    pub(crate) fn is_setting(&self) -> bool {
        matches!(self, Self::Faults(faults) if faults.iter().all(|fault| fault.is_setting))
    }
}

/// An item without a name in the accounting program, or that it does not accept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExportProblem {
    /// The problem.
    pub(crate) message: String,
    /// The remedy.
    pub(crate) hint: String,
    /// Whether a line in billing.toml corrects it.
    pub(crate) is_setting: bool,
}

impl ExportProblem {
    /// A problem that a line in billing.toml corrects.
    pub(crate) fn setting(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), is_setting: true }
    }

    /// A document that the program does not accept.
    pub(crate) fn document(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), is_setting: false }
    }
}

fn list(faults: &[ExportProblem]) -> String {
    faults.iter().map(|fault| &*fault.message).collect::<Vec<_>>().join("\n")
}

/// All values, or all distinct problems.
pub(crate) fn all<T>(
    results: impl IntoIterator<Item = Result<T, Vec<ExportProblem>>>,
) -> Result<Vec<T>, Vec<ExportProblem>> {
    let (mut values, mut faults) = (Vec::new(), BTreeSet::new());
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults.into_iter().collect()) }
}
