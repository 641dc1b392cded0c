//! Writes the tables of a close as Parquet, from their proved CSV: the same rows and columns, with
//! types. An empty cell becomes null, and a text loses its guard against spreadsheet formulas.
//!
//! The bytes depend only on the CSV: one thread writes the rows, in groups of a fixed size.

mod array;
mod kind;

use polars_arrow::array::Array;
use polars_arrow::datatypes::{ArrowSchema, Field};
use polars_arrow::record_batch::RecordBatchT;
use polars_parquet::write::{
    CompressionOptions, Encoding, FileWriter, RowGroupIterator, StatisticsOptions, Version,
    WriteOptions,
};
use thiserror::Error;

use array::array;
use kind::ColumnKind;

/// Rows that are read or skipped together.
const ROWS_IN_A_GROUP: usize = 1 << 17;

/// A table that Parquet cannot hold.
#[derive(Debug, Error)]
pub(crate) enum ParquetError {
    /// A cell does not fit its column's type.
    #[error("{column} {value:?} is beyond what the column holds in Parquet, {kind}")]
    Cell {
        /// The column.
        column: String,
        /// The cell.
        value: String,
        /// The type of the column.
        kind: String,
    },
    /// The input is not CSV.
    #[error("a table that was to become Parquet is no CSV: {0}")]
    Csv(#[from] ::csv::Error),
    /// Parquet could not be encoded.
    #[error("cannot encode a table as Parquet: {0}")]
    Encode(String),
}

impl ParquetError {
    /// The remedy, if one is known.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        let is_cell = matches!(self, Self::Cell { .. });
        is_cell.then_some("publish the close with --format csv; CSV holds every digit")
    }
}

/// Converts a CSV table to Parquet.
///
/// # Errors
/// A unit price has more digits than its column's type.
pub(crate) fn table_parquet(table: &[u8]) -> Result<Vec<u8>, ParquetError> {
    let mut reader = ::csv::Reader::from_reader(table);
    let names: Vec<String> = reader.headers()?.iter().map(ToOwned::to_owned).collect();
    let kinds: Vec<ColumnKind> = names.iter().map(|name| ColumnKind::of(name)).collect();
    let fields = names.iter().zip(&kinds).map(|(name, kind)| {
        let name: &str = name;
        (name.into(), Field::new(name.into(), kind.dtype(), true))
    });
    let schema: ArrowSchema = fields.collect();
    let mut writer = FileWriter::try_new(Vec::new(), schema.clone(), OPTIONS).map_err(encode)?;
    let mut records = reader.into_records();
    loop {
        let rows: Vec<::csv::StringRecord> =
            records.by_ref().take(ROWS_IN_A_GROUP).collect::<Result<_, _>>()?;
        if rows.is_empty() {
            break;
        }
        let columns = names.iter().zip(&kinds).enumerate();
        let arrays: Vec<Box<dyn Array>> = columns
            .map(|(place, (name, kind))| {
                let cells = rows.iter().map(|row| &row[place]);
                array(*kind, cells).map_err(|value| beyond(name, value, *kind))
            })
            .collect::<Result<_, _>>()?;
        write_group(&mut writer, &schema, arrays, rows.len())?;
    }
    // No metadata is needed, because the column types describe everything.
    writer.end(Some(Vec::new())).map_err(encode)?;
    Ok(writer.into_inner())
}

const OPTIONS: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: Some(64),
    },
    version: Version::V1,
    compression: CompressionOptions::Zstd(None),
    data_page_size: None,
};

fn write_group(
    writer: &mut FileWriter<Vec<u8>>,
    schema: &ArrowSchema,
    arrays: Vec<Box<dyn Array>>,
    rows: usize,
) -> Result<(), ParquetError> {
    let batch = RecordBatchT::try_new(rows, schema.clone().into(), arrays).map_err(encode)?;
    let encodings = vec![vec![Encoding::RleDictionary]; schema.len()].into();
    let groups = RowGroupIterator::try_new(std::iter::once(Ok(batch)), schema, OPTIONS, encodings);
    for group in groups.map_err(encode)? {
        writer.write(rows as u64, group.map_err(encode)?).map_err(encode)?;
    }
    Ok(())
}

fn encode(error: impl std::error::Error) -> ParquetError {
    ParquetError::Encode(error.to_string())
}

fn beyond(column: &str, value: String, kind: ColumnKind) -> ParquetError {
    ParquetError::Cell { column: column.to_owned(), value, kind: kind.to_string() }
}
