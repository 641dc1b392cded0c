//! The tables of a close on their way to the disk: made piece by piece on all threads, added up as
//! finance will read them, and written in order. No table is ever whole in memory, but for its copy
//! in Parquet.
//!
//! Most tables are about the same documents, so the pieces that are about the same of them are made
//! one after the other, by one thread: a million documents pass through the caches once, and not
//! once for every table.

use std::ops::Range;

use rayon::prelude::*;

use super::error::RunError;
use super::table_format::TableFormat;
use crate::publish::{
    FileInPieces, ProofError, PublishError, Staging, SummedColumns, TablePieceSums, TableSums,
};
use crate::table::{CsvTable, table_parquet};

/// How many pieces of each table are made before they are written: enough for all threads to have
/// some.
const PIECES_AT_ONCE: usize = 16;

/// Writes tables, and returns what they add up to and the files, which are still to be ended.
///
/// # Errors
/// The disk is full, or a table does not say what it should.
pub fn write_tables(
    staging: &Staging,
    tables: Vec<(&'static str, CsvTable<'_>)>,
    format: TableFormat,
) -> Result<(TableSums, Vec<FileInPieces>), RunError> {
    let mut found = TableSums::default();
    let (mut begun, mut files) = (Vec::new(), Vec::new());
    for (name, sheet) in tables {
        let (table, file) = TableInProgress::begin(staging, name, sheet)?;
        begun.push(table);
        files.push(file);
    }
    let pieces = begun.iter().map(|table| table.sheet.pieces()).max().unwrap_or_default();
    let mut ready: Vec<TablePiece> = Vec::new();
    // While some pieces are written, the next are made.
    for first in (0..pieces + PIECES_AT_ONCE).step_by(PIECES_AT_ONCE) {
        let (written, next) = rayon::join(
            || write(ready, &mut files, &mut found),
            || make(&begun, first..pieces.min(first + PIECES_AT_ONCE)),
        );
        written?;
        ready = next?;
    }
    let mut written = Vec::with_capacity(2 * files.len());
    for (TableInProgress { name, sheet, .. }, file) in begun.into_iter().zip(files) {
        written.push(file);
        if format == TableFormat::Parquet {
            written.push(staging.make_file(&parquet_name(name), &table_parquet(&sheet.bytes())?)?);
        }
    }
    Ok((found, written))
}

/// Writes a table that is small enough to be whole in memory, and of which no sum is taken.
///
/// # Errors
/// The disk is full.
pub fn write_bytes(
    staging: &mut Staging,
    name: &str,
    bytes: &[u8],
    format: TableFormat,
) -> Result<(), RunError> {
    staging.write(name, bytes)?;
    if format == TableFormat::Parquet {
        staging.write(&parquet_name(name), &table_parquet(bytes)?)?;
    }
    Ok(())
}

/// The name of a table as Parquet.
pub fn parquet_name(table: &str) -> String {
    format!("{}.parquet", table.trim_end_matches(".csv"))
}

/// A table that is being written.
struct TableInProgress<'a> {
    name: &'static str,
    sheet: CsvTable<'a>,
    /// How it is added up, if a sum is taken of it.
    columns: Option<SummedColumns>,
}

/// Rows on their way to a file.
struct TablePiece {
    /// Which of the tables.
    table: usize,
    bytes: Vec<u8>,
    sums: Option<TablePieceSums>,
}

/// What is proved is what was written, so a piece counts when it has been. Files are written beside
/// each other: digests and the system's copies of gigabytes are more than one thread has time for.
fn write(
    pieces: Vec<TablePiece>,
    files: &mut [FileInPieces],
    found: &mut TableSums,
) -> Result<(), RunError> {
    let mut of_files: Vec<Vec<TablePiece>> = files.iter().map(|_| Vec::new()).collect();
    for piece in pieces {
        of_files[piece.table].push(piece);
    }
    let write = |(file, pieces): (&mut FileInPieces, Vec<TablePiece>)| {
        let written = pieces.into_iter().map(|TablePiece { bytes, sums, .. }| {
            file.write(&bytes)?;
            Ok(sums)
        });
        written.collect::<Result<Vec<Option<TablePieceSums>>, PublishError>>()
    };
    let written: Vec<_> = files.par_iter_mut().zip(of_files).map(write).collect();
    // Of several tables that cannot be written the first is named, whichever failed first.
    for of_file in written {
        for sums in of_file?.into_iter().flatten() {
            found.add(sums)?;
        }
    }
    Ok(())
}

impl<'a> TableInProgress<'a> {
    /// Begins its file with the header.
    fn begin(
        staging: &Staging,
        name: &'static str,
        sheet: CsvTable<'a>,
    ) -> Result<(Self, FileInPieces), RunError> {
        let header = sheet.header();
        let columns = SummedColumns::read(name, &header)?;
        let mut file = staging.begin_file(name)?;
        file.write(&header)?;
        Ok((Self { name, sheet, columns }, file))
    }
}

/// Makes some pieces of all tables, in the order in which each table has them.
fn make(
    tables: &[TableInProgress<'_>],
    pieces: Range<usize>,
) -> Result<Vec<TablePiece>, ProofError> {
    let of_place = |place: usize| {
        let tables = tables.iter().enumerate();
        let tables = tables.filter(move |(_, table)| place < table.sheet.pieces());
        tables.map(move |(table, TableInProgress { sheet, columns, .. })| {
            let bytes = sheet.piece(place);
            let sums = columns.as_ref().map(|columns| columns.add_up(&bytes)).transpose()?;
            Ok(TablePiece { table, bytes, sums })
        })
    };
    pieces.into_par_iter().flat_map_iter(of_place).collect()
}
