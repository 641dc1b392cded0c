//! Finds the records of a CSV file in place: only fields with doubled quotes are copied.
//!
//! Fields and record ends follow the csv crate; a test compares both. This reader takes half the
//! time, and it knows each record's line and whether its last quote was closed.

use super::nulls::{LONGEST, MAY_BEGIN};
use super::separators::SeparatorScan;

/// One record: the positions of its fields.
#[derive(Debug, Default)]
pub(crate) struct Record<'a> {
    bytes: &'a [u8],
    text: Option<&'a str>,
    fields: Vec<Field>,
    mended: Vec<u8>,
    /// The fields whose words billing.toml has replaced, as they were.
    replaced: Vec<(usize, Field)>,
    /// The line where it begins.
    pub(crate) line: u64,
    /// Whether it is the last record, without any line end after it.
    pub(crate) is_at_end: bool,
    /// Whether the piece ended inside a quoted field.
    pub(crate) is_unclosed: bool,
}

/// The position of a field. Positions beyond the piece refer to fields that were copied.
#[derive(Clone, Copy, Debug)]
struct Field {
    start: usize,
    end: usize,
}

impl Record<'_> {
    /// The number of fields; at least one.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    pub(crate) fn get(&self, place: usize) -> Option<&[u8]> {
        Some(self.bytes_of(*self.fields.get(place)?))
    }

    fn bytes_of(&self, Field { start, end }: Field) -> &[u8] {
        let own = self.bytes.len();
        if start > own {
            &self.mended[start - own - 1..end - own - 1]
        } else {
            &self.bytes[start..end]
        }
    }

    /// Replaces the word of a field.
    pub(crate) fn replace(&mut self, place: usize, word: &[u8]) {
        let start = self.bytes.len() + 1 + self.mended.len();
        self.mended.extend_from_slice(word);
        let field = Field { start, end: start + word.len() };
        self.replaced.push((place, std::mem::replace(&mut self.fields[place], field)));
    }

    /// The word of a field in the file, if it was replaced.
    pub(crate) fn replaced(&self, place: usize) -> Option<&[u8]> {
        let (_, field) = self.replaced.iter().find(|(replaced, _)| *replaced == place)?;
        Some(self.bytes_of(*field))
    }

    /// Whether it has only delimiters, as spreadsheets write below a table.
    pub(crate) fn is_blank(&self) -> bool {
        !self.is_unclosed && self.fields.iter().all(|field| field.start == field.end)
    }

    /// Whether a field may be a word for an empty field, judged by length and first byte.
    pub(crate) fn may_hold_nulls(&self) -> bool {
        self.fields.iter().any(|field| {
            // An empty field wraps to the largest length.
            (field.end - field.start).wrapping_sub(1) < LONGEST
                && self.bytes.get(field.start).is_none_or(|first| MAY_BEGIN[usize::from(*first)])
        })
    }

    /// A field of a piece that is known to be clean text.
    pub(crate) fn clean(&self, place: usize) -> Option<&str> {
        let Field { start, end } = *self.fields.get(place)?;
        self.text?.get(start..end)
    }
}

/// The unit of a record's number; the header is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LineNumbering {
    /// Lines of the file, as editors count.
    #[default]
    Lines,
    /// Records, regardless of line ends inside them.
    Rows,
}

/// The records of a piece of a file, in order.
pub(crate) struct Records<'a> {
    bytes: &'a [u8],
    /// The bytes as text, if all of them are UTF-8 without NUL. Fields then need no check.
    text: Option<&'a str>,
    marks: SeparatorScan<'a>,
    /// What separates fields.
    delimiter: u8,
    position: usize,
    line: u64,
    numbering: LineNumbering,
}

/// The end of a field.
#[derive(PartialEq)]
enum End {
    Field,
    Line,
}

impl<'a> Records<'a> {
    /// Reads records from `position` of a piece, which is on line `line`.
    pub(crate) fn new(bytes: &'a [u8], position: usize, line: u64) -> Self {
        Self::separated(bytes, b',', (position, line))
    }

    /// Does the same where another byte separates fields.
    pub(crate) fn separated(
        bytes: &'a [u8],
        delimiter: u8,
        (position, line): (usize, u64),
    ) -> Self {
        let marks = SeparatorScan::new(bytes, delimiter);
        let numbering = LineNumbering::Lines;
        Self { bytes, text: None, marks, delimiter, position, line, numbering }
    }

    /// Checks at once whether the piece is clean text. Use it if most fields are read.
    #[must_use]
    pub(crate) fn of_text(self) -> Self {
        let is_clean = memchr::memchr(0, self.bytes).is_none();
        let text = std::str::from_utf8(self.bytes).ok().filter(|_| is_clean);
        Self { text, ..self }
    }

    /// Sets the unit of the numbers.
    #[must_use]
    pub(crate) fn numbered(self, numbering: LineNumbering) -> Self {
        Self { numbering, ..self }
    }

    /// The position of the next record, and its line.
    pub(crate) fn position(&self) -> (usize, u64) {
        (self.position, self.line)
    }

    fn is_at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// Finds the next record; `false` at the end. Blank lines are skipped.
    pub(crate) fn read(&mut self, record: &mut Record<'a>) -> bool {
        while self.skip_line_end() {}
        if self.is_at_end() {
            return false;
        }
        (record.bytes, record.text, record.line) = (self.bytes, self.text, self.line);
        record.fields.clear();
        record.mended.clear();
        record.replaced.clear();
        record.is_unclosed = false;
        let start = self.position;
        if self.read_fields(record) && self.numbering == LineNumbering::Lines {
            self.line += newlines(&self.bytes[start..self.position]);
        }
        self.skip_line_end();
        record.is_at_end = self.is_at_end();
        true
    }

    /// Skips LF, CR LF or CR. Lines are counted by LF, as in editors.
    fn skip_line_end(&mut self) -> bool {
        let (length, lines) = match self.bytes[self.position..] {
            [b'\r', b'\n', ..] => (2, 1),
            [b'\n', ..] => (1, 1),
            [b'\r', ..] => (1, 0),
            _ => return false,
        };
        self.position += length;
        self.line += lines;
        true
    }

    /// Finds the fields up to the line end, and returns whether any is quoted.
    fn read_fields(&mut self, record: &mut Record<'a>) -> bool {
        // Local copies stay in the processor's registers.
        let (bytes, mut marks, delimiter) = (self.bytes, self.marks, self.delimiter);
        let (mut start, mut has_quotes) = (self.position, false);
        marks.pass(start);
        loop {
            let end = marks.next();
            match bytes.get(end) {
                Some(byte) if *byte == delimiter => {
                    record.fields.push(Field { start, end });
                    start = end + 1;
                }
                None | Some(b'\n' | b'\r') => {
                    record.fields.push(Field { start, end });
                    self.position = end;
                    break;
                }
                Some(b'"') if end == start => {
                    has_quotes = true;
                    if self.quoted(record, end + 1) == End::Line {
                        break;
                    }
                    start = self.position;
                    marks.pass(start);
                }
                Some(_) => {}
            }
        }
        self.marks = marks;
        has_quotes
    }

    /// Finds the field whose opening quote is before `start`.
    fn quoted(&mut self, record: &mut Record<'a>, start: usize) -> End {
        let Some(length) = memchr::memchr(b'"', &self.bytes[start..]) else {
            record.is_unclosed = true;
            record.fields.push(Field { start, end: self.bytes.len() });
            self.position = self.bytes.len();
            return End::Line;
        };
        let end = start + length;
        match self.bytes.get(end + 1) {
            Some(byte) if *byte != self.delimiter && !b"\n\r".contains(byte) => {
                self.mend(record, start);
            }
            _ => {
                record.fields.push(Field { start, end });
                self.position = end + 1;
            }
        }
        self.end()
    }

    /// Copies a field that has doubled quotes or continues after the closing quote.
    fn mend(&mut self, record: &mut Record<'a>, start: usize) {
        let mended = &mut record.mended;
        let behind = self.bytes.len() + 1;
        let mended_start = behind + mended.len();
        let mut is_inside = true;
        self.position = start;
        loop {
            match (self.bytes.get(self.position), is_inside) {
                (None, _) | (Some(b'\n' | b'\r'), false) => break,
                (Some(byte), false) if *byte == self.delimiter => break,
                (Some(b'"'), true) if self.bytes.get(self.position + 1) == Some(&b'"') => {
                    mended.push(b'"');
                    self.position += 1;
                }
                (Some(b'"'), true) => is_inside = false,
                (Some(byte), _) => mended.push(*byte),
            }
            self.position += 1;
        }
        record.is_unclosed = is_inside;
        let end = behind + mended.len();
        record.fields.push(Field { start: mended_start, end });
    }

    /// Skips the delimiter after a field, if there is one.
    fn end(&mut self) -> End {
        if self.bytes.get(self.position) == Some(&self.delimiter) {
            self.position += 1;
            return End::Field;
        }
        End::Line
    }
}

/// Counts the line ends in these bytes.
pub(crate) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use csv::{ByteRecord, ReaderBuilder};
    use proptest::prelude::*;

    use super::*;

    /// The fields of every record, and its line.
    type Read = Vec<(u64, Vec<Vec<u8>>)>;

    fn by_us(content: &[u8], delimiter: u8) -> Read {
        let mut records = Records::separated(content, delimiter, (0, 1)).of_text();
        let mut record = Record::default();
        let mut read = Vec::new();
        while records.read(&mut record) {
            let fields = (0..record.len()).filter_map(|place| record.get(place));
            read.push((record.line, fields.map(<[u8]>::to_vec).collect()));
            for place in 0..record.len() {
                let clean = record.clean(place).map(str::as_bytes);
                assert!(clean.is_none() || clean == record.get(place));
            }
        }
        read
    }

    fn by_csv(content: &[u8], delimiter: u8) -> Read {
        let mut reader = ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).delimiter(delimiter);
        let mut reader = reader.from_reader(content);
        let mut record = ByteRecord::new();
        let mut read = Vec::new();
        while reader.read_byte_record(&mut record).expect("bytes in memory") {
            let offset = record.position().expect("a place").byte();
            let mut start = usize::try_from(offset).expect("a small file");
            start += content[start..].iter().take_while(|byte| b"\r\n".contains(byte)).count();
            let fields = record.iter().map(<[u8]>::to_vec).collect();
            read.push((newlines(&content[..start]) + 1, fields));
        }
        read
    }

    proptest! {
        #[test]
        fn reads_what_the_csv_crate_reads(
            content in "[a,;|\t\"\r\n é]{0,40}",
            delimiter in prop::sample::select(b",;|\t".to_vec()),
        ) {
            let content = content.as_bytes();
            prop_assert_eq!(by_us(content, delimiter), by_csv(content, delimiter));
        }
    }

    #[test]
    fn knows_whether_the_last_quote_was_closed() {
        for (content, expected) in [
            ("a,\"b\"", false),
            ("a,\"b", true),
            ("a,\"b\"\"", true),
            ("a,\"b\"\"\"", false),
            ("a,b\"", false),
            ("\"", true),
            ("a,\"b\n\n", true),
        ] {
            let mut record = Record::default();
            assert!(Records::new(content.as_bytes(), 0, 1).read(&mut record));
            assert_eq!(record.is_unclosed, expected, "{content}");
        }
    }

    #[test]
    fn a_replaced_word_is_read_and_the_other_is_remembered() {
        let mut record = Record::default();
        assert!(Records::new(b"a,\"b\"\"\",c", 0, 1).of_text().read(&mut record));
        record.replace(1, "é".as_bytes());
        record.replace(2, b"");
        let fields = [0, 1, 2].map(|place| record.get(place).expect("a field"));
        assert_eq!(fields, [&b"a"[..], "é".as_bytes(), b""]);
        let written = [0, 1, 2].map(|place| record.replaced(place));
        assert_eq!(written, [None, Some(&b"b\""[..]), Some(&b"c"[..])]);
        assert_eq!([record.clean(0), record.clean(1), record.clean(2)], [Some("a"), None, None]);
    }

    #[test]
    fn only_clean_text_is_handed_out_unlooked_at() {
        for (content, clean) in [
            (&b"a,\xc3\xa9"[..], [Some("a"), Some("é")]),
            (b"a,\"\"\"\"", [Some("a"), None]),
            (b"a,\xff", [None, None]),
            (b"a,\0", [None, None]),
        ] {
            let mut record = Record::default();
            assert!(Records::new(content, 0, 1).of_text().read(&mut record));
            assert_eq!([record.clean(0), record.clean(1)], clean, "{content:?}");
        }
    }
}
