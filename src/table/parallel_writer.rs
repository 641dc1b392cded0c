//! A table that is made piece by piece: pieces can be made side by side, and no table need ever be
//! whole in memory. What a piece is does not depend on how many threads there are.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::writer::CsvWriter;

/// How many items are written to a piece.
const ITEMS_IN_A_PIECE: usize = 512;

/// Writes the rows of a piece.
type MakePiece<'a> = dyn Fn(usize, &mut CsvWriter) + Send + Sync + 'a;

/// A table as it will be published.
pub struct CsvTable<'a> {
    columns: &'a [&'a str],
    pieces: usize,
    make: Box<MakePiece<'a>>,
    /// How many bytes the largest piece so far has: the next is made where there is room for it.
    room: AtomicUsize,
}

impl<'a> CsvTable<'a> {
    /// The table of some items; `write` writes the rows of one.
    pub fn new<T: Sync + 'a, I: AsRef<[T]> + Send + Sync + 'a>(
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

    /// The same, where `write` writes the rows of some items, the first of which has this place.
    pub fn in_pieces<T: Sync + 'a, I: AsRef<[T]> + Send + Sync + 'a>(
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

    /// This table, and below it the rows of another with the same columns.
    #[must_use]
    pub fn followed_by(self, other: Self) -> Self {
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

    /// The first row.
    pub fn header(&self) -> Vec<u8> {
        let mut rows = CsvWriter::default();
        for name in self.columns {
            rows.cell(name);
        }
        rows.end();
        rows.into_bytes()
    }

    /// How many pieces follow it.
    pub fn pieces(&self) -> usize {
        self.pieces
    }

    /// The rows of a piece.
    pub fn piece(&self, number: usize) -> Vec<u8> {
        let mut rows = CsvWriter::with_room(self.room.load(Ordering::Relaxed));
        (self.make)(number, &mut rows);
        let bytes = rows.into_bytes();
        self.room.fetch_max(bytes.len(), Ordering::Relaxed);
        bytes
    }

    /// The whole table.
    pub fn bytes(&self) -> Vec<u8> {
        let pieces = (0..self.pieces).into_par_iter().map(|number| self.piece(number));
        let all: Vec<Vec<u8>> = rayon::iter::once(self.header()).chain(pieces).collect();
        all.concat()
    }
}
