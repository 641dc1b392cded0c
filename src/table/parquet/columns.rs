//! Reads a Parquet file one row group at a time, and writes it as CSV. Only wanted columns are
//! read; the others keep their names and are empty.

use std::fs::File;
use std::io::{self, Cursor, Read as _, Seek as _, SeekFrom, Write};

use polars_arrow::array::Array;
use polars_arrow::datatypes::Field;
use polars_buffer::Buffer;
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, PageReader, RowGroupMetadata,
    column_iter_to_arrays, read_metadata,
};
use thiserror::Error;

use super::cells::ColumnCells;
use super::types::refusal;
use crate::table::file_error::oversize;

/// Why a file cannot be read, if known.
#[derive(Debug, Error)]
pub(crate) enum Unreadable {
    /// An error of the file or the pipe.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// An error of the CSV.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// An error of polars.
    #[error("{0}")]
    Polars(String),
    /// A column has more or fewer values than the table has rows.
    #[error("{0} has not as many values as there are rows")]
    Ragged(String),
    /// The row groups do not add up to the file.
    #[error("its row groups have not as many rows as the file")]
    Rows,
    /// A column lies outside the file.
    #[error("{0} lies beyond the end of the file")]
    Beyond(String),
}

pub(crate) struct Parquet {
    file: File,
    /// Its length.
    bytes: u64,
    metadata: FileMetadata,
    /// The names of all columns, with the types of the wanted ones.
    columns: Vec<(String, Option<Field>)>,
}

impl Parquet {
    /// Reads the metadata.
    pub(crate) fn open(mut file: File, wanted: &[String]) -> Result<Self, Unreadable> {
        let metadata = read_metadata(&mut file).map_err(polars)?;
        let mut rows = metadata.row_groups.iter().map(RowGroupMetadata::num_rows);
        let rows = rows.try_fold(0_usize, usize::checked_add);
        if rows != Some(metadata.num_rows) {
            return Err(Unreadable::Rows);
        }
        let columns = metadata.schema().fields().iter().map(|field| {
            let name = field.name().to_owned();
            let is_wanted = wanted.contains(&name);
            // A group without columns has no meaning and no field.
            let schema = is_wanted.then(|| parquet_to_arrow_schema(std::slice::from_ref(field)));
            let field = schema.and_then(|schema| schema.iter_values().next().cloned());
            (name, field)
        });
        let bytes = file.metadata()?.len();
        Ok(Self { file, bytes, columns: columns.collect(), metadata })
    }

    /// The errors of the file, and otherwise those of the columns: name, rule and remedy. They follow
    /// from the metadata alone, before any row is read.
    pub(crate) fn faults(&self, most: u64) -> Vec<[String; 3]> {
        if let Some([rule, hint]) = self.oversize(most) {
            return vec![[String::new(), rule, hint]];
        }
        let wanted = self.columns.iter().filter_map(|(name, field)| Some((name, field.as_ref()?)));
        let refused = wanted.filter_map(|(name, field)| {
            refusal(&field.dtype).map(|(rule, hint)| [name.as_str(), rule, hint].map(str::to_owned))
        });
        refused.collect()
    }

    /// Why the table is larger than it may be, and the remedy. Metadata may claim any number of rows,
    /// and each of them costs memory.
    fn oversize(&self, most: u64) -> Option<[String; 2]> {
        // Ids differ from row to row, so a row takes a bit at least. Small files may be exceptions.
        const ROWS_A_BYTE: u64 = 8;
        const FREE_ROWS: u64 = 1 << 20;
        let (rows, bytes) = (self.metadata.num_rows as u64, self.bytes);
        if rows > FREE_ROWS.saturating_add(bytes.saturating_mul(ROWS_A_BYTE)) {
            let rule = format!("claims {rows} rows, which its {bytes} bytes cannot hold");
            return Some([rule, "write the file again".to_owned()]);
        }
        // Each row has a comma or a line end for each column.
        let least = rows.saturating_mul(self.columns.len().max(1) as u64);
        let group = |group: &RowGroupMetadata| group.total_byte_size() as u64;
        let largest = self.metadata.row_groups.iter().map(group).max().unwrap_or_default();
        (least.max(largest) > most).then(|| oversize(most >> 20))
    }

    /// Writes header and rows.
    pub(crate) fn write_csv(mut self, output: impl Write) -> Result<(), Unreadable> {
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(self.columns.iter().map(|(name, _)| name))?;
        for group in std::mem::take(&mut self.metadata.row_groups) {
            let mut columns = self.columns_of(&group)?;
            for _ in 0..group.num_rows() {
                for column in &mut columns {
                    writer.write_field(column.next())?;
                }
                writer.write_record(None::<&[u8]>)?;
            }
        }
        Ok(writer.flush()?)
    }

    /// The columns of a row group, checked for equal length.
    fn columns_of(&mut self, group: &RowGroupMetadata) -> Result<Vec<ColumnCells>, Unreadable> {
        let Self { file, columns, .. } = self;
        let columns = columns.iter().map(|(name, field)| {
            let chunks = group.columns_under_root_iter(name).into_iter().flatten();
            match (field, &chunks.collect::<Vec<_>>()[..]) {
                (Some(field), [chunk]) => {
                    arrays(file, chunk, field, group.num_rows()).map(ColumnCells::new)
                }
                (Some(field), []) => Err(Unreadable::Ragged(field.name.to_string())),
                // An unwanted column, or a repeated name, which the header check reports.
                _ => Ok(ColumnCells::empty()),
            }
        });
        columns.collect()
    }
}

/// The values of a column in a row group.
pub(super) fn arrays(
    file: &mut File,
    chunk: &ColumnChunkMetadata,
    field: &Field,
    rows: usize,
) -> Result<Vec<Box<dyn Array>>, Unreadable> {
    let bytes = bytes_of(file, chunk, field, rows)?;
    arrays_of(bytes, chunk, field, rows)
}

/// The bytes of a column of a row group.
pub(super) fn bytes_of(
    file: &mut File,
    chunk: &ColumnChunkMetadata,
    field: &Field,
    rows: usize,
) -> Result<Vec<u8>, Unreadable> {
    // A flat column has a value for each row; more would be decoded for nothing.
    if usize::try_from(chunk.num_values()).ok() != Some(rows) {
        return Err(Unreadable::Ragged(field.name.to_string()));
    }
    let range = chunk.byte_range();
    if range.end > file.metadata()?.len() {
        return Err(Unreadable::Beyond(field.name.to_string()));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(range.start))?;
    file.take(range.end - range.start).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The values of a column of a row group.
pub(super) fn arrays_of(
    bytes: Vec<u8>,
    chunk: &ColumnChunkMetadata,
    field: &Field,
    rows: usize,
) -> Result<Vec<Box<dyn Array>>, Unreadable> {
    let bytes = Cursor::new(Buffer::from_vec(bytes));
    let pages = PageReader::new(bytes, chunk, Vec::new(), usize::MAX);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let of_type = &chunk.descriptor().descriptor.primitive_type;
    let (arrays, _) =
        column_iter_to_arrays(vec![pages], vec![of_type], field.clone(), None).map_err(polars)?;
    if arrays.iter().map(|array| array.len()).sum::<usize>() != rows {
        return Err(Unreadable::Ragged(field.name.to_string()));
    }
    Ok(arrays)
}

/// The error of polars, without its prefix.
fn polars(error: impl std::error::Error) -> Unreadable {
    let words = error.to_string();
    let line = words.lines().next().unwrap_or_default();
    let line = line.trim_start_matches("parquet: ");
    Unreadable::Polars(line.trim_start_matches("File out of specification: ").to_owned())
}
