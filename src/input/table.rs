//! A CSV file as rows of named fields, with the true line of every record.
//!
//! Structure is checked here: the header against the columns we know, every record against the
//! header. What a field means is for [`super::field`].

use csv::{ByteRecord, ReaderBuilder};

use super::Warning;
use crate::problem::{Problem, nearest};

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

/// A header that has been matched with the columns we know.
pub struct Header {
    /// The file, as messages name it.
    pub file: String,
    /// For each known column, its place in a record.
    places: Vec<(&'static str, usize)>,
    width: usize,
}

impl Header {
    /// Where a column stands, if the file has it.
    pub fn place(&self, column: &'static str) -> Option<usize> {
        self.places.iter().find(|(name, _)| *name == column).map(|(_, place)| *place)
    }
}

/// Calls `visit` with every well-formed record of `content`, its line and the header. Returns how
/// many records there are, malformed ones included.
pub fn read_table(
    file: &str,
    content: &[u8],
    columns: &[Column],
    findings: &mut Findings,
    mut visit: impl FnMut(&Header, &ByteRecord, u64, &mut Findings),
) -> u64 {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(content);
    let Some(header) = read_header(file, &mut reader, columns, findings) else {
        return 0;
    };
    let mut record = ByteRecord::new();
    let mut rows = 0;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return rows,
            Ok(true) => {}
            Err(error) => {
                findings.problems.push(whole_file(file, &format!("cannot be read: {error}")));
                return rows;
            }
        }
        rows += 1;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() == header.width {
            visit(&header, &record, line, findings);
        } else {
            findings.problems.push(ragged(&header, record.len(), line));
        }
    }
}

fn ragged(header: &Header, fields: usize, line: u64) -> Problem {
    Problem {
        file: header.file.clone(),
        line: Some(line),
        column: None,
        value: None,
        rule: format!("has {fields} fields where the header has {}", header.width),
        hint: "put values that hold commas, quotes or line breaks in double quotes; a short last \
               line means that the file was cut off"
            .to_owned(),
    }
}

fn read_header(
    file: &str,
    reader: &mut csv::Reader<&[u8]>,
    columns: &[Column],
    findings: &mut Findings,
) -> Option<Header> {
    let names = match reader.byte_headers() {
        Ok(names) => names.clone(),
        Err(error) => {
            findings.problems.push(whole_file(file, &format!("cannot be read: {error}")));
            return None;
        }
    };
    let names: Vec<String> =
        names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    if let Some(problem) = wrong_shape(file, &names) {
        findings.problems.push(problem);
        return None;
    }
    let before = findings.problems.len();
    findings.problems.extend(duplicated(file, &names));
    findings.problems.extend(missing(file, &names, columns));
    if findings.problems.len() > before {
        return None;
    }
    findings.warnings.extend(unknown(file, &names, columns));
    let places = columns
        .iter()
        .filter_map(|column| {
            names.iter().position(|name| name == column.name).map(|place| (column.name, place))
        })
        .collect();
    Some(Header { file: file.to_owned(), places, width: names.len() })
}

/// An empty file, or one that another character separates.
fn wrong_shape(file: &str, names: &[String]) -> Option<Problem> {
    match names {
        [] => Some(whole_file(file, "is empty")),
        [only] if only.is_empty() => Some(whole_file(file, "is empty")),
        [only] if only.contains(';') => Some(separated(file, "semicolons")),
        [only] if only.contains('\t') => Some(separated(file, "tabs")),
        _ => None,
    }
}

fn separated(file: &str, by: &str) -> Problem {
    Problem {
        hint: "export it with commas (RFC 4180); in a spreadsheet choose CSV UTF-8".to_owned(),
        line: Some(1),
        ..whole_file(file, &format!("is separated by {by}, not by commas"))
    }
}

fn whole_file(file: &str, rule: &str) -> Problem {
    Problem {
        file: file.to_owned(),
        line: None,
        column: None,
        value: None,
        rule: rule.to_owned(),
        hint: "write a CSV file with a header row; a table without rows still has its header"
            .to_owned(),
    }
}

fn duplicated(file: &str, names: &[String]) -> Vec<Problem> {
    let repeats = names.iter().enumerate().filter(|(place, name)| names[..*place].contains(name));
    repeats
        .map(|(_, name)| Problem {
            file: file.to_owned(),
            line: Some(1),
            column: None,
            value: Some(name.clone()),
            rule: "is the name of two columns".to_owned(),
            hint: "remove or rename one of them".to_owned(),
        })
        .collect()
}

fn missing(file: &str, names: &[String], columns: &[Column]) -> Vec<Problem> {
    let absent = columns
        .iter()
        .filter(|column| column.required && !names.iter().any(|name| name == column.name));
    absent
        .map(|column| {
            let similar = nearest(column.name, names.iter().map(String::as_str))
                .filter(|name| columns.iter().all(|column| column.name != *name))
                .map(|name| format!("; is \"{name}\" meant to be it?"))
                .unwrap_or_default();
            Problem {
                file: file.to_owned(),
                line: Some(1),
                column: Some(column.name),
                value: None,
                rule: "is missing from the header".to_owned(),
                hint: format!("add the column{similar}"),
            }
        })
        .collect()
}

fn unknown(file: &str, names: &[String], columns: &[Column]) -> Option<Warning> {
    let unknown: Vec<&str> = names
        .iter()
        .filter(|name| columns.iter().all(|column| column.name != *name))
        .map(String::as_str)
        .collect();
    (!unknown.is_empty())
        .then(|| Warning(format!("{file}: ignored unknown columns: {}", unknown.join(", "))))
}
