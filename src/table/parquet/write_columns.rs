//! Rows to Parquet bytes. A column of few different values becomes a dictionary with the places in it,
//! every other is written as it is; which it is likely to be, who names the columns says.
//!
//! It goes below data frames, to the arrays of polars-parquet, whose code is built to be fast. The
//! bytes depend on the rows alone: groups are of a fixed size.

use std::hash::Hash;

use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter,
    ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, compress,
    fallible_streaming_iterator,
};
use rayon::prelude::*;
use rust_decimal::Decimal;

use super::distinct::{Distinct, DistinctWord};
use super::read_columns::ColumnsError;
use super::texts::TextColumn;
use crate::hash::Digest;
use crate::value::Instant;

/// Rows that are read and skipped together.
const ROWS_IN_A_GROUP: usize = 65_536;

/// Rows that stay in a cache while their values are gathered, column by column.
const ROWS_AT_A_TIME: usize = 512;

/// What makes one thing of another, as often as needed and in any thread.
pub trait Of<R, V>: Fn(R) -> V + Copy + Send + Sync {}

impl<R, V, F: Fn(R) -> V + Copy + Send + Sync> Of<R, V> for F {}

/// Rows, and the columns that are made of them.
#[must_use]
pub struct StateColumns<'a, T> {
    rows: &'a [T],
    columns: Vec<StateColumn<'a, T>>,
}

struct StateColumn<'a, T> {
    name: &'static str,
    /// As readers see it.
    dtype: ArrowDataType,
    /// Of values that are not in a dictionary.
    encoding: Encoding,
    /// With room for so many rows.
    begin: Box<dyn Fn(usize) -> Box<dyn Gathering<'a, T> + 'a> + Send + Sync + 'a>,
}

/// The values of a column in a group of rows, as they are gathered.
trait Gathering<'a, T>: Send {
    fn add(&mut self, rows: &'a [T]);
    fn array(self: Box<Self>) -> Box<dyn Array>;
}

/// What values of rows are gathered in.
trait ColumnBuilder: Send {
    /// Nothing yet, but room for so many rows.
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

/// Values that are added row by row, and in the end become an array.
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
    /// No columns yet.
    pub fn of(rows: &'a [T]) -> Self {
        Self { rows, columns: Vec::new() }
    }

    /// A column of texts, most of them different; `None` is left empty.
    pub fn text(self, name: &'static str, of: impl Of<&'a T, Option<&'a str>> + 'a) -> Self {
        self.texts(name, move |texts: &mut TextColumn, row| texts.add(of(row)), TextColumn::array)
    }

    /// A column of digests, in hexadecimal.
    pub fn digest(self, name: &'static str, of: impl Of<&'a T, Digest> + 'a) -> Self {
        let add = move |texts: &mut TextColumn, row| texts.add(Some(of(row).hexadecimal()));
        self.texts(name, add, TextColumn::array)
    }

    /// A column of texts of which there are few; `None` is left empty.
    pub fn word(self, name: &'static str, of: impl Of<&'a T, Option<&'a str>> + 'a) -> Self {
        let add =
            move |words: &mut Distinct<DistinctWord<'a>>, row| words.add(of(row).map(DistinctWord));
        self.texts(name, add, |words| {
            words.array(|values| {
                values
                    .map(|word| word.map(|DistinctWord(text)| text))
                    .collect::<TextColumn>()
                    .array()
            })
        })
    }

    /// A column of few different values, each of which is made a text once.
    pub fn word_for<V: Copy + Eq + Hash + Send + 'a>(
        self,
        name: &'static str,
        of: impl Of<&'a T, Option<V>> + 'a,
        text: impl Of<V, String> + 'a,
    ) -> Self {
        let add = move |words: &mut Distinct<V>, row| words.add(of(row));
        self.texts(name, add, move |words| {
            words
                .array(|values| values.map(|value| value.map(text)).collect::<TextColumn>().array())
        })
    }

    /// A column of decimals of which there are few, as texts with all their digits: 1.0 is another
    /// one than 1.00.
    pub fn decimal(self, name: &'static str, of: impl Of<&'a T, Option<Decimal>> + 'a) -> Self {
        let digits = move |row| of(row).map(|decimal| decimal.serialize());
        self.word_for(name, digits, |digits| Decimal::deserialize(digits).to_string())
    }

    /// A column of numbers.
    pub fn number(self, name: &'static str, of: impl Of<&'a T, i64> + 'a) -> Self {
        let add = move |numbers: &mut Distinct<i64>, row| numbers.add(Some(of(row)));
        self.column(name, (ArrowDataType::Int64, Encoding::Plain), add, |numbers| {
            numbers.array(|values| values.collect::<PrimitiveArray<i64>>().boxed())
        })
    }

    /// A column of instants, as seconds since 1970: most are different, and not far apart.
    pub fn instant(self, name: &'static str, of: impl Of<&'a T, Instant> + 'a) -> Self {
        let add = move |seconds: &mut Vec<i64>, row| seconds.push(of(row).unix_seconds());
        self.column(name, (ArrowDataType::Int64, Encoding::DeltaBinaryPacked), add, |seconds| {
            PrimitiveArray::from_vec(seconds).boxed()
        })
    }

    fn texts<V: ColumnBuilder + 'a>(
        self,
        name: &'static str,
        add: impl Fn(&mut V, &'a T) + Copy + Send + Sync + 'a,
        end: impl Of<V, Box<dyn Array>> + 'a,
    ) -> Self {
        self.column(name, (ArrowDataType::Utf8View, Encoding::DeltaLengthByteArray), add, end)
    }

    fn column<V: ColumnBuilder + 'a>(
        mut self,
        name: &'static str,
        (dtype, encoding): (ArrowDataType, Encoding),
        add: impl Fn(&mut V, &'a T) + Copy + Send + Sync + 'a,
        end: impl Of<V, Box<dyn Array>> + 'a,
    ) -> Self {
        let begin = Box::new(move |rows| -> Box<dyn Gathering<'a, T> + 'a> {
            Box::new(Values { so_far: V::with_room(rows), add, end })
        });
        self.columns.push(StateColumn { name, dtype, encoding, begin });
        self
    }

    /// Parquet bytes of them.
    pub fn to_parquet(&self) -> Result<Vec<u8>, ColumnsError> {
        let fields = self.columns.iter().map(|column| {
            let name = || column.name.into();
            (name(), Field::new(name(), column.dtype.clone(), true))
        });
        let schema: ArrowSchema = fields.collect();
        let mut writer = FileWriter::try_new(Vec::new(), schema, options())?;
        let types = writer.parquet_schema().fields().to_vec();
        let groups: Vec<&[T]> = self.rows.chunks(ROWS_IN_A_GROUP).collect();
        // No more of them in memory than there are threads.
        for groups in groups.chunks(rayon::current_num_threads()) {
            let pages: Vec<GroupPages> = groups
                .par_iter()
                .map(|group| self.pages(group, &types))
                .collect::<Result<_, _>>()?;
            for (group, columns) in groups.iter().zip(&pages) {
                let columns = columns.iter().map(|pages| {
                    let pages = fallible_streaming_iterator::convert(pages.iter().map(Ok));
                    Ok(DynStreamingIterator::new(pages))
                });
                writer.write(group.len() as u64, DynIter::new(columns))?;
            }
        }
        // No metadata: the types of the columns say all there is to say.
        writer.end(Some(Vec::new()))?;
        Ok(writer.into_inner())
    }

    /// The columns of a group of rows. They are gathered from a few rows at a time, so that what lies
    /// behind a row is fetched from memory once, and not for each of its columns.
    fn pages(&self, group: &'a [T], types: &[ParquetType]) -> Result<GroupPages, ColumnsError> {
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

/// The pages of each column of a group.
type GroupPages = Vec<Vec<CompressedPage>>;

impl<T> StateColumn<'_, T> {
    fn pages(
        &self,
        array: Box<dyn Array>,
        kind: &ParquetType,
    ) -> Result<Vec<CompressedPage>, ColumnsError> {
        let encoding = match array.dtype() {
            ArrowDataType::Dictionary(..) => Encoding::RleDictionary,
            _ => self.encoding,
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

/// Nobody asks for the least and the greatest of a column, so they are not looked for.
fn options() -> WriteOptions {
    WriteOptions {
        statistics: StatisticsOptions::empty(),
        version: Version::V1,
        compression: CompressionOptions::Zstd(ZstdLevel::try_new(1).ok()),
        data_page_size: None,
    }
}
