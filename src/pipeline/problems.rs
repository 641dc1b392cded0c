//! Writes the problems of the input to a file, and shows the first of them.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::RunError;
use crate::access::FileMode;
use crate::pipeline::problem_list::listing;
use crate::problem::Problems;
use crate::publish::PROBLEMS;
use crate::render::csv::problems_csv;

/// Writes the problems to `problems.csv` in the output folder, and removes the file when there are
/// none. A failure here does not change the result, because the problems are printed as well.
pub(crate) fn keep<T>(result: Result<T, RunError>, output: &Path) -> Result<T, RunError> {
    let file = output.join(PROBLEMS);
    match result {
        Ok(_) | Err(RunError::AfterPublishing { .. }) => {
            let _ = std::fs::remove_file(file);
            result
        }
        Err(RunError::Problems { problems, note, .. }) => {
            let listed = write(&file, &problems);
            Err(RunError::Problems { problems, listed, note })
        }
        Err(other) => Err(other),
    }
}

/// Writes the problems of the accounts that a close withheld.
pub(crate) fn keep_withheld(problems: &Problems, output: &Path) -> Option<String> {
    let file = output.join(PROBLEMS);
    (!problems.is_empty()).then(|| listing(problems, write(&file, problems).as_ref()))
}

/// Writes the file; `None` if it cannot be written. The settings may be among the problems, so its
/// mode is the default.
fn write(file: &Path, problems: &Problems) -> Option<PathBuf> {
    let _ = std::fs::remove_file(file);
    let mut created = FileMode::default().create_new(file).ok()?;
    created.write_all(&problems_csv(problems.kept())).is_ok().then(|| file.to_owned())
}
