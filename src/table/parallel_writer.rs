//! A table made of pieces, which threads can make in parallel; the whole table is never in memory.
//! The pieces do not depend on the number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::writer::CsvWriter;

/// How many items a piece has.
const ITEMS_IN_A_PIECE: usize = 512;

/// Writes the rows of a piece, and adds the length of each item's rows to a list, if there is one.
type MakePiece<'a> = dyn Fn(usize, &mut CsvWriter, Option<&mut Vec<u32>>) + Send + Sync + 'a;

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
    /// The rows of an item must not depend on the items that come with it.
    pub(crate) fn in_pieces<T: Sync + 'a, I: AsRef<[T]> + Send + Sync + 'a>(
        columns: &'a [&'a str],
        items: I,
        write: impl Fn(usize, &[T], &mut CsvWriter) + Send + Sync + 'a,
    ) -> Self {
        let pieces = items.as_ref().len().div_ceil(ITEMS_IN_A_PIECE);
        let make = move |piece: usize, rows: &mut CsvWriter, lengths: Option<&mut Vec<u32>>| {
            let items = items.as_ref().chunks(ITEMS_IN_A_PIECE).nth(piece).unwrap_or_default();
            let first = piece * ITEMS_IN_A_PIECE;
            let Some(lengths) = lengths else { return write(first, items, rows) };
            for (index, item) in (first..).zip(items) {
                let before = rows.length();
                write(index, std::slice::from_ref(item), rows);
                let length = rows.length() - before;
                lengths.push(u32::try_from(length).expect("an item has less than 4 GiB of rows"));
            }
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
            make: Box::new(move |piece, rows, lengths| match piece.checked_sub(first) {
                None => make(piece, rows, lengths),
                Some(piece) => (other.make)(piece, rows, lengths),
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
        self.make(number, None)
    }

    /// The same bytes as [`piece`](Self::piece), and the length of the rows of each item.
    pub(crate) fn runs(&self, piece: usize) -> (Vec<u8>, Vec<u32>) {
        let mut lengths = Vec::with_capacity(ITEMS_IN_A_PIECE);
        let bytes = self.make(piece, Some(&mut lengths));
        (bytes, lengths)
    }

    fn make(&self, piece: usize, lengths: Option<&mut Vec<u32>>) -> Vec<u8> {
        let mut rows = CsvWriter::with_room(self.room.load(Ordering::Relaxed));
        (self.make)(piece, &mut rows, lengths);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A table whose items have as many rows as they say; each row has the index of its item.
    fn table(items: &[usize]) -> CsvTable<'_> {
        CsvTable::in_pieces(&["item", "row"], items, |first, items: &[usize], rows| {
            for (index, count) in (first..).zip(items) {
                for row in 0..*count {
                    rows.count(index as u64);
                    rows.count(row as u64);
                    rows.end();
                }
            }
        })
    }

    #[test]
    fn runs_are_the_piece_cut_by_items() {
        let items: Vec<usize> = (0..1300).map(|item| item % 4).collect();
        let others = [2, 0, 1];
        let table = table(&items).followed_by(table(&others));
        assert_eq!(table.pieces(), 4);
        let all: Vec<usize> = items.iter().chain(&others).copied().collect();
        let mut rows_of_items = Vec::new();
        for number in 0..table.pieces() {
            let (bytes, lengths) = table.runs(number);
            assert_eq!(bytes, table.piece(number));
            let mut rest = &bytes[..];
            for length in lengths {
                let (rows, after) = rest.split_at(length as usize);
                rows_of_items.push(rows.split_inclusive(|byte| *byte == b'\n').count());
                rest = after;
            }
            assert!(rest.is_empty());
        }
        assert_eq!(rows_of_items, all);
    }
}
