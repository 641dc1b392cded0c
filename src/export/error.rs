//! Why nothing was exported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use thiserror::Error;

/// Everything that can stop an export. No file was written.
#[derive(Debug, Error)]
pub(crate) enum ExportError {
    /// A published table is not what prorata writes.
    #[error(
        "{table}: {reason}\nhint: prorata verify tells whether the close is as it was published"
    )]
    Damaged {
        /// The table.
        table: &'static str,
        /// What is odd.
        reason: String,
    },
    /// Things that have no name in the accounting program, or that it does not take.
    #[error("{}", list(.0))]
    Faults(Vec<ExportProblem>),
    /// The finished file says something else than the close: a bug.
    #[error("{0}\nhint: this is a bug in prorata; please report it with the close")]
    Mismatch(String),
    /// A file of that name says something else.
    #[error(
        "{} is there already and differs from what would be written now\n\
         hint: it may have been imported; move it away, or name another folder with --to",
        .0.display()
    )]
    Differs(PathBuf),
    /// A folder or file cannot be created.
    #[error("cannot create {}: {source}\nhint: name another folder with --to", path.display())]
    Create {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Reading, writing, syncing or renaming failed.
    #[error("cannot write {}: {source}\nhint: mend that and export again", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
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

    /// Whether billing.toml can mend all of it.
    pub(crate) fn is_setting(&self) -> bool {
        matches!(self, Self::Faults(faults) if faults.iter().all(|fault| fault.is_setting))
    }
}

/// Something that has no name in the accounting program, or that it does not take.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExportProblem {
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
    /// Whether a line in billing.toml mends it.
    pub(crate) is_setting: bool,
}

impl ExportProblem {
    /// One that a line in billing.toml mends.
    pub(crate) fn setting(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), is_setting: true }
    }

    /// A document that the program does not take.
    pub(crate) fn document(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), is_setting: false }
    }
}

impl fmt::Display for ExportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nhint: {}", self.message, self.hint)
    }
}

fn list(faults: &[ExportProblem]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: ")
}

/// All values, or every fault there is, each once.
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
