//! A file in pieces that are read apart from each other, each from one record's end to another's.
//!
//! Only a piece at a time is in memory. A line end inside quotes ends no record, so quotes are
//! followed from the start of the file, exactly as [`super::record`] does; that takes
//! a look at every quote and every line end, and no more.

use std::io::{self, Read};

use super::record::newlines;

/// As much as one thread reads in some milliseconds.
pub const CHUNK_BYTES: usize = 1 << 20;

/// What some spreadsheets write first.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Some records of a file. All but the first begin with the line end of the record before.
#[derive(Debug)]
pub struct Chunk {
    /// Its place among the pieces.
    pub number: usize,
    /// The records.
    pub bytes: Vec<u8>,
    /// Where in `bytes` reading begins.
    pub start: usize,
    /// The line of that place.
    pub line: u64,
    /// Whether the file ends with it.
    pub is_last: bool,
}

/// The pieces of a file, in order; there is at least one, if nothing fails.
pub struct Chunks<R> {
    source: R,
    /// Pieces are about this long, or as long as a record is.
    size: usize,
    rest: Vec<u8>,
    number: usize,
    line: u64,
    is_done: bool,
    error: Option<io::Error>,
}

impl<R: Read> Chunks<R> {
    /// The pieces of what `source` holds.
    pub fn new(source: R, size: usize) -> Self {
        Self { source, size, rest: Vec::new(), number: 0, line: 1, is_done: false, error: None }
    }

    /// The source, whatever of it has not been read.
    ///
    /// # Errors
    /// Reading failed somewhere.
    pub fn finish(self) -> Result<R, io::Error> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.source),
        }
    }

    fn read_chunk(&mut self) -> io::Result<Chunk> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut quotes = Quotes::new(self.number == 0);
        let mut target = self.size;
        loop {
            let is_last = self.fill(&mut bytes, target)?;
            let end = if is_last { Some(bytes.len()) } else { quotes.last_record_end(&bytes) };
            if let Some(end) = end {
                self.rest = bytes.split_off(end);
                return Ok(self.number_off(bytes, is_last));
            }
            target = target.saturating_mul(2);
        }
    }

    fn number_off(&mut self, bytes: Vec<u8>, is_last: bool) -> Chunk {
        let chunk = Chunk { number: self.number, start: 0, line: self.line, is_last, bytes };
        self.number += 1;
        self.line += newlines(&chunk.bytes);
        self.is_done = is_last;
        chunk
    }

    /// Reads until there are so many bytes; `true` if the file ended first.
    fn fill(&mut self, bytes: &mut Vec<u8>, target: usize) -> io::Result<bool> {
        let known = bytes.len();
        let wanted = target.saturating_sub(known);
        bytes.reserve_exact(wanted);
        let found = (&mut self.source).take(wanted as u64).read_to_end(bytes)?;
        Ok(found < wanted)
    }
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        if self.is_done {
            return None;
        }
        self.read_chunk()
            .map_err(|error| {
                self.is_done = true;
                self.error = Some(error);
            })
            .ok()
    }
}

/// Follows the quotes of a piece that begins outside of them, as far as it has been read.
struct Quotes {
    position: usize,
    is_inside: bool,
    /// The last line end outside of quotes, but not the very first byte, which ends the record
    /// before the piece.
    record_end: Option<usize>,
    /// Where a quote opens a field though no comma or line end is before it.
    start: &'static [u8],
}

impl Quotes {
    fn new(is_first: bool) -> Self {
        let start = if is_first { BYTE_ORDER_MARK } else { b"" };
        Self { position: 0, is_inside: false, record_end: None, start }
    }

    /// The last line end that ends a record; more may be known when there are more bytes.
    fn last_record_end(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(length) = memchr::memchr(b'"', &bytes[self.position..]) {
            let quote = self.position + length;
            if self.is_inside {
                match bytes.get(quote + 1) {
                    // Whether it is doubled the next byte tells, which has not been read.
                    None => return self.record_end,
                    Some(b'"') => self.position = quote + 2,
                    Some(_) => {
                        self.position = quote + 1;
                        self.is_inside = false;
                    }
                }
            } else {
                self.note_record_end(bytes, quote);
                self.is_inside = self.opens_field(bytes, quote);
                self.position = quote + 1;
            }
        }
        if !self.is_inside {
            self.note_record_end(bytes, bytes.len());
            self.position = bytes.len();
        }
        self.record_end
    }

    fn note_record_end(&mut self, bytes: &[u8], end: usize) {
        let outside = &bytes[self.position..end];
        let last = memchr::memrchr(b'\n', outside).map(|place| self.position + place);
        self.record_end = last.filter(|place| *place > 0).or(self.record_end);
    }

    /// Whether a quote opens a field; in the middle of one it is a character like others.
    fn opens_field(&self, bytes: &[u8], quote: usize) -> bool {
        match bytes[..quote].last() {
            None | Some(b',' | b'\n' | b'\r') => true,
            Some(_) => !self.start.is_empty() && bytes[..quote] == *self.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::input::record::{Record, Records};

    fn pieces(content: &str, size: usize) -> Vec<String> {
        let chunks = Chunks::new(content.as_bytes(), size);
        chunks.map(|chunk| String::from_utf8(chunk.bytes).expect("whole letters")).collect()
    }

    #[test]
    fn ends_pieces_where_records_end() {
        for (content, size, expected) in [
            ("a\nb\nc\n", 3, vec!["a", "\nb", "\nc", "\n"]),
            ("a\nb\nc", 3, vec!["a", "\nb", "\nc"]),
            ("a,\"1\n2\"\nb\n", 4, vec!["a,\"1\n2\"", "\nb\n"]),
            ("a,\"1\"\"\n2\"\nb\n", 5, vec!["a,\"1\"\"\n2\"", "\nb\n"]),
            ("a,1\"\nb,\"2\"\n", 6, vec!["a,1\"", "\nb,\"2\"\n"]),
            ("a\r\nb\r\n", 4, vec!["a\r", "\nb\r", "\n"]),
            ("a,\"b\nc\nd", 2, vec!["a,\"b\nc\nd"]),
            ("\u{feff}\"a\nb\"\nc\nd\n", 6, vec!["\u{feff}\"a\nb\"\nc", "\nd\n"]),
            ("", 4, vec![""]),
        ] {
            assert_eq!(pieces(content, size), expected, "{content:?}");
        }
    }

    #[test]
    fn a_failure_is_no_end_of_the_file() {
        #[derive(Debug)]
        struct Torn(bool);
        impl Read for Torn {
            fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("torn"));
                }
                bytes[..4].copy_from_slice(b"a\nb\n");
                Ok(4)
            }
        }
        let mut chunks = Chunks::new(Torn(false), 8);
        assert!(chunks.next().is_none());
        assert_eq!(chunks.finish().expect_err("a failure").to_string(), "torn");
    }

    /// Every field of every record, with its line.
    fn fields<'a>(records: &mut Records<'a>, found: &mut Vec<(u64, Vec<u8>)>) {
        let mut record = Record::<'a>::default();
        while records.read(&mut record) {
            let fields = (0..record.len()).filter_map(|place| record.get(place));
            found.extend(fields.map(|field| (record.line, field.to_vec())));
        }
    }

    proptest! {
        #[test]
        fn pieces_hold_the_records_of_the_whole(
            content in "[a,\"\r\n]{0,60}",
            size in 1_usize..20,
        ) {
            let mut whole = Vec::new();
            fields(&mut Records::new(content.as_bytes(), 0, 1), &mut whole);
            let mut parts = Vec::new();
            for chunk in Chunks::new(content.as_bytes(), size) {
                fields(&mut Records::new(&chunk.bytes, chunk.start, chunk.line), &mut parts);
            }
            prop_assert_eq!(parts, whole);
        }
    }
}
