//! Matches the header of a CSV file with the known columns.
//!
//! A file with an unusable header has no rows. The error is reported once here, not for every row.

use std::collections::HashSet;

use super::column::{Column, TableSpec};
use super::findings::Diagnostics;
use super::foreign::Foreign;
use super::form::stem;
use super::meanings::{decisive, names_of, plain};
use super::nulls::Check;
use super::record::{Record, Records};
use crate::problem::{Problem, nearest};
use crate::value::Moment;

/// A header matched with the known columns.
pub(crate) struct Header {
    /// The file, as messages name it.
    pub(crate) file: String,
    /// The table, as billing.toml names it.
    pub(crate) table: String,
    /// The position of each known column in a record, if the file has it.
    places: Vec<(&'static str, Option<usize>)>,
    /// The columns that must not hold words for an empty field.
    pub(crate) checks: Vec<Check>,
    /// The largest number of fields in a record.
    pub(crate) width: usize,
    /// The smallest number of fields: trailing columns without a name may be missing.
    pub(crate) least: usize,
    /// The positions of columns without a name.
    pub(crate) unnamed: Vec<usize>,
}

impl Header {
    /// The number of a known column and its position, if the file has it. The search begins at
    /// `from`.
    pub(crate) fn place(&self, column: &'static str, from: usize) -> Option<(usize, usize)> {
        // It is nearly always the same constant, so no text is compared.
        let is_it = |number: &usize| {
            let (name, _) = self.places[*number];
            std::ptr::eq(name, column) || name == column
        };
        let number = (from..self.places.len()).chain(0..from).find(is_it)?;
        Some((number, self.places[number].1?))
    }
}

/// Reads the header of `content`. `None` if it is unusable; the reason is in the findings.
pub(crate) fn read_header(
    sheet: TableSpec<'_>,
    content: &[u8],
    records: &mut Records<'_>,
    findings: &mut Diagnostics,
) -> Option<Header> {
    let TableSpec { file, .. } = sheet;
    let mut record = Record::default();
    records.read(&mut record);
    let fields = (0..record.len()).filter_map(|place| record.get(place));
    let names: Vec<String> =
        fields.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    if let Some(problem) = wrong_shape(file, content, &names) {
        findings.problems.push(problem);
        return None;
    }
    if let Some(problem) = no_header(sheet, content, records, &names) {
        findings.problems.push(problem);
        return None;
    }
    let before = findings.problems.found();
    findings.problems.extend(duplicated(file, &names));
    let renamed = Renamed::find(sheet, &names);
    findings.problems.extend(renamed.missing(file));
    findings.foreign.extend(renamed.foreign(sheet));
    if findings.problems.found() > before {
        return None;
    }
    Some(header(sheet, &names))
}

/// A header whose names are all known or allowed.
fn header(sheet: TableSpec<'_>, names: &[String]) -> Header {
    let place = |column: &Column| names.iter().position(|name| name == column.name);
    let places: Vec<_> = sheet.columns.iter().map(|column| (column.name, place(column))).collect();
    let (without_name, with_name): (Vec<usize>, Vec<usize>) =
        (0..names.len()).partition(|place| is_unnamed(&names[*place]));
    Header {
        file: sheet.file.to_owned(),
        table: stem(sheet.name).to_owned(),
        checks: checks(sheet, &places),
        places,
        width: names.len(),
        least: with_name.last().map_or(0, |last| last + 1),
        unnamed: without_name,
    }
}

/// Spreadsheets write empty columns after a table.
fn is_unnamed(name: &str) -> bool {
    name.trim().is_empty()
}

fn checks(sheet: TableSpec<'_>, places: &[(&'static str, Option<usize>)]) -> Vec<Check> {
    let table = stem(sheet.name);
    let columns = sheet.columns.iter().zip(places).enumerate();
    let checks = columns.filter_map(|(number, (column, (_, place)))| {
        let is_literal = sheet.settings.is_literal(table, column.name);
        Some(Check::of((number, (*place)?), *column, is_literal))
    });
    checks.collect()
}

/// A file that is empty, is not CSV, or uses another separator.
fn wrong_shape(file: &str, content: &[u8], names: &[String]) -> Option<Problem> {
    const FOREIGN: [(&[u8], &str); 3] = [
        (b"\xff\xfe", "is UTF-16, not UTF-8"),
        (b"\xfe\xff", "is UTF-16, not UTF-8"),
        (b"PK\x03\x04", "is a workbook, not a CSV file"),
    ];
    /// File formats by their first bytes, with the right extension.
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
    let repeats = names.iter().filter(|name| !is_unnamed(name) && !seen.insert(name));
    repeats
        .map(|name| Problem {
            line: Some(1),
            value: Some(name.clone()),
            hint: "remove or rename one of them".to_owned(),
            ..whole_file(file, "is the name of two columns")
        })
        .collect()
}

/// A first row that has no column name, here or in other systems. It holds values, or the header is
/// below it.
fn no_header(
    sheet: TableSpec<'_>,
    content: &[u8],
    records: &Records<'_>,
    names: &[String],
) -> Option<Problem> {
    let table = stem(sheet.name);
    let is_known = |name: &String| {
        let plain = plain(name);
        let mut columns = sheet.columns.iter();
        columns.any(|it| it.name == plain || names_of(table, it.name).any(|other| other == plain))
    };
    if names.iter().any(is_known) {
        return None;
    }
    if let Some(line) = header_below(sheet, content, records.position()) {
        return Some(Problem {
            line: Some(1),
            hint: "remove what is above it".to_owned(),
            ..whole_file(
                sheet.file,
                &format!("begins with something else than its header, which is line {line}"),
            )
        });
    }
    let required = sheet.columns.iter().filter(|column| column.required);
    let required: Vec<&str> = required.map(|column| column.name).collect();
    names.iter().any(|name| is_value(name)).then(|| Problem {
        line: Some(1),
        hint: format!(
            "export the table with its header, as COPY … WITH (FORMAT csv, HEADER) does; it has at \
             least the columns {}",
            required.join(", ")
        ),
        ..whole_file(sheet.file, "begins with a row of values where the header should be")
    })
}

/// The line of a header below a title.
fn header_below(
    sheet: TableSpec<'_>,
    content: &[u8],
    (position, line): (usize, u64),
) -> Option<u64> {
    const LOOKED_AT: usize = 10;
    let mut records = Records::new(content, position, line);
    let mut record = Record::default();
    for _ in 0..LOOKED_AT {
        if !records.read(&mut record) {
            break;
        }
        let has = |column: &Column| {
            (0..record.len()).any(|place| record.get(place) == Some(column.name.as_bytes()))
        };
        if sheet.columns.iter().filter(|column| column.required).all(has) {
            return Some(record.line);
        }
    }
    None
}

/// Whether a text cannot be a column name: a number, an instant or an e-mail address.
fn is_value(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| b"0123456789.,-+".contains(&byte));
    is_number || text.contains('@') || Moment::parse(text).is_ok()
}

/// The missing columns of a file, and its unknown columns.
struct Renamed<'a> {
    /// Missing required columns, each with a name that may mean it.
    missing: Vec<(&'static str, Option<&'a str>)>,
    /// Other unknown names, each with the optional column that it may mean.
    foreign: Vec<(&'a str, Option<&'static str>)>,
}

impl<'a> Renamed<'a> {
    fn find(sheet: TableSpec<'_>, names: &'a [String]) -> Self {
        let is_known = |name: &str| sheet.columns.iter().any(|column| column.name == name);
        let names = names.iter().map(String::as_str);
        let mut foreign: Vec<&str> =
            names.clone().filter(|name| !is_known(name) && !is_unnamed(name)).collect();
        let absent = |column: &&Column| names.clone().all(|name| name != column.name);
        let (required, optional): (Vec<&Column>, Vec<&Column>) =
            sheet.columns.iter().filter(absent).partition(|column| column.required);
        let mut missing = Vec::new();
        for column in required {
            let place = stands_for(stem(sheet.name), column.name, &foreign);
            missing.push((column.name, place.map(|place| foreign.remove(place))));
        }
        let mut found: Vec<(&str, Option<&str>)> =
            foreign.iter().map(|name| (*name, None)).collect();
        for column in optional {
            if let Some(place) = stands_for(stem(sheet.name), column.name, &foreign) {
                found[place].1 = found[place].1.or(Some(column.name));
            }
        }
        Self { missing, foreign: found }
    }

    fn missing(&self, file: &str) -> impl Iterator<Item = Problem> {
        let problem = |(column, name): &(&'static str, Option<&str>)| Problem {
            line: Some(1),
            column: Some(column),
            hint: name.map_or_else(|| "add the column".to_owned(), |name| rename(column, name)),
            ..whole_file(file, "is missing from the header")
        };
        self.missing.iter().map(problem)
    }

    /// The columns that billing.toml does not allow.
    fn foreign(&self, sheet: TableSpec<'_>) -> Option<Foreign> {
        let table = stem(sheet.name);
        let is_refused = |(name, _): &&(&str, Option<&str>)| {
            !sheet.settings.ignores(table, name, decisive(table, name).is_some())
        };
        let names = self.foreign.iter().filter(is_refused);
        let names: Vec<_> = names.map(|(name, column)| ((*name).to_owned(), *column)).collect();
        (!names.is_empty()).then(|| Foreign { file: sheet.file.to_owned(), table, names })
    }
}

fn rename(column: &str, name: &str) -> String {
    // Some systems count money in cents.
    let unit = if column == "unit_amount" { " (in major units, such as 20.00)" } else { "" };
    format!("rename \"{name}\" if that is meant{unit}, or add the column")
}

/// The index of the name that may mean a column: another spelling, another system's name, or a
/// typing error.
fn stands_for(table: &str, column: &str, names: &[&str]) -> Option<usize> {
    let plain: Vec<_> = names.iter().map(|name| plain(name)).collect();
    let place = |wanted: &str| plain.iter().position(|name| name == wanted);
    place(column).or_else(|| names_of(table, column).find_map(place)).or_else(|| {
        let slip = nearest(column, plain.iter().map(|name| &**name))?;
        place(slip)
    })
}
