//! Writes rows as Parquet bytes. A column with few distinct values becomes a dictionary, and every
//! other column is written plainly; the caller says which to expect.
//!
//! It uses the arrays of polars-parquet directly, because they are faster than data frames. The
//! bytes depend only on the rows, because groups have a fixed size.

use std::hash::Hash;

use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::write::{CompressedPage, Encoding, ParquetType, array_to_columns, compress};
use rayon::prelude::*;
use rust_decimal::Decimal;

use super::distinct::{Distinct, DistinctWord};
use super::read_columns::ColumnsError;
use super::state_writer::{ColumnKind, EncodedGroup, StateLayout, StateWriter, options};
use super::texts::TextColumn;
use crate::hash::Digest;
use crate::value::Instant;

/// Rows that are read or skipped together.
pub(crate) const ROWS_IN_A_GROUP: usize = 65_536;

/// Rows that stay in the cache while their columns are collected.
const ROWS_AT_A_TIME: usize = 512;

/// A function that extracts a value, callable from any thread.
pub(crate) trait Of<R, V>: Fn(R) -> V + Copy + Send + Sync {}

impl<R, V, F: Fn(R) -> V + Copy + Send + Sync> Of<R, V> for F {}

/// Rows, and the columns derived from them.
#[must_use]
pub(crate) struct StateColumns<'a, T> {
    rows: &'a [T],
    columns: Vec<StateColumn<'a, T>>,
}

struct StateColumn<'a, T> {
    name: &'static str,
    kind: ColumnKind,
    /// Creates a collector with capacity for some rows.
    begin: Box<dyn Fn(usize) -> Box<dyn Gathering<'a, T> + 'a> + Send + Sync + 'a>,
}

/// Collects the values of a column in a group of rows.
trait Gathering<'a, T>: Send {
    fn add(&mut self, rows: &'a [T]);
    fn array(self: Box<Self>) -> Box<dyn Array>;
}

/// A growable column of values.
trait ColumnBuilder: Send {
    /// An empty column with capacity for `rows` rows.
    fn with_room(rows: usize) -> Self;
}

impl ColumnBuilder for TextColumn {
    fn with_room(rows: usize) -> Self {
        Self::with_room(rows)
    }
}

impl ColumnBuilder for Vec<i64> {
    fn with_room(rows: usize) -> Self {
        Self::with_capacity(rows)
    }
}

impl<V: Copy + Eq + Hash + Send> ColumnBuilder for Distinct<V> {
    fn with_room(rows: usize) -> Self {
        Self::with_room(rows)
    }
}

/// Values that are added row by row and finally become an array.
struct Values<V, A, E> {
    so_far: V,
    add: A,
    end: E,
}

impl<'a, T, V, A, E> Gathering<'a, T> for Values<V, A, E>
where
    V: Send,
    A: Fn(&mut V, &'a T) + Send,
    E: Fn(V) -> Box<dyn Array> + Send,
{
    fn add(&mut self, rows: &'a [T]) {
        for row in rows {
            (self.add)(&mut self.so_far, row);
        }
    }

    fn array(self: Box<Self>) -> Box<dyn Array> {
        (self.end)(self.so_far)
    }
}

impl<'a, T: Sync> StateColumns<'a, T> {
    pub(crate) fn of(rows: &'a [T]) -> Self {
        Self { rows, columns: Vec::new() }
    }

    /// A column of texts, mostly distinct; `None` becomes null.
    pub(crate) fn text(self, name: &'static str, of: impl Of<&'a T, Option<&'a str>> + 'a) -> Self {
        let add = move |texts: &mut TextColumn, row| texts.add(of(row));
        self.column(name, ColumnKind::Text, add, TextColumn::array)
    }

    /// A column of digests in hexadecimal.
    pub(crate) fn digest(self, name: &'static str, of: impl Of<&'a T, Digest> + 'a) -> Self {
        let add = move |texts: &mut TextColumn, row| texts.add(Some(of(row).hexadecimal()));
        self.column(name, ColumnKind::Text, add, TextColumn::array)
    }

    /// A column of few distinct texts; `None` becomes null.
    pub(crate) fn word(self, name: &'static str, of: impl Of<&'a T, Option<&'a str>> + 'a) -> Self {
        let add =
            move |words: &mut Distinct<DistinctWord<'a>>, row| words.add(of(row).map(DistinctWord));
        self.column(name, ColumnKind::Word, add, |words| {
            words.array(|values| {
                values
                    .map(|word| word.map(|DistinctWord(text)| text))
                    .collect::<TextColumn>()
                    .array()
            })
        })
    }

    /// A column of few distinct values, each converted to text once.
    pub(crate) fn word_for<V: Copy + Eq + Hash + Send + 'a>(
        self,
        name: &'static str,
        of: impl Of<&'a T, Option<V>> + 'a,
        text: impl Of<V, String> + 'a,
    ) -> Self {
        let add = move |words: &mut Distinct<V>, row| words.add(of(row));
        self.column(name, ColumnKind::Word, add, move |words| {
            words
                .array(|values| values.map(|value| value.map(text)).collect::<TextColumn>().array())
        })
    }

    /// A column of few distinct decimals as texts with all their digits: 1.0 and 1.00 differ.
    pub(crate) fn decimal(
        self,
        name: &'static str,
        of: impl Of<&'a T, Option<Decimal>> + 'a,
    ) -> Self {
        let digits = move |row| of(row).map(|decimal| decimal.serialize());
        self.word_for(name, digits, |digits| Decimal::deserialize(digits).to_string())
    }

    pub(crate) fn number(self, name: &'static str, of: impl Of<&'a T, i64> + 'a) -> Self {
        let add = move |numbers: &mut Distinct<i64>, row| numbers.add(Some(of(row)));
        self.column(name, ColumnKind::Number, add, |numbers| {
            numbers.array(|values| values.collect::<PrimitiveArray<i64>>().boxed())
        })
    }

    /// A column of instants, as seconds since 1970: mostly distinct, but close together.
    pub(crate) fn instant(self, name: &'static str, of: impl Of<&'a T, Instant> + 'a) -> Self {
        let add = move |seconds: &mut Vec<i64>, row| seconds.push(of(row).unix_seconds());
        self.column(name, ColumnKind::Instant, add, |seconds| {
            PrimitiveArray::from_vec(seconds).boxed()
        })
    }

    fn column<V: ColumnBuilder + 'a>(
        mut self,
        name: &'static str,
        kind: ColumnKind,
        add: impl Fn(&mut V, &'a T) + Copy + Send + Sync + 'a,
        end: impl Of<V, Box<dyn Array>> + 'a,
    ) -> Self {
        let begin = Box::new(move |rows| -> Box<dyn Gathering<'a, T> + 'a> {
            Box::new(Values { so_far: V::with_room(rows), add, end })
        });
        self.columns.push(StateColumn { name, kind, begin });
        self
    }

    /// The names and kinds of the columns.
    pub(crate) fn layout(&self) -> StateLayout {
        self.columns.iter().map(|column| (column.name, column.kind)).collect()
    }

    pub(crate) fn to_parquet(&self) -> Result<Vec<u8>, ColumnsError> {
        let mut file = StateWriter::begin(&self.layout())?;
        // Keep no more groups in memory than there are threads.
        for rows in self.rows.chunks(ROWS_IN_A_GROUP * rayon::current_num_threads()) {
            for group in self.encoded(rows, &file)? {
                file.add(&group)?;
            }
        }
        file.end()
    }

    /// All rows as groups of a file.
    pub(crate) fn groups(&self, file: &StateWriter) -> Result<Vec<EncodedGroup>, ColumnsError> {
        self.encoded(self.rows, file)
    }

    fn encoded(
        &self,
        rows: &'a [T],
        file: &StateWriter,
    ) -> Result<Vec<EncodedGroup>, ColumnsError> {
        let groups = rows.par_chunks(ROWS_IN_A_GROUP).map(|group| {
            let columns = self.pages(group, file.types())?;
            Ok(EncodedGroup { rows: group.len(), columns })
        });
        groups.collect()
    }

    /// The columns of a group. A few rows at a time are collected, so that the data of a row is
    /// loaded from memory once, not for every column.
    fn pages(
        &self,
        group: &'a [T],
        types: &[ParquetType],
    ) -> Result<Vec<Vec<CompressedPage>>, ColumnsError> {
        let begun = self.columns.iter().map(|column| (column.begin)(group.len()));
        let mut gathered: Vec<_> = begun.collect();
        for rows in group.chunks(ROWS_AT_A_TIME) {
            for column in &mut gathered {
                column.add(rows);
            }
        }
        let columns = gathered.into_par_iter().zip(&self.columns).zip(types);
        columns.map(|((values, column), kind)| column.pages(values.array(), kind)).collect()
    }
}

impl<T> StateColumn<'_, T> {
    fn pages(
        &self,
        array: Box<dyn Array>,
        kind: &ParquetType,
    ) -> Result<Vec<CompressedPage>, ColumnsError> {
        let encoding = match array.dtype() {
            ArrowDataType::Dictionary(..) => Encoding::RleDictionary,
            _ => self.kind.encoding(),
        };
        let pages = array_to_columns(array, kind.clone(), options(), &[encoding])?;
        pages
            .into_iter()
            .flatten()
            .map(|page| {
                let page = compress(page?, Vec::new(), options().compression);
                Ok(page.map_err(polars::error::PolarsError::from)?)
            })
            .collect()
    }
}
