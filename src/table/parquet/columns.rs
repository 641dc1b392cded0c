//! Reads a Parquet file one row group at a time, and writes it as CSV. Only wanted columns are
//! read; the others keep their names and are empty.

use std::fs::File;
use std::io::{self, Cursor, Read as _, Seek as _, SeekFrom, Write};

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
    metadata: FileMetadata,
    /// The names of all columns, with the types of the wanted ones.
    columns: Vec<(String, Option<Field>)>,
}

impl Parquet {
    /// Reads the metadata.
    pub(crate) fn open(mut file: File, wanted: &[String]) -> Result<Self, Unreadable> {
        let metadata = read_metadata(&mut file).map_err(polars)?;
        let rows: usize = metadata.row_groups.iter().map(RowGroupMetadata::num_rows).sum();
        if rows != metadata.num_rows {
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
        Ok(Self { file, columns: columns.collect(), metadata })
    }

    /// The errors of the columns: name, rule and remedy.
    pub(crate) fn faults(&self) -> Vec<[&str; 3]> {
        let wanted = self.columns.iter().filter_map(|(name, field)| Some((name, field.as_ref()?)));
        let refused = wanted.filter_map(|(name, field)| {
            refusal(&field.dtype).map(|(rule, hint)| [name.as_str(), rule, hint])
        });
        refused.collect()
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
                (Some(field), [chunk]) => read(file, chunk, field, group.num_rows()),
                (Some(field), []) => Err(Unreadable::Ragged(field.name.to_string())),
                // An unwanted column, or a repeated name, which the header check reports.
                _ => Ok(ColumnCells::empty()),
            }
        });
        columns.collect()
    }
}

fn read(
    file: &mut File,
    chunk: &ColumnChunkMetadata,
    field: &Field,
    rows: usize,
) -> Result<ColumnCells, Unreadable> {
    let range = chunk.byte_range();
    if range.end > file.metadata()?.len() {
        return Err(Unreadable::Beyond(field.name.to_string()));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(range.start))?;
    file.take(range.end - range.start).read_to_end(&mut bytes)?;
    let bytes = Cursor::new(Buffer::from_vec(bytes));
    let pages = PageReader::new(bytes, chunk, Vec::new(), usize::MAX);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let of_type = &chunk.descriptor().descriptor.primitive_type;
    let (arrays, _) =
        column_iter_to_arrays(vec![pages], vec![of_type], field.clone(), None).map_err(polars)?;
    if arrays.iter().map(|array| array.len()).sum::<usize>() != rows {
        return Err(Unreadable::Ragged(field.name.to_string()));
    }
    Ok(ColumnCells::new(arrays))
}

/// The error of polars, without its prefix.
fn polars(error: impl std::error::Error) -> Unreadable {
    let words = error.to_string();
    let line = words.lines().next().unwrap_or_default();
    let line = line.trim_start_matches("parquet: ");
    Unreadable::Polars(line.trim_start_matches("File out of specification: ").to_owned())
}
