//! Writes the tables of a close. All threads make pieces, which are summed for the proof and
//! written in order. No table is in memory as a whole, except for its Parquet copy.
//!
//! Most tables describe the same invoices. So one thread makes the pieces of all tables for the
//! same invoices in turn, and a million invoices pass through the caches only once.

use std::ops::Range;

use rayon::prelude::*;

use super::error::RunError;
use super::table_format::TableFormat;
use crate::publish::{
    FileInPieces, ProofError, PublishError, Staging, SummedColumns, TablePieceSums, TableSums,
};
use crate::table::{CsvTable, table_parquet};

/// How many pieces of each table are made before writing: enough for all threads.
const PIECES_AT_ONCE: usize = 16;

/// Writes tables, and returns their sums and their unfinished files.
///
/// # Errors
/// The disk is full, or the sums of a table are wrong.
pub(crate) fn write_tables(
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
    // Write some pieces while making the next ones.
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

/// Writes a small table that needs no sums.
///
/// # Errors
/// The disk is full.
pub(crate) fn write_bytes(
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
pub(crate) fn parquet_name(table: &str) -> String {
    format!("{}.parquet", table.trim_end_matches(".csv"))
}

struct TableInProgress<'a> {
    name: &'static str,
    sheet: CsvTable<'a>,
    /// The columns to sum, if any.
    columns: Option<SummedColumns>,
}

struct TablePiece {
    /// The index of the table.
    table: usize,
    bytes: Vec<u8>,
    sums: Option<TablePieceSums>,
}

/// Sums a piece only after writing it, so that the proof covers the written bytes. Files are
/// written in parallel, because hashing and copying gigabytes is too much for one thread.
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
    // If several tables fail, report the first in table order.
    for of_file in written {
        for sums in of_file?.into_iter().flatten() {
            found.add(sums)?;
        }
    }
    Ok(())
}

impl<'a> TableInProgress<'a> {
    /// Creates the file and writes the header.
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

/// Makes some pieces of all tables, each table in its own order.
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
