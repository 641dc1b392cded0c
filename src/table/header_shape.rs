//! Files that have no usable header at all: of another kind, delimiter or encoding, or without one.

use super::chunks::Chunk;
use super::column::{Column, Origin, TableSpec};
use super::decoding::unreadable;
use super::form::stem;
use super::header_field::HeaderField;
use super::meanings::{names_of, plain};
use super::record::{Record, Records};
use crate::config::{Delimiter, set_for};
use crate::problem::Problem;
use crate::value::Moment;

/// The problem of a file whose first record cannot be its header.
pub(crate) fn unusable(
    sheet: TableSpec<'_>,
    first: &Chunk,
    (texts, fields): (&[&[u8]], &[HeaderField]),
    records: &Records<'_>,
) -> Option<Problem> {
    wrong_shape(sheet, first, fields)
        .or_else(|| illegible(sheet, texts))
        .or_else(|| no_header(sheet, &first.bytes, records, fields))
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
        let hint =
            format!("{SPREADSHEET}, or {}", set_for(stem(sheet.name), "encoding = \"utf-16\""));
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

/// The table, if billing.toml can say how it is written.
fn with_dialect(sheet: TableSpec<'_>) -> Option<&'static str> {
    (sheet.origin == Origin::Text).then(|| stem(sheet.name))
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
    let hint = if with_dialect(sheet).is_some() && divides_rows(by, first) {
        format!("{save}, or {}", set_for(stem(sheet.name), by.setting()))
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
    let [rule, hint] = unreadable(text, sheet.dialect.encoding, with_dialect(sheet));
    let value = Some(String::from_utf8_lossy(text).into_owned());
    Some(Problem { line: Some(1), value, hint, ..whole_file(sheet.file, &rule) })
}

pub(crate) fn whole_file(file: &str, rule: &str) -> Problem {
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
            .map(|text| HeaderField::of(sheet, text))
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
