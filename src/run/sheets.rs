//! The tables of a close on their way to the disk: made piece by piece on all threads, added up as
//! finance will read them, and written in order. No table is ever whole
//! in memory, but for its copy in Parquet.

use rayon::prelude::*;

use super::RunError;
use super::publication::TableFormat;
use crate::publish::{Columns, FileInPieces, Found, PieceSums, ProofError, Staging};
use crate::render::csv::Sheet;
use crate::render::parquet::table_parquet;

/// How many pieces are made before they are written: enough for all threads to have some.
const PIECES_AT_ONCE: usize = 16;

/// Writes tables, and returns what they add up to.
///
/// # Errors
/// The disk is full, or a table does not say what it should.
pub fn write_tables(
    staging: &mut Staging,
    tables: Vec<(&'static str, Sheet<'_>)>,
    format: TableFormat,
) -> Result<Found, RunError> {
    let mut found = Found::default();
    for (name, sheet) in tables {
        let mut file = staging.begin_file(name)?;
        write_table(&mut file, (name, &sheet), &mut found)?;
        staging.end_file(file);
        if format == TableFormat::Parquet {
            staging.write(&parquet_name(name), &table_parquet(&sheet.bytes())?)?;
        }
    }
    Ok(found)
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

/// While some pieces are written, the next are made.
fn write_table(
    file: &mut FileInPieces,
    (name, sheet): (&'static str, &Sheet<'_>),
    found: &mut Found,
) -> Result<(), RunError> {
    let header = sheet.header();
    let columns = Columns::read(name, &header)?;
    let make = |piece: usize| -> Result<(Vec<u8>, Option<PieceSums>), ProofError> {
        let bytes = sheet.piece(piece);
        let sums = columns.as_ref().map(|columns| columns.add_up(&bytes)).transpose()?;
        Ok((bytes, sums))
    };
    let mut ready = vec![header];
    for first in (0..=sheet.pieces()).step_by(PIECES_AT_ONCE) {
        let next = first..sheet.pieces().min(first + PIECES_AT_ONCE);
        let (written, next) = rayon::join(
            || ready.iter().try_for_each(|bytes| file.write(bytes)),
            || next.into_par_iter().map(make).collect::<Result<Vec<_>, _>>(),
        );
        written?;
        ready.clear();
        for (bytes, sums) in next? {
            ready.push(bytes);
            sums.map_or(Ok(()), |sums| found.add(sums))?;
        }
    }
    Ok(ready.iter().try_for_each(|bytes| file.write(bytes))?)
}
