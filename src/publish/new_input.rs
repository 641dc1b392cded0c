//! Creates an input folder. It overwrites nothing, and an unfinished run leaves nothing.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[cfg(feature = "generate")]
use chrono::NaiveDate;
use thiserror::Error;

use crate::config;
use crate::input::FILES;
use crate::stop::{self, HeldSignal};

/// Why no input was created.
#[derive(Debug, Error)]
pub(crate) enum NewInputError {
    /// The folder already holds an input.
    #[error("{} is there already", path.display())]
    Exists {
        /// The existing file.
        path: PathBuf,
    },
    /// The folder or a file in it cannot be created.
    #[error("cannot create {}: {source}", path.display())]
    Create {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Writing failed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    #[cfg(feature = "generate")]
    /// An invented company would reach beyond the supported dates.
    #[error("{months} months from {start} on are not between 1970 and 2900")]
    Dates {
        /// The first day.
        start: NaiveDate,
        /// The number of months.
        months: u32,
    },
}

impl NewInputError {
    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "name a folder that holds no input yet; nothing was written",
            Self::Create { .. } => "--to names a folder that may be written to",
            Self::Write { .. } => "the files were removed again",
            #[cfg(feature = "generate")]
            Self::Dates { .. } => "choose another --start, or fewer --months",
        }
    }
}

/// A folder that has no input yet.
#[derive(Debug)]
pub(crate) struct NewInput {
    path: PathBuf,
    /// Files to remove if this value is dropped early.
    created: Mutex<Vec<PathBuf>>,
    _held: HeldSignal,
}

impl NewInput {
    /// Creates the folder, and refuses it if it holds a file of an input in any form.
    pub(crate) fn claim(path: &Path) -> Result<Self, NewInputError> {
        let create = |source| NewInputError::Create { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(create)?;
        for entry in fs::read_dir(path).map_err(create)? {
            let name = entry.map_err(create)?.file_name();
            if is_taken(&name.to_string_lossy()) {
                return Err(NewInputError::Exists { path: path.join(name) });
            }
        }
        Ok(Self { path: path.to_owned(), created: Mutex::default(), _held: stop::hold() })
    }

    /// Creates a new file.
    pub(crate) fn create(&self, name: &str) -> Result<File, NewInputError> {
        let path = self.path.join(name);
        let file = File::create_new(&path)
            .map_err(|source| NewInputError::Create { path: path.clone(), source })?;
        self.created.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        Ok(file)
    }

    /// Creates a file with content.
    pub(crate) fn write(&self, name: &str, content: &str) -> Result<(), NewInputError> {
        let mut file = self.create(name)?;
        file.write_all(content.as_bytes()).map_err(self.write_error(name))
    }

    /// The error for a file that could not be written.
    pub(crate) fn write_error(&self, name: &str) -> impl FnOnce(io::Error) -> NewInputError {
        let path = self.path.join(name);
        move |source| NewInputError::Write { path, source }
    }

    /// Keeps the files, because the input is complete.
    pub(crate) fn keep(self) {
        self.created.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for NewInput {
    fn drop(&mut self) {
        for path in self.created.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            // The first error is reported; an error here adds nothing.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether a file would be read as part of the input or its list of closes.
fn is_taken(name: &str) -> bool {
    let stems = FILES.iter().map(|file| file.trim_end_matches("csv"));
    let mut stems = stems.chain([config::FILE_NAME, "balances.", "closes.txt"]);
    stems.any(|stem| name.starts_with(stem))
}
