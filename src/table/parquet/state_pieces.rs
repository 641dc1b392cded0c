//! Reads a state file one row group at a time, for shards that keep only a part of its rows. The
//! whole file is never in memory.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, Series};
use polars_arrow::datatypes::Field;
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{RowGroupMetadata, read_metadata};

use super::columns::{Unreadable, arrays};
use super::read_columns::{ColumnsError, StateTable, damaged};

/// The row groups of a file that are left.
pub(super) struct RowGroups {
    path: PathBuf,
    pub(super) file: File,
    pub(super) fields: Vec<Field>,
    pub(super) groups: std::vec::IntoIter<RowGroupMetadata>,
}

impl StateTable {
    /// The rows of a file in order: all at once, or one row group at a time.
    pub(crate) fn pieces(
        path: &Path,
        at_once: bool,
    ) -> Box<dyn Iterator<Item = Result<Self, ColumnsError>>> {
        if at_once {
            return Box::new(std::iter::once(Self::read(path)));
        }
        match RowGroups::open(path) {
            Ok(groups) => Box::new(groups),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }
}

impl RowGroups {
    fn open(path: &Path) -> Result<Self, ColumnsError> {
        let file = File::open(path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => damaged(path, "is missing".to_owned()),
            _ => ColumnsError::Unreadable { path: path.to_owned(), source },
        })?;
        Self::of(path, file)
    }

    /// The row groups of an open file.
    pub(super) fn of(path: &Path, mut file: File) -> Result<Self, ColumnsError> {
        let metadata =
            read_metadata(&mut file).map_err(|error| damaged(path, error.to_string()))?;
        let schema = parquet_to_arrow_schema(metadata.schema().fields());
        let fields = schema.iter_values().cloned().collect();
        Ok(Self { path: path.to_owned(), file, fields, groups: metadata.row_groups.into_iter() })
    }

    fn read(&mut self, group: &RowGroupMetadata) -> Result<Vec<Column>, Unreadable> {
        let columns = self.fields.iter().map(|field| {
            let chunks = group.columns_under_root_iter(&field.name).into_iter().flatten();
            let [chunk] = &chunks.collect::<Vec<_>>()[..] else {
                return Err(Unreadable::Ragged(field.name.to_string()));
            };
            let arrays = arrays(&mut self.file, chunk, field, group.num_rows())?;
            let column = Series::try_from((field.name.clone(), arrays));
            Ok(column.map_err(|error| Unreadable::Polars(error.to_string()))?.into())
        });
        columns.collect()
    }
}

impl Iterator for RowGroups {
    type Item = Result<StateTable, ColumnsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let group = self.groups.next()?;
        let columns = self.read(&group).map_err(|error| damaged(&self.path, error.to_string()));
        Some(columns.and_then(|columns| StateTable::of(&self.path, group.num_rows(), columns)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Digest;
    use crate::table::parquet::StateColumns;

    #[test]
    fn pieces_are_the_whole() {
        let rows: Vec<(String, i64)> = (0..150_000).map(|it| (format!("s{it:06}"), it)).collect();
        let bytes = StateColumns::of(&rows)
            .text("id", |(id, _)| Some(id).filter(|id| id.as_str() != "s000007").map(|id| &**id))
            .word("word", |(_, number)| Some(if *number % 2 == 0 { "even" } else { "odd" }))
            .digest("digest", |_| Digest::default())
            .number("number", |(_, number)| *number)
            .to_parquet()
            .expect("encodes");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        std::fs::write(&path, bytes).expect("writes");
        let (mut first, mut count) = (0, 0);
        for piece in StateTable::pieces(&path, false) {
            let piece = piece.expect("reads");
            let whole = StateTable::read_rows(&path, first, piece.height()).expect("reads");
            assert_eq!(whole.first_difference(&piece), None);
            assert_eq!(piece.first_difference(&whole), None);
            assert_eq!(piece.digests("digest").expect("digests").len(), piece.height());
            (first, count) = (first + piece.height(), count + 1);
        }
        assert_eq!((first, count), (rows.len(), 3));
    }

    #[test]
    fn damage_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        let fails = || StateTable::pieces(&path, false).any(|piece| piece.is_err());
        assert!(fails());
        std::fs::write(&path, "PAR1").expect("writes");
        assert!(fails());
    }
}
