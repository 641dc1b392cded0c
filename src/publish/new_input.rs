//! A new input folder: nothing in it is overwritten, and nothing is left in it that was not finished.

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

/// Why there is no new input.
#[derive(Debug, Error)]
pub(crate) enum NewInputError {
    /// The folder holds an input already.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file that would be in the way.
        path: PathBuf,
    },
    /// The folder or a file in it cannot be created.
    #[error("cannot create {}: {source}", path.display())]
    Create {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Writing failed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    #[cfg(feature = "generate")]
    /// An invented company would live beyond the dates that are understood.
    #[error("{months} months from {start} on are not between 1970 and 2900")]
    Dates {
        /// The first day.
        start: NaiveDate,
        /// How many.
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

/// A folder without an input, as yet.
#[derive(Debug)]
pub(crate) struct NewInput {
    path: PathBuf,
    /// Files to remove again should this end early.
    created: Mutex<Vec<PathBuf>>,
    _held: HeldSignal,
}

impl NewInput {
    /// Makes sure that a folder is there and holds no file that belongs to an input, under
    /// whatever extension.
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

    /// Creates a file that must not be there.
    pub(crate) fn create(&self, name: &str) -> Result<File, NewInputError> {
        let path = self.path.join(name);
        let file = File::create_new(&path)
            .map_err(|source| NewInputError::Create { path: path.clone(), source })?;
        self.created.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        Ok(file)
    }

    /// Creates a file with its content.
    pub(crate) fn write(&self, name: &str, content: &str) -> Result<(), NewInputError> {
        let mut file = self.create(name)?;
        file.write_all(content.as_bytes()).map_err(self.write_error(name))
    }

    /// Says that a file could not be written.
    pub(crate) fn write_error(&self, name: &str) -> impl FnOnce(io::Error) -> NewInputError {
        let path = self.path.join(name);
        move |source| NewInputError::Write { path, source }
    }

    /// The company is complete: its files stay.
    pub(crate) fn keep(self) {
        self.created.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for NewInput {
    fn drop(&mut self) {
        for path in self.created.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            // Where this fails as well, the error that is under way says enough.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether a file would be read as part of the input, or its list of closes.
fn is_taken(name: &str) -> bool {
    let stems = FILES.iter().map(|file| file.trim_end_matches("csv"));
    let mut stems = stems.chain([config::FILE_NAME, "balances.", "closes.txt"]);
    stems.any(|stem| name.starts_with(stem))
}
