//! The commands as library functions.

use std::fmt;

use super::{CheckArgs, OpenArgs, Preview, PreviewArgs, Verified};
use crate::pipeline::{CloseArgs, CloseResult, Folders, RunError};
use crate::problem::Problem;

/// Why a command failed. Nothing was published, unless [`Error::published`] has a close.
#[derive(Debug)]
pub struct Error(RunError);

impl Error {
    /// The error in one sentence.
    pub fn message(&self) -> String {
        self.0.to_string()
    }

    /// The remedy, if any. Each of [`Error::problems`] has its own.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint()
    }

    /// The problems of the input, if they are the cause.
    pub fn problems(&self) -> &[Problem] {
        self.0.problems()
    }

    /// The close that is published, although something failed after that.
    pub fn published(&self) -> Option<&CloseResult> {
        self.0.published()
    }

    /// The exit code of the program; docs/operations.md lists the codes.
    pub fn exit_code(&self) -> u8 {
        self.0.exit_code()
    }
}

impl fmt::Display for Error {
    /// Formats the whole error, as the program prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.report())
    }
}

impl std::error::Error for Error {}

/// Publishes everything due up to an instant as a close.
///
/// # Errors
/// Invalid input, a damaged register, or an output folder that cannot be written.
pub fn close(args: &CloseArgs) -> Result<CloseResult, Error> {
    super::close::close(args).map_err(Error)
}

/// Finds all problems that a close would find, and summarizes the input.
///
/// # Errors
/// All problems.
pub fn check(args: &CheckArgs) -> Result<String, Error> {
    super::check::check(args).map_err(Error)
}

/// Shows the result of a close without publishing it.
///
/// # Errors
/// Every error of the close, and a folder that cannot be written.
pub fn preview(args: &PreviewArgs) -> Result<Preview, Error> {
    super::preview::preview(args).map_err(Error)
}

/// Begins a register for a company that already has customers.
///
/// # Errors
/// The errors of [`close`], and a register that is already open.
pub fn open(args: &OpenArgs) -> Result<CloseResult, Error> {
    super::open::open(args).map_err(Error)
}

/// Verifies all closes. With `deep`, also derives each close again from the input.
///
/// # Errors
/// Every difference from the published files.
pub fn verify(folders: &Folders, deep: bool) -> Result<Verified, Error> {
    super::verify::verify(folders, deep).map_err(Error)
}
