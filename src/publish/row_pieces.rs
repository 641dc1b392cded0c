//! Cuts a table into pieces of whole rows, so that a table of any size can be added up.

use std::io::{self, Read};

/// How many bytes are read at once.
const PIECE: usize = 1 << 20;

/// A table that is read a piece at a time.
pub(super) struct RowPieces<R> {
    from: R,
    /// What was read and not returned.
    rest: Vec<u8>,
    /// The length of the piece that was returned last.
    returned: usize,
    /// Whether the end of `rest` is within quotes.
    in_quotes: bool,
    /// The line of the next piece, from 1.
    line: u64,
    has_ended: bool,
}

impl<R: Read> RowPieces<R> {
    pub(super) fn new(from: R) -> Self {
        let rest = Vec::new();
        Self { from, rest, returned: 0, in_quotes: false, line: 1, has_ended: false }
    }

    /// The next rows and the line of the first; `None` after the last. A row ends with a line end that
    /// is not in quotes.
    ///
    /// # Errors
    /// The table cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        let before = &self.rest[..self.returned];
        let line = self.line + memchr::memchr_iter(b'\n', before).count() as u64;
        self.line = line;
        self.rest.drain(..self.returned);
        self.returned = 0;
        while !self.has_ended {
            let known = self.rest.len();
            let mut more = self.from.by_ref().take(PIECE as u64);
            self.has_ended = more.read_to_end(&mut self.rest)? == 0;
            let mut end = None;
            for place in memchr::memchr2_iter(b'"', b'\n', &self.rest[known..]) {
                match self.rest[known + place] {
                    b'"' => self.in_quotes = !self.in_quotes,
                    _ if !self.in_quotes => end = Some(known + place + 1),
                    _ => {}
                }
            }
            if let Some(end) = end {
                self.returned = end;
                return Ok(Some((line, &self.rest[..end])));
            }
        }
        self.returned = self.rest.len();
        Ok((!self.rest.is_empty()).then_some((line, &self.rest[..])))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hands out a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_table_and_hold_whole_rows(
            rows in prop::collection::vec(prop::collection::vec("[a\",\n]{0,9}", 3), 0..40),
            at_once in 1_usize..70,
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).expect("it is written");
            }
            let table = writer.into_inner().expect("it is written");
            let mut pieces = RowPieces::new(Slow(&table, at_once));
            let (mut whole, mut count) = (Vec::new(), 0);
            while let Some((line, piece)) = pieces.next().expect("it is read") {
                let lines = memchr::memchr_iter(b'\n', &whole).count() as u64;
                prop_assert_eq!(line, lines + 1);
                let mut reader =
                    csv::ReaderBuilder::new().has_headers(false).from_reader(piece);
                for record in reader.records() {
                    prop_assert_eq!(record.expect("a whole row").len(), 3);
                    count += 1;
                }
                whole.extend_from_slice(piece);
            }
            prop_assert_eq!(whole, table);
            prop_assert_eq!(count, rows.len());
        }
    }

    #[test]
    fn a_row_without_its_end_is_the_last_piece() {
        let mut pieces = RowPieces::new(&b"a,b\n1,\"open\n"[..]);
        assert_eq!(pieces.next().expect("it is read"), Some((1, &b"a,b\n"[..])));
        assert_eq!(pieces.next().expect("it is read"), Some((2, &b"1,\"open\n"[..])));
        assert_eq!(pieces.next().expect("it is read"), None);
    }
}
