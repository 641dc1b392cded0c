//! Reads a CSV file as records with their true lines.
//!
//! It checks the structure: known columns in the header, and closed quotes. [`super::row`] reads
//! the meaning of records.

use std::io::Read;

use super::chunks::{BYTE_ORDER_MARK, Chunk, Chunks};
use super::column::TableSpec;
use super::findings::Diagnostics;
use super::header::{Header, read_header};
use super::one_part::WantedIds;
use super::record::{Record, newlines};
use super::row::Row;
use crate::problem::Problem;

/// How much of a file was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The number of records, including invalid ones.
    pub(crate) rows: u64,
    /// Whether the whole file was read. Otherwise the rest is unknown.
    pub(crate) complete: bool,
}

/// A file with a usable header.
pub(crate) struct OpenTable {
    /// The header.
    pub(crate) header: Header,
    /// The first piece of the file, which starts after the header.
    pub(crate) first: Chunk,
}

impl OpenTable {
    /// Reads the header. `None` if it is unusable; the reason is in the findings.
    pub(crate) fn open(
        sheet: TableSpec<'_>,
        chunks: &mut Chunks<impl Read>,
        findings: &mut Diagnostics,
    ) -> Option<Self> {
        let mut first = chunks.next()?;
        let has_mark = first.bytes.starts_with(BYTE_ORDER_MARK);
        first.start = if has_mark { BYTE_ORDER_MARK.len() } else { 0 };
        let mut records = first.records();
        let header = read_header(sheet, &first, &mut records, findings)?;
        let (start, line) = records.position();
        Some(Self { header, first: Chunk { start, line, ..first } })
    }

    /// Estimates the number of rows in a file of `bytes` bytes from its first piece.
    pub(crate) fn rows_of(&self, bytes: u64) -> usize {
        let length = self.first.bytes.len().max(1) as u64;
        let rows = newlines(&self.first.bytes).saturating_mul(bytes / length + 1);
        usize::try_from(rows).unwrap_or_default()
    }

    /// Calls `visit` with every record of the file.
    pub(crate) fn read(
        self,
        chunks: &mut Chunks<impl Read>,
        findings: &mut Diagnostics,
        mut visit: impl FnMut(&mut Row<'_>),
    ) -> Extent {
        let mut extent = Extent { rows: 0, complete: true };
        for chunk in std::iter::once(self.first).chain(chunks) {
            let of_chunk = read_chunk((&self.header, None), &chunk, findings, |_| (), &mut visit);
            extent.rows += of_chunk.rows;
            extent.complete &= of_chunk.complete;
        }
        findings.give_hints();
        extent
    }
}

/// Records that are found before the first of them is read.
pub(crate) const BATCH: usize = 32;

/// Calls `visit` with every record of a piece, or with those that have a wanted id, and `look_ahead`
/// before it with some of them.
pub(crate) fn read_chunk(
    (header, wanted): (&Header, Option<&WantedIds<'_>>),
    chunk: &Chunk,
    findings: &mut Diagnostics,
    look_ahead: impl Fn(&[Record<'_>]),
    mut visit: impl FnMut(&mut Row<'_>),
) -> Extent {
    // The last piece is always split, because only that finds a quote that is never closed.
    if wanted.is_some_and(|ids| {
        !chunk.is_last && !ids.may_be_in(&chunk.bytes[chunk.start..], chunk.delimiter)
    }) {
        return Extent { rows: 0, complete: true };
    }
    let mut records = chunk.records();
    let mut batch: [Record<'_>; BATCH] = std::array::from_fn(|_| Record::default());
    let mut extent = Extent { rows: 0, complete: true };
    loop {
        let mut found = 0;
        while found < BATCH && records.read(&mut batch[found]) {
            found += 1;
        }
        look_ahead(&batch[..found]);
        for record in &mut batch[..found] {
            let is_cut_off = chunk.is_last && record.is_at_end && record.len() < header.least;
            if record.is_blank() && !(is_cut_off && chunk.ends_in_a_row()) {
                continue;
            }
            extent.rows += 1;
            if record.is_unclosed {
                findings.problems.push(unclosed(&header.file, record.line));
                return Extent { complete: false, ..extent };
            }
            header.words.replace(record);
            if wanted.is_none_or(|ids| ids.are_in(record, header)) {
                visit(&mut Row::new(header, record, findings));
            }
            extent.complete &= !is_cut_off;
        }
        if found < BATCH {
            break;
        }
    }
    extent
}

fn unclosed(file: &str, line: u64) -> Problem {
    Problem {
        file: file.to_owned(),
        line: Some(line),
        column: None,
        value: None,
        rule: "opens a quote that is never closed".to_owned(),
        hint: "close it, and double the quotes inside a quoted value; if this is the last line, \
               the file was cut off"
            .to_owned(),
    }
}
