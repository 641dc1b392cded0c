//! Reads columns of Parquet state files as data frames of polars.

use std::collections::BTreeSet;
use std::io::{Cursor, ErrorKind};
use std::path::{Path, PathBuf};

use polars::prelude::{
    Column, DataFrame, ParallelStrategy, ParquetReader, PolarsError, SerReader as _,
};
use thiserror::Error;

use crate::hash::Digest;

/// State that cannot be written or read.
#[derive(Debug, Error)]
pub(crate) enum ColumnsError {
    /// The file cannot be opened.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file was not written by prorata.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// Parquet could not be encoded.
    #[error("cannot encode state: {0}")]
    Encode(#[from] PolarsError),
}

impl ColumnsError {
    /// Whether the file has changed since it was published, or is missing.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }

    /// The remedy, if one is known.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Damaged { .. } => Some(DAMAGED_HINT),
            Self::Unreadable { .. } | Self::Encode(_) => None,
        }
    }
}

/// So few rows are read without the rest of the file.
const FEW_ROWS: usize = 4_096;

/// The remedy for a damaged close.
pub(crate) const DAMAGED_HINT: &str = "the close is damaged; restore it from a backup";

/// A Parquet file of the register, or some of its rows and columns.
pub(crate) struct StateTable {
    path: PathBuf,
    frame: DataFrame,
}

impl StateTable {
    /// Reads a file on this thread alone, because whole files are read in parallel. Waiting for
    /// other threads could run any other queued work first.
    pub(crate) fn read(path: &Path) -> Result<Self, ColumnsError> {
        Self::read_part(path, None, None, ParallelStrategy::None)
    }

    /// Reads some columns of a file.
    pub(crate) fn read_columns(path: &Path, columns: &[&str]) -> Result<Self, ColumnsError> {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Self::read_part(path, Some(columns), None, ParallelStrategy::Auto)
    }

    /// Reads `count` rows from row `first` on; row groups outside are not read.
    pub(crate) fn read_rows(path: &Path, first: usize, count: usize) -> Result<Self, ColumnsError> {
        if (1..=FEW_ROWS).contains(&count) {
            return Self::few_rows(path, None, (first, count));
        }
        Self::read_part(path, None, Some((first, count)), ParallelStrategy::Auto)
    }

    /// Reads some columns of `count` rows from row `first` on.
    pub(crate) fn read_rows_of(
        path: &Path,
        columns: &[&str],
        (first, count): (usize, usize),
    ) -> Result<Self, ColumnsError> {
        if (1..=FEW_ROWS).contains(&count) {
            return Self::few_rows(path, Some(columns), (first, count));
        }
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Self::read_part(path, Some(columns), Some((first, count)), ParallelStrategy::Auto)
    }

    fn read_part(
        path: &Path,
        columns: Option<Vec<String>>,
        slice: Option<(usize, usize)>,
        parallel: ParallelStrategy,
    ) -> Result<Self, ColumnsError> {
        // polars would map the file, and end the process if that or a later access fails.
        let bytes = std::fs::read(path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => damaged(path, "is missing".to_owned()),
            _ => ColumnsError::Unreadable { path: path.to_owned(), source },
        })?;
        let reader = ParquetReader::new(Cursor::new(bytes)).read_parallel(parallel);
        let reader = reader.with_columns(columns).with_slice(slice);
        let frame = reader.finish().map_err(|error| damaged(path, error.to_string()))?;
        Ok(Self { path: path.to_owned(), frame })
    }

    /// A table of these columns.
    pub(super) fn of(path: &Path, rows: usize, columns: Vec<Column>) -> Result<Self, ColumnsError> {
        let frame =
            DataFrame::new(rows, columns).map_err(|error| damaged(path, error.to_string()))?;
        Ok(Self { path: path.to_owned(), frame })
    }

    /// Its data frame.
    pub(super) fn into_frame(self) -> DataFrame {
        self.frame
    }

    /// The number of rows.
    pub(crate) fn height(&self) -> usize {
        self.frame.height()
    }

    /// Whether the column exists.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.frame.column(name).is_ok()
    }

    /// A column of texts without nulls.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, ColumnsError> {
        self.optional_texts(name)?
            .into_iter()
            .map(|text| text.ok_or_else(|| damaged(&self.path, format!("{name} has gaps"))))
            .collect()
    }

    /// A column of texts, possibly null.
    pub(crate) fn optional_texts(&self, name: &str) -> Result<Vec<Option<&str>>, ColumnsError> {
        let column = self.frame.column(name).and_then(Column::str);
        let texts = column.map_err(|error| damaged(&self.path, error.to_string()))?;
        Ok(texts.iter().collect())
    }

    /// A column of digests.
    pub(crate) fn digests(&self, name: &str) -> Result<Vec<Digest>, ColumnsError> {
        let texts = self.texts(name)?.into_iter();
        let damaged = || self.damaged(format!("{name} has something that is no digest"));
        texts.map(|text| Digest::parse(text).ok_or_else(damaged)).collect()
    }

    /// A column of numbers without nulls.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<i64>, ColumnsError> {
        let column = self.frame.column(name).and_then(Column::i64);
        let numbers = column.map_err(|error| damaged(&self.path, error.to_string()))?;
        numbers
            .iter()
            .map(|number| number.ok_or_else(|| damaged(&self.path, format!("{name} has gaps"))))
            .collect()
    }

    /// A column of numbers; zeros if an older file lacks it.
    pub(crate) fn numbers_or_zeros(&self, name: &str) -> Result<Vec<i64>, ColumnsError> {
        let is_there = self.frame.get_column_names().iter().any(|column| column.as_str() == name);
        if is_there { self.numbers(name) } else { Ok(vec![0; self.height()]) }
    }

    /// Compares the columns that both tables have, and names the first difference.
    pub(crate) fn first_difference(&self, other: &Self) -> Option<String> {
        let (was, is) = (&self.frame, &other.frame);
        if was.height() != is.height() {
            let (was, is) = (was.height(), is.height());
            return Some(format!("has {was} rows, and the inputs give {is}"));
        }
        let pairs = was.columns().iter().filter_map(|was| Some((was, is.column(was.name()).ok()?)));
        let mut differing = pairs.filter(|(was, is)| !was.equals_missing(is));
        let (was, is) = differing.next()?;
        let row = (0..was.len()).find(|row| was.get(*row).ok() != is.get(*row).ok())?;
        let shown = |column: &Column| column.get(row).map(|it| it.to_string()).unwrap_or_default();
        Some(format!(
            "{} of row {} is {}, and the inputs give {}",
            was.name(),
            row + 1,
            shown(was),
            shown(is)
        ))
    }

    /// The error for a damaged file.
    pub(crate) fn damaged(&self, reason: impl Into<String>) -> ColumnsError {
        damaged(&self.path, reason.into())
    }
}

/// So few keys are looked up one by one.
const FEW_KEYS: usize = 16;

/// The runs of rows, as first and count, whose key is in `wanted`. The file is sorted by the key,
/// and at most the key column is read.
pub(crate) fn runs(
    path: &Path,
    key: &str,
    wanted: &BTreeSet<&str>,
) -> Result<Vec<(usize, usize)>, ColumnsError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    if wanted.len() <= FEW_KEYS {
        return StateTable::few_runs(path, key, wanted);
    }
    let table = StateTable::read_columns(path, &[key])?;
    let keys = table.texts(key)?;
    let runs = wanted.iter().map(|id| {
        let first = keys.partition_point(|other| other < id);
        (first, keys[first..].partition_point(|other| other == id))
    });
    Ok(runs.filter(|(_, count)| *count > 0).collect())
}

pub(super) fn damaged(path: &Path, reason: String) -> ColumnsError {
    ColumnsError::Damaged { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::parquet::write_columns::StateColumns;

    #[test]
    fn what_is_written_is_read_back_in_part() {
        let numbers: Vec<i64> = (0..100_000).collect();
        let ids: Vec<String> = numbers.iter().map(|number| format!("s{number:06}")).collect();
        let rows: Vec<(&i64, &String)> = numbers.iter().zip(&ids).collect();
        let columns = StateColumns::of(&rows).text("id", |(_, id)| Some(id));
        let bytes = columns.number("number", |(number, _)| **number).to_parquet();
        let bytes = bytes.expect("encodes");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        std::fs::write(&path, bytes).expect("writes");
        let part = StateTable::read_rows(&path, 70_000, 2).expect("reads");
        assert_eq!(part.texts("id").expect("texts"), ["s070000", "s070001"]);
        assert_eq!(part.numbers("number").expect("numbers"), [70_000, 70_001]);
        assert!(part.numbers("id").is_err() && part.texts("absent").is_err());
    }
}
