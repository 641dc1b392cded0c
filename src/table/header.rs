//! Matches the header of a CSV file with the known columns.
//!
//! A file with an unusable header has no rows. The error is reported once here, not for every row.

use std::collections::HashSet;

use super::chunks::Chunk;
use super::column::{Column, TableSpec};
use super::decoding::unreadable;
use super::findings::Diagnostics;
use super::foreign::Foreign;
use super::form::stem;
use super::meanings::{decisive, names_of, plain};
use super::nulls::Check;
use super::record::{Record, Records};
use super::words::WordList;
use crate::config::{Delimiter, Dialect};
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
    /// How the file is written.
    pub(crate) dialect: Dialect,
    /// Whether it is a file, not an argument of the command line.
    pub(crate) is_file: bool,
    /// The columns that must not hold words for an empty field.
    pub(crate) checks: Vec<Check>,
    /// The words that mean others.
    pub(crate) words: WordList,
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

/// A field of the header.
struct HeaderField {
    /// Its text.
    name: String,
    /// The known column that it names.
    column: Option<&'static str>,
}

/// Reads the header in the first piece of a file. `None` if it is unusable; the reason is in the
/// findings.
pub(crate) fn read_header(
    sheet: TableSpec<'_>,
    first: &Chunk,
    records: &mut Records<'_>,
    findings: &mut Diagnostics,
) -> Option<Header> {
    let TableSpec { file, .. } = sheet;
    let mut record = Record::default();
    records.read(&mut record);
    let texts: Vec<&[u8]> = (0..record.len()).filter_map(|place| record.get(place)).collect();
    let fields: Vec<HeaderField> = texts.iter().map(|text| field(sheet, text)).collect();
    let wrong_shape = || wrong_shape(sheet, first, &fields);
    let illegible = || illegible(sheet, &texts);
    let no_header = || no_header(sheet, &first.bytes, records, &fields);
    if let Some(problem) = wrong_shape().or_else(illegible).or_else(no_header) {
        findings.problems.push(problem);
        return None;
    }
    let before = findings.problems.found();
    findings.problems.extend(duplicated(file, &fields));
    findings.problems.extend(misnamed(sheet, &fields));
    let renamed = Renamed::find(sheet, &fields);
    findings.problems.extend(renamed.missing(sheet));
    findings.foreign.extend(renamed.foreign(sheet));
    if findings.problems.found() > before {
        return None;
    }
    Some(header(sheet, &fields))
}

/// The column that a field names, here or in the file.
fn field(sheet: TableSpec<'_>, text: &[u8]) -> HeaderField {
    let name = String::from_utf8_lossy(text).into_owned();
    let mut named = names_there(sheet);
    let column = named.find(|(_, theirs)| *theirs == name).map_or_else(
        || sheet.column(&name).filter(|column| names_there(sheet).all(|(ours, _)| ours != *column)),
        |(ours, _)| sheet.column(ours),
    );
    HeaderField { name, column }
}

/// The columns that have another name in the file: the name here, and there.
fn names_there(sheet: TableSpec<'_>) -> impl Iterator<Item = (&str, &str)> {
    let names = sheet.is_file.then(|| sheet.settings.columns_of(stem(sheet.name)));
    names.into_iter().flatten()
}

/// A header whose names are all known or allowed.
fn header(sheet: TableSpec<'_>, fields: &[HeaderField]) -> Header {
    let place = |column: &Column| fields.iter().position(|it| it.column == Some(column.name));
    let places: Vec<_> = sheet.columns.iter().map(|column| (column.name, place(column))).collect();
    let (without_name, with_name): (Vec<usize>, Vec<usize>) =
        (0..fields.len()).partition(|place| is_unnamed(&fields[*place].name));
    Header {
        file: sheet.file.to_owned(),
        table: stem(sheet.name).to_owned(),
        dialect: sheet.dialect,
        is_file: sheet.is_file,
        checks: checks(sheet, &places),
        words: WordList::of(sheet, &places),
        places,
        width: fields.len(),
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
fn wrong_shape(sheet: TableSpec<'_>, first: &Chunk, fields: &[HeaderField]) -> Option<Problem> {
    const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
    /// File formats by their first bytes, with the right extension.
    const NAMED: [(&[u8], &str, &str); 3] = [
        (b"\x1f\x8b", "is compressed with gzip", ".csv.gz"),
        (b"\x28\xb5\x2f\xfd", "is compressed with zstd", ".csv.zst"),
        (b"PAR1", "is a Parquet file", ".parquet"),
    ];
    let (file, content) = (sheet.file, &first.bytes[..]);
    if let Some((_, rule, ending)) = NAMED.iter().find(|(start, ..)| content.starts_with(start)) {
        let hint = format!("let its name end with {ending}");
        return Some(Problem { hint, ..whole_file(file, rule) });
    }
    if content.starts_with(b"PK\x03\x04") {
        let rule = "is a workbook, not a CSV file";
        return Some(Problem { hint: SPREADSHEET.to_owned(), ..whole_file(file, rule) });
    }
    if UTF_16.iter().any(|mark| content.starts_with(mark)) {
        let hint = format!("{SPREADSHEET}, or {}", set(sheet, "encoding = \"utf-16\""));
        return Some(Problem { hint, ..whole_file(file, "is UTF-16, not UTF-8") });
    }
    match fields {
        [] => Some(whole_file(file, "is empty")),
        [only] if only.name.is_empty() => Some(whole_file(file, "is empty")),
        [only] if only.column.is_none() => separated(sheet, first, &only.name),
        _ => None,
    }
}

const SPREADSHEET: &str = "save it as CSV UTF-8, with commas between the fields";

/// How to set a key for a table.
fn set(sheet: TableSpec<'_>, setting: &str) -> String {
    let table = stem(sheet.name);
    format!(
        "write {setting} under [input] in billing.toml, or under [input.files.{table}] for it alone"
    )
}

/// A header of one field that another delimiter divides.
fn separated(sheet: TableSpec<'_>, first: &Chunk, only: &str) -> Option<Problem> {
    let other =
        |it: &Delimiter| *it != sheet.dialect.delimiter && only.contains(char::from(it.byte()));
    let by = Delimiter::ALL.into_iter().find(other)?;
    let rule =
        format!("is separated by {}s, not by {}s", by.name(), sheet.dialect.delimiter.name());
    let save = match sheet.dialect.delimiter {
        Delimiter::Comma => SPREADSHEET.to_owned(),
        own => format!("save it with {}s between the fields", own.name()),
    };
    let hint = if divides_rows(by, first) {
        format!("{save}, or {}", set(sheet, by.setting()))
    } else {
        save
    };
    Some(Problem { hint, line: Some(1), ..whole_file(sheet.file, &rule) })
}

/// Whether the first rows have as many fields as the header if this delimiter separates them.
fn divides_rows(by: Delimiter, first: &Chunk) -> bool {
    const LOOKED_AT: usize = 100;
    let mut records = Records::separated(&first.bytes, by.byte(), (first.start, first.line));
    let mut record = Record::default();
    let mut widths = Vec::new();
    while widths.len() < LOOKED_AT && records.read(&mut record) {
        if !record.is_blank() {
            widths.push(record.len());
        }
    }
    // The last record of a piece may go on.
    widths.iter().take(widths.len().max(2) - 1).all(|width| *width == widths[0])
}

/// A header with bytes that are no text.
fn illegible(sheet: TableSpec<'_>, texts: &[&[u8]]) -> Option<Problem> {
    let text = texts.iter().find(|text| str::from_utf8(text).is_err())?;
    let [rule, hint] = unreadable(text, sheet.dialect.encoding);
    let value = Some(String::from_utf8_lossy(text).into_owned());
    Some(Problem { line: Some(1), value, hint, ..whole_file(sheet.file, &rule) })
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

fn duplicated(file: &str, fields: &[HeaderField]) -> Vec<Problem> {
    let mut seen: HashSet<&String> = HashSet::new();
    let names = fields.iter().map(|field| &field.name);
    let repeats = names.filter(|name| !is_unnamed(name) && !seen.insert(name));
    repeats
        .map(|name| Problem {
            line: Some(1),
            value: Some(name.clone()),
            hint: "remove or rename one of them".to_owned(),
            ..whole_file(file, "is the name of two columns")
        })
        .collect()
}

/// Columns whose name in the file is not in the header, or is not the only one.
fn misnamed(sheet: TableSpec<'_>, fields: &[HeaderField]) -> Vec<Problem> {
    let table = stem(sheet.name);
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    let problem = |(ours, theirs): (&str, &str)| {
        let column = sheet.column(ours)?;
        let is_there = has(theirs);
        if is_there && (ours == theirs || !has(ours) || is_named(sheet, ours)) {
            return None;
        }
        let (value, rule, hint) = if is_there {
            let rule = format!("is in the header, and billing.toml says that it is {theirs:?}");
            let hint = format!(
                "take {ours} out of [input.columns.{table}], or write under [input]: ignore = \
                 {{ {table} = [{ours:?}] }}"
            );
            (ours, rule, hint)
        } else {
            let names = fields.iter().filter(|it| it.column.is_none()).map(|it| it.name.as_str());
            let hint = match nearest(theirs, names) {
                Some(similar) => {
                    format!("write {similar:?} in [input.columns.{table}] if that is meant")
                }
                None => format!("correct {ours} in [input.columns.{table}], or take it out"),
            };
            let rule = format!("is not in the header, and billing.toml says that it is {ours}");
            (theirs, rule, hint)
        };
        let value = Some(value.to_owned());
        let file = whole_file(sheet.file, &rule);
        Some(Problem { line: Some(1), column: Some(column), value, hint, ..file })
    };
    names_there(sheet).filter_map(problem).collect()
}

/// Whether a name of ours may be in the header, although billing.toml gives the column another one.
fn is_named(sheet: TableSpec<'_>, name: &str) -> bool {
    names_there(sheet).any(|(_, theirs)| theirs == name)
        || sheet.settings.ignores(stem(sheet.name), name, false)
}

/// A first row that has no column name, here or in other systems. It holds values, or the header is
/// below it.
fn no_header(
    sheet: TableSpec<'_>,
    content: &[u8],
    records: &Records<'_>,
    fields: &[HeaderField],
) -> Option<Problem> {
    let table = stem(sheet.name);
    let is_known = |field: &HeaderField| {
        let plain = plain(&field.name);
        let mut columns = sheet.columns.iter();
        field.column.is_some()
            || columns
                .any(|it| it.name == plain || names_of(table, it.name).any(|other| other == plain))
    };
    if fields.iter().any(is_known) {
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
    fields.iter().any(|field| is_value(&field.name)).then(|| Problem {
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
    let delimiter = sheet.dialect.delimiter.byte();
    let mut records = Records::separated(content, delimiter, (position, line));
    let mut record = Record::default();
    for _ in 0..LOOKED_AT {
        if !records.read(&mut record) {
            break;
        }
        let fields: Vec<HeaderField> = (0..record.len())
            .filter_map(|place| record.get(place))
            .map(|text| field(sheet, text))
            .collect();
        let has = |column: &Column| fields.iter().any(|it| it.column == Some(column.name));
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
    fn find(sheet: TableSpec<'_>, fields: &'a [HeaderField]) -> Self {
        // A name of ours that stands for nothing is reported elsewhere, or ignored.
        let is_foreign = |it: &&HeaderField| {
            it.column.is_none() && !is_unnamed(&it.name) && sheet.column(&it.name).is_none()
        };
        let mut foreign: Vec<&str> =
            fields.iter().filter(is_foreign).map(|field| field.name.as_str()).collect();
        let is_absent = |column: &&Column| {
            fields.iter().all(|field| field.column != Some(column.name))
                && names_there(sheet).all(|(ours, _)| ours != column.name)
        };
        let (required, optional): (Vec<&Column>, Vec<&Column>) =
            sheet.columns.iter().filter(is_absent).partition(|column| column.required);
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

    fn missing(&self, sheet: TableSpec<'_>) -> impl Iterator<Item = Problem> {
        let rename = move |column: &str, name: &str| rename(sheet, column, name);
        let problem = move |(column, name): &(&'static str, Option<&str>)| Problem {
            line: Some(1),
            column: Some(column),
            hint: name.map_or_else(|| "add the column".to_owned(), |name| rename(column, name)),
            ..whole_file(sheet.file, "is missing from the header")
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

fn rename(sheet: TableSpec<'_>, column: &str, name: &str) -> String {
    // Some systems count money in cents.
    let unit = if column == "unit_amount" { " (in major units, such as 20.00)" } else { "" };
    if sheet.is_file && unit.is_empty() {
        let table = stem(sheet.name);
        let name = toml::Value::String(name.to_owned());
        return format!(
            "if {name} is meant, rename it, or write {column} = {name} under \
             [input.columns.{table}] in billing.toml; otherwise add the column"
        );
    }
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
