//! What is wrong with a whole file, found while its bytes are read: it cannot be decompressed, is no
//! Parquet, has a row without end. It travels as an input error and becomes a [`Problem`].

use std::io;

use thiserror::Error;

use super::column::Column;
use crate::problem::Problem;

/// One thing wrong with a file as a whole, or with one of its columns.
#[derive(Debug)]
pub struct FileError {
    /// The line from which on, if that is known.
    pub line: Option<u64>,
    /// The column, if it is about one.
    pub column: Option<&'static str>,
    /// The rule it breaks, as the end of a sentence.
    pub rule: String,
    /// What to do about it.
    pub hint: String,
}

/// Everything wrong with a file that could not be read to its end.
#[derive(Debug, Error)]
#[error("{}", self.0.iter().map(|fault| &*fault.rule).collect::<Vec<_>>().join("; "))]
pub struct FileErrors(pub Vec<FileError>);

impl FileError {
    /// A fault of the whole file.
    pub fn new(rule: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line: None, column: None, rule: rule.into(), hint: hint.into() }
    }

    /// A fault of a column, which is one of those known; of the file if it is not.
    pub fn of_column(columns: &[Column], [name, rule, hint]: [String; 3]) -> Self {
        let column = columns.iter().find(|column| column.name == name);
        Self { column: column.map(|column| column.name), ..Self::new(rule, hint) }
    }

    /// The same as a problem of a file.
    pub fn problem(self, file: &str) -> Problem {
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
