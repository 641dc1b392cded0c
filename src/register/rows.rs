//! Rows to Parquet bytes, column by column. A column of few different values becomes a dictionary
//! with the places in it, every other is written as it is; which it is to be, who names the columns
//! says, so that nothing is tried out.
//!
//! It goes below data frames, to the arrays of polars-parquet: a frame would hold the columns of a
//! group at once. The bytes depend on the rows alone: groups are of a fixed size.

use std::hash::Hash;

use polars_arrow::array::{
    Array, BinaryArray, DictionaryArray, MutableBinaryArray, PrimitiveArray,
};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter,
    ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, compress,
    fallible_streaming_iterator,
};
use rayon::prelude::*;
use rust_decimal::Decimal;

use super::Digest;
use super::columns::ColumnsError;
use super::distinct::Distinct;
use crate::value::Instant;

/// Rows that are read and skipped together.
pub const ROWS_IN_A_GROUP: usize = 65_536;

/// Rows, and the columns that are made of them.
#[must_use]
pub struct Columns<'a, T> {
    rows: &'a [T],
    columns: Vec<Column<'a, T>>,
}

struct Column<'a, T> {
    name: &'static str,
    /// As readers see it.
    dtype: ArrowDataType,
    /// Of values that are not in a dictionary.
    encoding: Encoding,
    array: Box<dyn Fn(&'a [T]) -> Box<dyn Array> + Send + Sync + 'a>,
}

impl<'a, T: Sync> Columns<'a, T> {
    /// No columns yet.
    pub fn of(rows: &'a [T]) -> Self {
        Self { rows, columns: Vec::new() }
    }

    /// A column of texts, most of them different; `None` is left empty.
    pub fn text(
        self,
        name: &'static str,
        of: impl Fn(&'a T) -> Option<&'a str> + Send + Sync + 'a,
    ) -> Self {
        self.texts(name, move |rows| texts(rows.iter().map(&of)))
    }

    /// A column of digests, in hexadecimal.
    pub fn digest(
        self,
        name: &'static str,
        of: impl Fn(&'a T) -> Digest + Send + Sync + 'a,
    ) -> Self {
        self.texts(name, move |rows| texts(rows.iter().map(|row| Some(of(row).hexadecimal()))))
    }

    /// A column of texts of which there are few; `None` is left empty.
    pub fn word(
        self,
        name: &'static str,
        of: impl Fn(&'a T) -> Option<&'a str> + Send + Sync + 'a,
    ) -> Self {
        self.texts(name, move |rows| match Distinct::among(rows.iter().map(&of)) {
            Some(words) => dictionary(&words, texts(words.values.iter().map(Some))),
            None => texts(rows.iter().map(&of)),
        })
    }

    /// A column of few different values, each of which is made a text once.
    pub fn word_for<V: Copy + Eq + Hash>(
        self,
        name: &'static str,
        of: impl Fn(&'a T) -> Option<V> + Send + Sync + 'a,
        text: impl Fn(V) -> String + Send + Sync + 'a,
    ) -> Self {
        self.texts(name, move |rows| match Distinct::among(rows.iter().map(&of)) {
            Some(words) => {
                let values = words.values.iter().map(|value| Some(text(*value)));
                dictionary(&words, texts(values))
            }
            None => texts(rows.iter().map(|row| of(row).map(&text))),
        })
    }

    /// A column of decimals of which there are few, as texts with all their digits: 1.0 is another
    /// one than 1.00.
    pub fn decimal(
        self,
        name: &'static str,
        of: impl Fn(&'a T) -> Option<Decimal> + Send + Sync + 'a,
    ) -> Self {
        let digits = move |row| of(row).map(|decimal| decimal.serialize());
        self.word_for(name, digits, |digits| Decimal::deserialize(digits).to_string())
    }

    /// A column of numbers.
    pub fn number(self, name: &'static str, of: impl Fn(&'a T) -> i64 + Send + Sync + 'a) -> Self {
        let array = move |rows: &'a [T]| match Distinct::among(rows.iter().map(|it| Some(of(it)))) {
            Some(numbers) => {
                let values = PrimitiveArray::from_slice(&numbers.values).boxed();
                dictionary(&numbers, values)
            }
            None => numbers(rows.iter().map(&of)),
        };
        self.column(name, (ArrowDataType::Int64, Encoding::Plain), array)
    }

    /// A column of instants, as seconds since 1970: most are different, and not far apart.
    pub fn instant(
        self,
        name: &'static str,
        of: impl Fn(&'a T) -> Instant + Send + Sync + 'a,
    ) -> Self {
        let array = move |rows: &'a [T]| numbers(rows.iter().map(|row| of(row).unix_seconds()));
        self.column(name, (ArrowDataType::Int64, Encoding::DeltaBinaryPacked), array)
    }

    fn texts(
        self,
        name: &'static str,
        array: impl Fn(&'a [T]) -> Box<dyn Array> + Send + Sync + 'a,
    ) -> Self {
        self.column(name, (ArrowDataType::Utf8View, Encoding::DeltaLengthByteArray), array)
    }

    fn column(
        mut self,
        name: &'static str,
        (dtype, encoding): (ArrowDataType, Encoding),
        array: impl Fn(&'a [T]) -> Box<dyn Array> + Send + Sync + 'a,
    ) -> Self {
        self.columns.push(Column { name, dtype, encoding, array: Box::new(array) });
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
        for group in self.rows.chunks(ROWS_IN_A_GROUP) {
            let columns = self.columns.par_iter().zip(&types);
            let columns: Vec<Vec<CompressedPage>> = columns
                .map(|(column, kind)| column.pages(group, kind))
                .collect::<Result<_, _>>()?;
            let columns = columns.iter().map(|pages| {
                let pages = fallible_streaming_iterator::convert(pages.iter().map(Ok));
                Ok(DynStreamingIterator::new(pages))
            });
            writer.write(group.len() as u64, DynIter::new(columns))?;
        }
        // No metadata: the types of the columns say all there is to say.
        writer.end(Some(Vec::new()))?;
        Ok(writer.into_inner())
    }
}

impl<'a, T> Column<'a, T> {
    /// The column of a group of rows.
    fn pages(
        &self,
        group: &'a [T],
        kind: &ParquetType,
    ) -> Result<Vec<CompressedPage>, ColumnsError> {
        let array = (self.array)(group);
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

fn texts<V: AsRef<[u8]>>(values: impl ExactSizeIterator<Item = Option<V>>) -> Box<dyn Array> {
    let mut texts = MutableBinaryArray::<i64>::with_capacity(values.len());
    for value in values {
        texts.push(value);
    }
    let texts: BinaryArray<i64> = texts.into();
    texts.boxed()
}

fn numbers(values: impl Iterator<Item = i64>) -> Box<dyn Array> {
    PrimitiveArray::from_vec(values.collect()).boxed()
}

fn dictionary<V>(distinct: &Distinct<V>, values: Box<dyn Array>) -> Box<dyn Array> {
    let dictionary = DictionaryArray::try_from_keys(distinct.places.clone(), values, false);
    dictionary.expect("every place is one of the values").boxed()
}
