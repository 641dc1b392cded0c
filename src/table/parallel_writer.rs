//! A table made of pieces, which threads can make in parallel; the whole table is never in memory.
//! The pieces do not depend on the number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::writer::CsvWriter;

/// How many items a piece has.
const ITEMS_IN_A_PIECE: usize = 512;

/// Writes the rows of a piece.
type MakePiece<'a> = dyn Fn(usize, &mut CsvWriter) + Send + Sync + 'a;

/// A table to be published.
pub(crate) struct CsvTable<'a> {
    columns: &'a [&'a str],
    pieces: usize,
    make: Box<MakePiece<'a>>,
    /// The size of the largest piece so far, used to allocate the next one.
    room: AtomicUsize,
}

impl<'a> CsvTable<'a> {
    /// A table of items; `write` writes the rows of one item.
    pub(crate) fn new<T: Sync + 'a, I: AsRef<[T]> + Send + Sync + 'a>(
        columns: &'a [&'a str],
        items: I,
        write: impl Fn(&T, &mut CsvWriter) + Send + Sync + 'a,
    ) -> Self {
        Self::in_pieces(columns, items, move |_, items, rows| {
            for item in items {
                write(item, rows);
            }
        })
    }

    /// A table of items; `write` writes the rows of several items and gets the index of the first.
    pub(crate) fn in_pieces<T: Sync + 'a, I: AsRef<[T]> + Send + Sync + 'a>(
        columns: &'a [&'a str],
        items: I,
        write: impl Fn(usize, &[T], &mut CsvWriter) + Send + Sync + 'a,
    ) -> Self {
        let pieces = items.as_ref().len().div_ceil(ITEMS_IN_A_PIECE);
        let make = move |piece: usize, rows: &mut CsvWriter| {
            let items = items.as_ref().chunks(ITEMS_IN_A_PIECE).nth(piece).unwrap_or_default();
            write(piece * ITEMS_IN_A_PIECE, items, rows);
        };
        Self { columns, pieces, make: Box::new(make), room: AtomicUsize::new(0) }
    }

    /// Appends the rows of another table with the same columns.
    #[must_use]
    pub(crate) fn followed_by(self, other: Self) -> Self {
        let (first, make) = (self.pieces, self.make);
        Self {
            columns: self.columns,
            pieces: first + other.pieces,
            room: self.room,
            make: Box::new(move |piece, rows| match piece.checked_sub(first) {
                None => make(piece, rows),
                Some(piece) => (other.make)(piece, rows),
            }),
        }
    }

    pub(crate) fn header(&self) -> Vec<u8> {
        let mut rows = CsvWriter::default();
        for name in self.columns {
            rows.cell(name);
        }
        rows.end();
        rows.into_bytes()
    }

    /// The number of pieces after the header.
    pub(crate) fn pieces(&self) -> usize {
        self.pieces
    }

    pub(crate) fn piece(&self, number: usize) -> Vec<u8> {
        let mut rows = CsvWriter::with_room(self.room.load(Ordering::Relaxed));
        (self.make)(number, &mut rows);
        let bytes = rows.into_bytes();
        self.room.fetch_max(bytes.len(), Ordering::Relaxed);
        bytes
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let pieces = (0..self.pieces).into_par_iter().map(|number| self.piece(number));
        let all: Vec<Vec<u8>> = rayon::iter::once(self.header()).chain(pieces).collect();
        all.concat()
    }
}
