//! Errors of a whole file, found while reading its bytes: failed decompression, invalid Parquet, a
//! row without end. They are passed as I/O errors and become a [`Problem`].

use std::io;

use thiserror::Error;

use super::names::NamedColumn;
use crate::problem::Problem;

/// One error of a whole file or of one of its columns.
#[derive(Debug)]
pub(crate) struct FileError {
    /// The line where it begins, if known.
    pub(crate) line: Option<u64>,
    /// The column, if it concerns one.
    pub(crate) column: Option<&'static str>,
    /// The broken rule, as the end of a sentence.
    pub(crate) rule: String,
    /// The remedy.
    pub(crate) hint: String,
}

/// The rule and the remedy for a table of more text than the settings allow.
pub(crate) fn oversize(most_mib: u64) -> [String; 2] {
    [
        format!("has more than {most_mib} MiB of text, which is the limit"),
        "check where the file comes from; if it is right, raise input.max_table_mib in \
         billing.toml"
            .to_owned(),
    ]
}

/// All errors of a file that could not be read to its end.
#[derive(Debug, Error)]
#[error("{}", self.0.iter().map(|fault| &*fault.rule).collect::<Vec<_>>().join("; "))]
pub(crate) struct FileErrors(pub(crate) Vec<FileError>);

impl FileError {
    /// An error of the whole file.
    pub(crate) fn new(rule: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line: None, column: None, rule: rule.into(), hint: hint.into() }
    }

    /// An error of a known column; otherwise an error of the file.
    pub(crate) fn of_column(columns: &[NamedColumn<'_>], [name, rule, hint]: [String; 3]) -> Self {
        let column = columns.iter().find(|(_, theirs)| *theirs == name);
        Self { column: column.map(|(ours, _)| *ours), ..Self::new(rule, hint) }
    }

    /// Converts it to a problem of a file.
    pub(crate) fn problem(self, file: &str) -> Problem {
        let Self { line, column, rule, hint } = self;
        Problem { file: file.to_owned(), line, column, value: None, rule, hint }
    }
}

impl From<FileError> for io::Error {
    fn from(fault: FileError) -> Self {
        Self::other(FileErrors(vec![fault]))
    }
}

impl From<FileErrors> for io::Error {
    fn from(faults: FileErrors) -> Self {
        Self::other(faults)
    }
}
