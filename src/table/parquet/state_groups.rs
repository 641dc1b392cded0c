//! Reads a state file row group by row group, and makes columns of its rows again. The values of a
//! group are kept small, because a merge has a group of every shard in memory.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec::IntoIter;

use polars_arrow::array::{Array, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::Field;
use polars_parquet::read::RowGroupMetadata;
use rayon::prelude::*;

use super::columns::{Unreadable, arrays_of, bytes_of};
use super::distinct::{Distinct, DistinctWord};
use super::read_columns::{ColumnsError, damaged};
use super::state_pieces::RowGroups;
use super::state_writer::{ColumnKind, StateLayout, TAX_PARTS};
use super::write_columns::StateColumns;
use crate::value::Instant;

/// A state file that is read from its first group to its last.
pub(crate) struct StateGroups {
    path: PathBuf,
    file: File,
    columns: Vec<(Field, ColumnKind)>,
    /// Whether no row has several taxes, and other files of the layout have such rows.
    lacks_parts: bool,
    groups: IntoIter<RowGroupMetadata>,
}

impl StateGroups {
    /// Whether a file has the column of several taxes.
    pub(crate) fn has_tax_parts(path: &Path) -> Result<bool, ColumnsError> {
        let file = File::open(path)
            .map_err(|source| ColumnsError::Unreadable { path: path.to_owned(), source })?;
        let RowGroups { fields, .. } = RowGroups::of(path, file)?;
        Ok(fields.last().is_some_and(|field| field.name == TAX_PARTS.0))
    }

    /// Opens a file that must have exactly the columns of a layout, but for that of several taxes.
    pub(crate) fn open(path: &Path, layout: &StateLayout) -> Result<Self, ColumnsError> {
        let file = File::open(path)
            .map_err(|source| ColumnsError::Unreadable { path: path.to_owned(), source })?;
        let RowGroups { file, fields, groups, .. } = RowGroups::of(path, file)?;
        let found = fields.iter().map(|field| (field.name.as_str(), field.dtype.clone()));
        let most =
            layout.iter().filter(|column| **column != TAX_PARTS || fields.len() == layout.len());
        if !found.eq(most.map(|(name, kind)| (*name, kind.dtype()))) {
            return Err(damaged(path, "has other columns".to_owned()));
        }
        let kinds = layout.iter().map(|(_, kind)| *kind);
        let lacks_parts = fields.len() < layout.len();
        let columns = fields.into_iter().zip(kinds).collect();
        Ok(Self { path: path.to_owned(), file, columns, lacks_parts, groups })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The first row of the next group; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<StateRow>, ColumnsError> {
        while let Some(group) = self.groups.next() {
            let group = self.read(&group);
            let group = group.map_err(|error| damaged(&self.path, error.to_string()))?;
            if group.rows > 0 {
                return Ok(Some(StateRow::of(&Arc::new(group), 0)));
            }
        }
        Ok(None)
    }

    fn read(&mut self, group: &RowGroupMetadata) -> Result<StateGroup, Unreadable> {
        let Self { file, columns, .. } = &mut *self;
        let (chunks, rows) = (group.parquet_columns(), group.num_rows());
        let bytes = columns.iter().zip(chunks);
        let bytes = bytes.map(|((field, _), chunk)| bytes_of(file, chunk, field, rows));
        let bytes: Vec<Vec<u8>> = bytes.collect::<Result<_, _>>()?;
        let columns = columns.par_iter().zip(chunks).zip(bytes);
        let columns = columns.map(|(((field, kind), chunk), bytes)| {
            let arrays = arrays_of(bytes, chunk, field, rows)?;
            Cells::of(&arrays, *kind).ok_or_else(|| Unreadable::Ragged(field.name.to_string()))
        });
        let mut columns = columns.collect::<Result<Vec<Cells>, _>>()?;
        if self.lacks_parts {
            columns.push(Cells::Words { values: Vec::new(), places: vec![NONE; rows] });
        }
        Ok(StateGroup { rows, columns })
    }
}

/// The rows of a group.
#[derive(Debug)]
struct StateGroup {
    rows: usize,
    columns: Vec<Cells>,
}

impl StateGroup {
    fn text(&self, column: usize, row: usize) -> Option<&str> {
        match &self.columns[column] {
            Cells::Texts(texts) => texts.get(row),
            Cells::Words { values, places } => {
                values.get(usize::from(places[row])).map(|value| &**value)
            }
            Cells::Numbers(_) | Cells::FewNumbers { .. } => None,
        }
    }

    fn number(&self, column: usize, row: usize) -> i64 {
        match &self.columns[column] {
            Cells::Numbers(numbers) => numbers[row],
            Cells::FewNumbers { values, places } => values[usize::from(places[row])],
            Cells::Texts(_) | Cells::Words { .. } => 0,
        }
    }
}

/// A row of a group.
#[derive(Clone, Debug)]
pub(crate) struct StateRow {
    group: Arc<StateGroup>,
    row: usize,
}

impl StateRow {
    fn of(group: &Arc<StateGroup>, row: usize) -> Self {
        Self { group: Arc::clone(group), row }
    }

    /// The next row of the group; `None` at its end.
    pub(crate) fn following(&self) -> Option<Self> {
        let row = self.row + 1;
        (row < self.group.rows).then(|| Self::of(&self.group, row))
    }

    /// A text; `None` if it is missing.
    pub(crate) fn text(&self, column: usize) -> Option<&str> {
        self.group.text(column, self.row)
    }

    /// A number; zero in a column of texts.
    pub(crate) fn number(&self, column: usize) -> i64 {
        self.group.number(column, self.row)
    }

    /// Whether all values are equal.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        let columns = 0..self.group.columns.len();
        columns.into_iter().all(|column| {
            self.text(column) == other.text(column) && self.number(column) == other.number(column)
        })
    }

    /// Columns of such rows, encoded as in the files that they were read from.
    pub(crate) fn columns<'a>(layout: &StateLayout, rows: &'a [Self]) -> StateColumns<'a, Self> {
        let columns = layout.iter().enumerate();
        columns.fold(StateColumns::of(rows), |columns, (index, (name, kind))| match kind {
            ColumnKind::Text => columns.text(name, move |row: &Self| row.text(index)),
            ColumnKind::Word => columns.word(name, move |row: &Self| row.text(index)),
            ColumnKind::Number => columns.number(name, move |row: &Self| row.number(index)),
            ColumnKind::Instant => columns
                .instant(name, move |row: &Self| Instant::from_unix_seconds(row.number(index))),
        })
    }
}

/// The values of a column in a group.
#[derive(Debug)]
enum Cells {
    Texts(Texts),
    /// Distinct texts, and the index of each row's text; [`NONE`] if it is missing.
    Words {
        values: Vec<Box<str>>,
        places: Vec<u16>,
    },
    Numbers(Vec<i64>),
    /// Distinct numbers, and the index of each row's number.
    FewNumbers {
        values: Vec<i64>,
        places: Vec<u16>,
    },
}

/// The index of a missing text, beyond all values.
const NONE: u16 = u16::MAX;

impl Cells {
    /// `None` if the arrays have another type, or no value where each row needs one.
    fn of(arrays: &[Box<dyn Array>], kind: ColumnKind) -> Option<Self> {
        match kind {
            ColumnKind::Text => Texts::of(texts(arrays)?).map(Self::Texts),
            ColumnKind::Word => Self::words(texts(arrays)?),
            ColumnKind::Number => numbers(arrays).map(Self::few_numbers),
            ColumnKind::Instant => numbers(arrays).map(Self::Numbers),
        }
    }

    /// Few distinct numbers, unless there are many.
    fn few_numbers(numbers: Vec<i64>) -> Self {
        let mut distinct = Distinct::with_room(numbers.len());
        for number in &numbers {
            distinct.add(Some(*number));
        }
        let (values, places) = distinct.into_parts();
        if values.len() > numbers.len() / 2 {
            return Self::Numbers(numbers);
        }
        match places.map(|place| u16::try_from(place?).ok()).collect() {
            Some(places) => Self::FewNumbers { values, places },
            None => Self::Numbers(numbers),
        }
    }

    /// Words, unless there are too many different ones.
    fn words<'a>(texts: impl Iterator<Item = Option<&'a str>> + Clone) -> Option<Self> {
        let mut words = Distinct::with_room(texts.size_hint().0);
        texts.clone().for_each(|text| words.add(text.map(DistinctWord)));
        let (values, places) = words.into_parts();
        if values.len() >= usize::from(NONE) {
            return Texts::of(texts).map(Self::Texts);
        }
        let place = |place: Option<u32>| place.and_then(|it| u16::try_from(it).ok());
        let places = places.map(|it| place(it).unwrap_or(NONE)).collect();
        let values = values.into_iter().map(|DistinctWord(text)| text.into()).collect();
        Some(Self::Words { values, places })
    }
}

/// Texts in one buffer.
#[derive(Debug, Default)]
struct Texts {
    bytes: String,
    /// The end of each row's text.
    ends: Vec<u32>,
    /// Whether each row's text is missing; empty if none is.
    gaps: Vec<bool>,
}

impl Texts {
    /// `None` if they are longer than 4 GiB.
    fn of<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> Option<Self> {
        let mut all = Self::default();
        let mut gaps = Vec::new();
        for text in texts {
            all.bytes.push_str(text.unwrap_or_default());
            all.ends.push(u32::try_from(all.bytes.len()).ok()?);
            gaps.push(text.is_none());
        }
        if gaps.contains(&true) {
            all.gaps = gaps;
        }
        all.bytes.shrink_to_fit();
        all.ends.shrink_to_fit();
        Some(all)
    }

    fn get(&self, row: usize) -> Option<&str> {
        if self.gaps.get(row) == Some(&true) {
            return None;
        }
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes.get(start as usize..self.ends[row] as usize)
    }
}

/// The texts of a column; `None` if it has another type.
fn texts(arrays: &[Box<dyn Array>]) -> Option<impl Iterator<Item = Option<&str>> + Clone> {
    let arrays = arrays.iter().map(|array| array.as_any().downcast_ref::<Utf8ViewArray>());
    let arrays: Vec<&Utf8ViewArray> = arrays.collect::<Option<_>>()?;
    Some(arrays.into_iter().flat_map(|array| array.iter()))
}

/// The numbers of a column; `None` if it has another type, or a row has none.
fn numbers(arrays: &[Box<dyn Array>]) -> Option<Vec<i64>> {
    let mut numbers = Vec::with_capacity(arrays.iter().map(|array| array.len()).sum());
    for array in arrays {
        let array = array.as_any().downcast_ref::<PrimitiveArray<i64>>()?;
        if array.null_count() > 0 {
            return None;
        }
        numbers.extend_from_slice(array.values());
    }
    Some(numbers)
}
