//! The first line of a CSV file, matched with the columns we know.
//!
//! A file whose header cannot be used has no rows for us; what is wrong with it is said once,
//! here, and not again for every row.

use std::collections::HashSet;

use super::Warning;
use super::form::stem;
use super::nulls::Check;
use super::record::{Record, Records};
use super::table::{Column, Findings, Sheet};
use crate::problem::{Problem, nearest};

/// A header that has been matched with the columns we know.
pub struct Header {
    /// The file, as messages name it.
    pub file: String,
    /// The table, as billing.toml names it.
    pub table: String,
    /// For each column that we know, its place in a record, if the file has it.
    places: Vec<(&'static str, Option<usize>)>,
    /// The columns whose fields must not be words that stand for nothing.
    pub checks: Vec<Check>,
    /// How many fields a record has.
    pub width: usize,
}

impl Header {
    /// The number of a column among those we know, which is looked for from this one on, and where it
    /// stands, if the file has it.
    pub fn place(&self, column: &'static str, from: usize) -> Option<(usize, usize)> {
        // Nearly always it is the same constant, and no text is looked at.
        let is_it = |number: &usize| {
            let (name, _) = self.places[*number];
            std::ptr::eq(name, column) || name == column
        };
        let number = (from..self.places.len()).chain(0..from).find(is_it)?;
        Some((number, self.places[number].1?))
    }
}

/// Reads the header of `content`; `None` if it is of no use, which is then among the findings.
pub fn read_header(
    sheet: Sheet<'_>,
    content: &[u8],
    records: &mut Records<'_>,
    findings: &mut Findings,
) -> Option<Header> {
    let Sheet { file, columns, .. } = sheet;
    let mut record = Record::default();
    records.read(&mut record);
    let fields = (0..record.len()).filter_map(|place| record.get(place));
    let names: Vec<String> =
        fields.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    if let Some(problem) = wrong_shape(file, content, &names) {
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
    let place = |column: &Column| names.iter().position(|name| name == column.name);
    let places: Vec<_> = columns.iter().map(|column| (column.name, place(column))).collect();
    let checks = checks(sheet, &places);
    let table = stem(sheet.name).to_owned();
    Some(Header { file: file.to_owned(), table, places, checks, width: names.len() })
}

fn checks(sheet: Sheet<'_>, places: &[(&'static str, Option<usize>)]) -> Vec<Check> {
    let table = stem(sheet.name);
    let columns = sheet.columns.iter().zip(places).enumerate();
    let checks = columns.filter_map(|(number, (column, (_, place)))| {
        let is_literal = sheet.settings.is_literal(table, column.name);
        Some(Check::of((number, (*place)?), *column, is_literal))
    });
    checks.collect()
}

/// A file that is empty, is no CSV at all, or has another character between its fields.
fn wrong_shape(file: &str, content: &[u8], names: &[String]) -> Option<Problem> {
    const FOREIGN: [(&[u8], &str); 3] = [
        (b"\xff\xfe", "is UTF-16, not UTF-8"),
        (b"\xfe\xff", "is UTF-16, not UTF-8"),
        (b"PK\x03\x04", "is a workbook, not a CSV file"),
    ];
    /// What has a form of its own, and the ending that says so.
    const NAMED: [(&[u8], &str, &str); 3] = [
        (b"\x1f\x8b", "is compressed with gzip", ".csv.gz"),
        (b"\x28\xb5\x2f\xfd", "is compressed with zstd", ".csv.zst"),
        (b"PAR1", "is a Parquet file", ".parquet"),
    ];
    if let Some((_, rule, ending)) = NAMED.iter().find(|(start, ..)| content.starts_with(start)) {
        let hint = format!("let its name end with {ending}");
        return Some(Problem { hint, ..whole_file(file, rule) });
    }
    if let Some((_, rule)) = FOREIGN.iter().find(|(start, _)| content.starts_with(start)) {
        return Some(Problem { hint: SPREADSHEET.to_owned(), ..whole_file(file, rule) });
    }
    match names {
        [] => Some(whole_file(file, "is empty")),
        [only] if only.is_empty() => Some(whole_file(file, "is empty")),
        [only] if only.contains(';') => Some(separated(file, "semicolons")),
        [only] if only.contains('\t') => Some(separated(file, "tabs")),
        _ => None,
    }
}

const SPREADSHEET: &str = "save it as CSV UTF-8, with commas between the fields";

fn separated(file: &str, by: &str) -> Problem {
    Problem {
        hint: SPREADSHEET.to_owned(),
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
    let mut seen: HashSet<&String> = HashSet::new();
    let repeats = names.iter().filter(|name| !seen.insert(name));
    repeats
        .map(|name| Problem {
            line: Some(1),
            value: Some(name.clone()),
            hint: "remove or rename one of them".to_owned(),
            ..whole_file(file, "is the name of two columns")
        })
        .collect()
}

fn missing(file: &str, names: &[String], columns: &[Column]) -> Vec<Problem> {
    let foreign: Vec<&str> = unknown_names(names, columns).collect();
    let absent = columns
        .iter()
        .filter(|column| column.required && !names.iter().any(|name| name == column.name));
    absent
        .map(|column| {
            let similar = nearest(column.name, foreign.iter().copied());
            Problem {
                line: Some(1),
                column: Some(column.name),
                hint: similar.map_or_else(
                    || "add the column".to_owned(),
                    |name| format!("rename \"{name}\" if that is meant, or add the column"),
                ),
                ..whole_file(file, "is missing from the header")
            }
        })
        .collect()
}

fn unknown(file: &str, names: &[String], columns: &[Column]) -> Option<Warning> {
    let unknown: Vec<&str> = unknown_names(names, columns).collect();
    (!unknown.is_empty())
        .then(|| Warning(format!("{file}: ignored unknown columns: {}", unknown.join(", "))))
}

fn unknown_names<'a>(names: &'a [String], columns: &[Column]) -> impl Iterator<Item = &'a str> {
    names
        .iter()
        .map(String::as_str)
        .filter(move |name| columns.iter().all(|column| column.name != *name))
}
