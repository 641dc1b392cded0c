//! A CSV file as records, each with its true line.
//!
//! Structure is checked here: the header against the columns we know, and that every quote is
//! closed. What a record means is for [`super::field`].

use csv::{ByteRecord, ReaderBuilder};

use super::Warning;
use super::header::{Header, read_header};
use crate::problem::Problem;

/// A column of an input file.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether the file must have it.
    pub required: bool,
}

/// A column the file must have.
pub const fn required(name: &'static str) -> Column {
    Column { name, required: true }
}

/// A column the file may have.
pub const fn optional(name: &'static str) -> Column {
    Column { name, required: false }
}

/// What reading a file gathers beside its rows.
#[derive(Debug, Default)]
pub struct Findings {
    /// Everything wrong.
    pub problems: Vec<Problem>,
    /// Everything odd.
    pub warnings: Vec<Warning>,
}

/// How much of a file could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Records, those of no use included.
    pub rows: u64,
    /// Whether that was all. If the file was cut off, nobody knows what the rest would have said.
    pub complete: bool,
}

/// Calls `visit` with every record of `content`, its line and the header.
pub fn read_table(
    file: &str,
    content: &[u8],
    columns: &[Column],
    findings: &mut Findings,
    mut visit: impl FnMut(&Header, &ByteRecord, u64, &mut Findings),
) -> Extent {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(content);
    let mut extent = Extent { rows: 0, complete: false };
    let Some(header) = read_header(file, content, &mut reader, columns, findings) else {
        return extent;
    };
    let mut lines = Lines { content, counted: 0, line: 1 };
    let mut record = ByteRecord::new();
    // Reading from memory fails at nothing: any bytes are records of some shape.
    while reader.read_byte_record(&mut record).unwrap_or_default() {
        extent.rows += 1;
        let (start, line) = lines.start_of(&record);
        let is_last = reader.position().byte() >= content.len() as u64;
        if is_last && ends_in_quotes(&content[start..], record.len()) {
            findings.problems.push(unclosed(file, line));
            return extent;
        }
        visit(&header, &record, line, findings);
        if is_last && record.len() < header.width {
            return extent;
        }
    }
    Extent { complete: true, ..extent }
}

/// Counts lines of the file as an editor does. The CSV reader's own count lags behind after CRLF
/// and blank lines.
struct Lines<'a> {
    content: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The offset and the line at which a record begins; records come in order.
    #[expect(clippy::naive_bytecount, reason = "fast enough beside the parsing of the same bytes")]
    fn start_of(&mut self, record: &ByteRecord) -> (usize, u64) {
        let offset = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(offset).expect("the file is in memory");
        while matches!(self.content.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        let passed = &self.content[self.counted..start];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = start;
        (start, self.line)
    }
}

/// Whether the last record ends inside a quoted field: another comma does not begin a field then.
fn ends_in_quotes(record: &[u8], fields: usize) -> bool {
    let mut longer = record.trim_ascii_end().to_vec();
    longer.push(b',');
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(longer.as_slice());
    let mut reread = ByteRecord::new();
    reader.read_byte_record(&mut reread).is_ok_and(|found| found && reread.len() == fields)
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
