//! Splits a file into pieces at record boundaries, so that threads can read them independently.
//!
//! Only one piece at a time is in memory. A line end inside quotes does not end a record, so quotes
//! are tracked from the start of the file, exactly as in [`super::record`]. Only quotes and line
//! ends are examined.

use std::io::{self, Read};

use super::file_error::FileError;
use super::record::{LineNumbering, Record, Records, newlines};

/// One thread reads this much in some milliseconds.
pub(crate) const CHUNK_BYTES: usize = 1 << 20;

/// The longest record allowed. A longer one usually lacks a quote, or comes from a small
/// file that decompresses to more than the memory holds.
const RECORD_BYTES: usize = 64 << 20;

/// Some spreadsheets write it first, and read text as UTF-8 only with it.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Some records of a file. Every piece but the first begins with the line end of the record before.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// Its index among the pieces.
    pub(crate) number: usize,
    /// The records.
    pub(crate) bytes: Vec<u8>,
    /// The position in `bytes` where reading begins.
    pub(crate) start: usize,
    /// The line number at `start`.
    pub(crate) line: u64,
    /// The unit of the line numbers.
    pub(crate) numbering: LineNumbering,
    /// What separates fields.
    pub(crate) delimiter: u8,
    /// Whether this is the last piece.
    pub(crate) is_last: bool,
}

impl Chunk {
    pub(crate) fn records(&self) -> Records<'_> {
        let records = Records::separated(&self.bytes, self.delimiter, (self.start, self.line));
        records.numbered(self.numbering).of_text()
    }

    /// Whether the last record has no line end.
    pub(crate) fn ends_in_a_row(&self) -> bool {
        !matches!(self.bytes.last(), Some(b'\n' | b'\r'))
    }

    /// How many lines the piece has.
    fn lines(&self) -> u64 {
        if self.numbering == LineNumbering::Lines || memchr::memchr(b'"', &self.bytes).is_none() {
            return newlines(&self.bytes);
        }
        let mut records = self.records();
        let mut record = Record::default();
        while records.read(&mut record) {}
        records.position().1 - self.line
    }
}

/// The pieces of a file, in order. Without an error there is at least one.
pub(crate) struct Chunks<R> {
    source: R,
    /// The usual length of a piece; a longer record makes a longer piece.
    size: usize,
    rest: Vec<u8>,
    number: usize,
    line: u64,
    numbering: LineNumbering,
    delimiter: u8,
    is_done: bool,
    error: Option<io::Error>,
}

impl<R: Read> Chunks<R> {
    pub(crate) fn new(source: R, size: usize, numbering: LineNumbering) -> Self {
        let (rest, is_done, error, delimiter) = (Vec::new(), false, None, b',');
        Self { source, size, rest, number: 0, line: 1, numbering, delimiter, is_done, error }
    }

    /// Sets what separates fields.
    pub(crate) fn separated(self, delimiter: u8) -> Self {
        Self { delimiter, ..self }
    }

    /// Returns the source, which may have unread bytes.
    ///
    /// # Errors
    /// Reading failed somewhere.
    pub(crate) fn finish(self) -> Result<R, io::Error> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.source),
        }
    }

    fn read_chunk(&mut self) -> io::Result<Chunk> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut quotes = QuoteState::new(self.number == 0, self.delimiter);
        let mut target = self.size;
        loop {
            let is_last = self.fill(&mut bytes, target)?;
            let end = if is_last { Some(bytes.len()) } else { quotes.last_record_end(&bytes) };
            if let Some(end) = end {
                self.rest = bytes.split_off(end);
                return Ok(self.number_off(bytes, is_last));
            }
            if target >= RECORD_BYTES {
                return Err(self.too_long(&bytes).into());
            }
            target = target.saturating_mul(2);
        }
    }

    /// The error for a record that does not end. The first byte is the line end before it.
    fn too_long(&self, bytes: &[u8]) -> FileError {
        let line_ends = bytes.iter().take_while(|byte| b"\r\n".contains(byte)).count();
        FileError {
            line: Some(self.line + newlines(&bytes[..line_ends])),
            ..FileError::new(
                format!("begins a row of more than {} MiB", RECORD_BYTES >> 20),
                "look for a quote in it that is never closed, and for missing line ends",
            )
        }
    }

    fn number_off(&mut self, bytes: Vec<u8>, is_last: bool) -> Chunk {
        let Self { number, line, numbering, delimiter, .. } = *self;
        let chunk = Chunk { number, start: 0, line, numbering, delimiter, is_last, bytes };
        self.number += 1;
        self.line += chunk.lines();
        self.is_done = is_last;
        chunk
    }

    /// Reads until `bytes` has `target` bytes. `true` if the file ended first.
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

/// Tracks the quotes of a piece that begins outside quotes.
struct QuoteState {
    position: usize,
    is_inside: bool,
    /// The last line end outside quotes. The first byte does not count, because it ends the record
    /// before the piece.
    record_end: Option<usize>,
    /// Field starts where a quote opens a field without a delimiter or line end before it.
    start: &'static [u8],
    delimiter: u8,
}

impl QuoteState {
    fn new(is_first: bool, delimiter: u8) -> Self {
        let start = if is_first { BYTE_ORDER_MARK } else { b"" };
        Self { position: 0, is_inside: false, record_end: None, start, delimiter }
    }

    /// The last line end that ends a record; more bytes may reveal a later one.
    fn last_record_end(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(length) = memchr::memchr(b'"', &bytes[self.position..]) {
            let quote = self.position + length;
            if self.is_inside {
                match bytes.get(quote + 1) {
                    // The next byte decides whether the quote is doubled, but it has not been read.
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

    /// Whether a quote opens a field. Inside a field it is an ordinary character.
    fn opens_field(&self, bytes: &[u8], quote: usize) -> bool {
        match bytes[..quote].last() {
            None | Some(b'\n' | b'\r') => true,
            Some(before) if *before == self.delimiter => true,
            Some(_) => !self.start.is_empty() && bytes[..quote] == *self.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::file_error::FileErrors;

    fn lines(content: &str, size: usize) -> Chunks<&[u8]> {
        Chunks::new(content.as_bytes(), size, LineNumbering::Lines)
    }

    fn pieces(content: &str, size: usize) -> Vec<String> {
        let chunks = lines(content, size);
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
        let mut chunks = Chunks::new(Torn(false), 8, LineNumbering::Lines);
        assert!(chunks.next().is_none());
        assert_eq!(chunks.finish().expect_err("a failure").to_string(), "torn");
    }

    #[test]
    fn a_record_without_end_is_a_fault_where_it_begins() {
        let content = format!("a\n\"{}", "b\n".repeat(RECORD_BYTES));
        let mut chunks = lines(&content, CHUNK_BYTES);
        assert_eq!(chunks.next().expect("the first record").bytes, b"a");
        assert!(chunks.next().is_none());
        let error = chunks.finish().expect_err("a fault").downcast::<FileErrors>().expect("one");
        assert_eq!((error.0[0].line, error.0.len()), (Some(2), 1));
        assert!(error.to_string().contains("more than 64 MiB"), "{error}");
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
            content in "[a,;\"\r\n]{0,60}",
            size in 1_usize..20,
            delimiter in prop::sample::select(b",;".to_vec()),
        ) {
            let mut whole = Vec::new();
            let mut records = Records::separated(content.as_bytes(), delimiter, (0, 1));
            fields(&mut records, &mut whole);
            let mut parts = Vec::new();
            for chunk in lines(&content, size).separated(delimiter) {
                fields(&mut chunk.records(), &mut parts);
            }
            prop_assert_eq!(parts, whole);
        }

        #[test]
        fn rows_are_numbered_whatever_is_inside_of_them(
            content in "([a,\n]{0,3}|\"[a,\n]{0,5}\"){0,10}",
            size in 1_usize..20,
        ) {
            let numbers = |size| {
                let chunks = Chunks::new(content.as_bytes(), size, LineNumbering::Rows);
                let mut found = Vec::new();
                chunks.for_each(|chunk| fields(&mut chunk.records(), &mut found));
                found
            };
            prop_assert_eq!(numbers(size), numbers(1000));
        }
    }
}
