//! What the library offers: the commands that do something, as functions.

use std::fmt;

use super::{CheckArgs, OpenArgs, Preview, PreviewArgs, Verified};
use crate::pipeline::{CloseArgs, CloseResult, Folders, RunError};
use crate::problem::Problem;

/// Why a command failed. Nothing was published.
#[derive(Debug)]
pub struct Error(RunError);

impl Error {
    /// What happened, in a sentence.
    pub fn message(&self) -> String {
        self.0.to_string()
    }

    /// The remedy, where there is one; each of [`Error::problems`] has its own.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint()
    }

    /// Every place of the input that is wrong, if that is why.
    pub fn problems(&self) -> &[Problem] {
        self.0.problems()
    }

    /// What the program ends with; docs/operations.md lists the codes.
    pub fn exit_code(&self) -> u8 {
        self.0.exit_code()
    }
}

impl fmt::Display for Error {
    /// All of it, as the program prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.report())
    }
}

impl std::error::Error for Error {}

/// Publishes everything due up to an instant as a close.
///
/// # Errors
/// Wrong input, a register that cannot be relied on, or a disk that cannot be written to.
pub fn close(args: &CloseArgs) -> Result<CloseResult, Error> {
    super::close::close(args).map_err(Error)
}

/// Finds everything that a close would find wrong, and says what was read.
///
/// # Errors
/// Everything that is wrong.
pub fn check(args: &CheckArgs) -> Result<String, Error> {
    super::check::check(args).map_err(Error)
}

/// Shows what a close would publish.
///
/// # Errors
/// Everything that would stop the close, and a folder that cannot be written to.
pub fn preview(args: &PreviewArgs) -> Result<Preview, Error> {
    super::preview::preview(args).map_err(Error)
}

/// Begins a register for a company that has customers already.
///
/// # Errors
/// Those of [`close`], and a register that is open.
pub fn open(args: &OpenArgs) -> Result<CloseResult, Error> {
    super::open::open(args).map_err(Error)
}

/// Verifies all closes; with `deep`, derives each again from the input.
///
/// # Errors
/// Everything that is not as it was published.
pub fn verify(folders: &Folders, deep: bool) -> Result<Verified, Error> {
    super::verify::verify(folders, deep).map_err(Error)
}
