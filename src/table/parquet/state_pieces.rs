//! Reads a state file one row group at a time, for shards that keep only a part of its rows, and for
//! the few rows of one account. The whole file is never in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::ErrorKind;
use std::ops::Range;
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

/// The row groups of a file that is sorted by a key.
struct SortedGroups<'k> {
    key: &'k str,
    file: RowGroups,
    groups: Vec<RowGroupMetadata>,
    /// The keys of the groups that were looked at.
    keys: BTreeMap<usize, StateTable>,
}

impl<'k> SortedGroups<'k> {
    fn open(path: &Path, key: &'k str) -> Result<Self, ColumnsError> {
        let mut file = RowGroups::open(path)?;
        let groups = std::mem::take(&mut file.groups).filter(|group| group.num_rows() > 0);
        Ok(Self { key, groups: groups.collect(), file, keys: BTreeMap::new() })
    }

    fn keys_of(&mut self, group: usize) -> Result<Vec<&str>, ColumnsError> {
        if !self.keys.contains_key(&group) {
            let table = self.file.table(&self.groups[group], |name| name == self.key)?;
            self.keys.insert(group, table);
        }
        self.keys[&group].texts(self.key)
    }

    /// The groups that may have rows of a key.
    fn with(&mut self, wanted: &str) -> Result<Range<usize>, ColumnsError> {
        let first = self.first_from(|key| key >= wanted)?.saturating_sub(1);
        Ok(first..self.first_from(|key| key > wanted)?)
    }

    /// The first group whose first key comes so late.
    fn first_from(&mut self, is_late: impl Fn(&str) -> bool) -> Result<usize, ColumnsError> {
        let mut range = 0..self.groups.len();
        while !range.is_empty() {
            let middle = range.start + range.len() / 2;
            // Groups without rows were left out.
            if is_late(self.keys_of(middle)?[0]) {
                range.end = middle;
            } else {
                range.start = middle + 1;
            }
        }
        Ok(range.start)
    }
}

impl StateTable {
    /// The row groups of a file, sorted by a key, that may have rows of some keys. Only these groups,
    /// and the keys of a few others, are read.
    pub(crate) fn pieces_with(
        path: &Path,
        key: &str,
        wanted: &BTreeSet<&str>,
    ) -> Result<Vec<Self>, ColumnsError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut sorted = SortedGroups::open(path, key)?;
        let mut found = BTreeSet::new();
        for id in wanted {
            found.extend(sorted.with(id)?);
        }
        let SortedGroups { mut file, groups, .. } = sorted;
        found.into_iter().map(|group| file.table(&groups[group], |_| true)).collect()
    }

    /// The runs of rows of few keys, as first and count, in a file that is sorted by the key.
    pub(super) fn few_runs(
        path: &Path,
        key: &str,
        wanted: &BTreeSet<&str>,
    ) -> Result<Vec<(usize, usize)>, ColumnsError> {
        let mut sorted = SortedGroups::open(path, key)?;
        let rows = sorted.groups.iter().map(RowGroupMetadata::num_rows);
        let mut starts = vec![0];
        rows.for_each(|rows| starts.push(starts[starts.len() - 1] + rows));
        let mut runs = Vec::new();
        for id in wanted {
            let mut run: Option<(usize, usize)> = None;
            for group in sorted.with(id)? {
                let keys = sorted.keys_of(group)?;
                let first = keys.partition_point(|other| other < id);
                let count = keys[first..].partition_point(|other| other == id);
                if count > 0 {
                    let (first, before) = run.unwrap_or((starts[group] + first, 0));
                    run = Some((first, before + count));
                }
            }
            runs.extend(run);
        }
        Ok(runs)
    }

    /// Some columns, or all, of `count` rows from row `first` on, which lie in few row groups.
    pub(super) fn few_rows(
        path: &Path,
        columns: Option<&[&str]>,
        (first, count): (usize, usize),
    ) -> Result<Self, ColumnsError> {
        let mut file = RowGroups::open(path)?;
        let is_wanted = |name: &str| columns.is_none_or(|columns| columns.contains(&name));
        let mut found: Option<Vec<Column>> = None;
        let mut start = 0;
        for group in std::mem::take(&mut file.groups) {
            let rows = start..start + group.num_rows();
            start = rows.end;
            let (from, to) = (first.max(rows.start), (first + count).min(rows.end));
            if from >= to {
                continue;
            }
            let offset = i64::try_from(from - rows.start).expect("a group has few rows");
            let columns = file.columns(&group, is_wanted).map_err(|error| file.damaged(&error))?;
            let columns = columns.iter().map(|column| column.slice(offset, to - from));
            match &mut found {
                None => found = Some(columns.collect()),
                Some(found) => {
                    for (column, more) in found.iter_mut().zip(columns) {
                        column.append(&more).map_err(|error| damaged(path, error.to_string()))?;
                    }
                }
            }
        }
        let found = found.unwrap_or_default();
        Self::of(path, found.first().map_or(0, Column::len), found)
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

    fn damaged(&self, error: &Unreadable) -> ColumnsError {
        damaged(&self.path, error.to_string())
    }

    /// The wanted columns of a group.
    fn table(
        &mut self,
        group: &RowGroupMetadata,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<StateTable, ColumnsError> {
        let columns = self.columns(group, is_wanted).map_err(|error| self.damaged(&error))?;
        StateTable::of(&self.path, group.num_rows(), columns)
    }

    fn columns(
        &mut self,
        group: &RowGroupMetadata,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Column>, Unreadable> {
        let columns = self.fields.iter().filter(|field| is_wanted(&field.name)).map(|field| {
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
        Some(self.table(&group, |_| true))
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
    fn few_rows_are_found_wherever_groups_end() {
        // Runs of a key begin and end in groups of their own.
        let ids: Vec<String> = (0..200_000).map(|it| format!("s{:06}", it / 40_000 * 3)).collect();
        let bytes = StateColumns::of(&ids).text("id", |id| Some(id)).number("n", |_| 7);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        std::fs::write(&path, bytes.to_parquet().expect("encodes")).expect("writes");
        let every = ["", "s000000", "s000001", "s000003", "s000006", "s000009", "s000012", "s9"];
        for id in every {
            let wanted = BTreeSet::from([id]);
            let rows = ids.iter().filter(|it| *it == id).count();
            let pieces = StateTable::pieces_with(&path, "id", &wanted).expect("reads");
            let found = pieces.iter().flat_map(|it| it.texts("id").expect("texts"));
            assert_eq!(found.filter(|it| *it == id).count(), rows, "{id}");
            let first = ids.iter().position(|it| it == id).map(|first| (first, rows));
            let runs = StateTable::few_runs(&path, "id", &wanted).expect("reads");
            assert_eq!(runs, Vec::from_iter(first), "{id}");
            if let Some((first, count)) = first {
                let few = StateTable::few_rows(&path, None, (first, count)).expect("reads");
                assert_eq!((few.height(), few.texts("id").expect("texts")[count - 1]), (count, id));
                let column = StateTable::few_rows(&path, Some(&["n"]), (first, 1)).expect("reads");
                assert_eq!((column.height(), column.has("id")), (1, false));
            }
        }
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
