//! Matches the header of a CSV file with the known columns.
//!
//! A file with an unusable header has no rows. The error is reported once here, not for every row.

use std::collections::HashSet;

use super::chunks::Chunk;
use super::column::{Column, Origin, TableSpec};
use super::findings::Diagnostics;
use super::foreign::Foreign;
use super::form::stem;
use super::header_field::{HeaderField, names_there};
use super::header_shape::{unusable, whole_file};
use super::meanings::{decisive, names_of, plain};
use super::nulls::Check;
use super::record::{Record, Records};
use super::words::WordList;
use crate::config::Dialect;
use crate::problem::{Problem, nearest};

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
    /// Where it comes from.
    pub(crate) origin: Origin,
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
    /// The table, as billing.toml names it, if that can say how it is written.
    pub(crate) fn table_with_dialect(&self) -> Option<&str> {
        (self.origin == Origin::Text).then_some(&*self.table)
    }

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
    let fields: Vec<HeaderField> = texts.iter().map(|text| HeaderField::of(sheet, text)).collect();
    if let Some(problem) = unusable(sheet, first, (&texts, &fields), records) {
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

/// A header whose names are all known or allowed.
fn header(sheet: TableSpec<'_>, fields: &[HeaderField]) -> Header {
    let place = |column: &Column| fields.iter().position(|it| it.column == Some(column.name));
    let places: Vec<_> = sheet.columns.iter().map(|column| (column.name, place(column))).collect();
    let (without_name, with_name): (Vec<usize>, Vec<usize>) =
        (0..fields.len()).partition(|place| fields[*place].is_unnamed());
    Header {
        file: sheet.file.to_owned(),
        table: stem(sheet.name).to_owned(),
        dialect: sheet.dialect,
        origin: sheet.origin,
        checks: checks(sheet, &places),
        words: WordList::of(sheet, &places),
        places,
        width: fields.len(),
        least: with_name.last().map_or(0, |last| last + 1),
        unnamed: without_name,
    }
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

fn duplicated(file: &str, fields: &[HeaderField]) -> Vec<Problem> {
    let mut seen: HashSet<&String> = HashSet::new();
    let named = fields.iter().filter(|field| !field.is_unnamed()).map(|field| &field.name);
    let repeats = named.filter(|name| !seen.insert(name));
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
            let hint = match meant(theirs, fields) {
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

/// The field that a name means which is not in the header.
fn meant<'f>(theirs: &str, fields: &'f [HeaderField]) -> Option<&'f str> {
    let unknown = fields.iter().filter(|field| field.column.is_none());
    nearest(theirs, unknown.map(|field| field.name.as_str()))
}

/// Whether a name of ours may be in the header, although billing.toml gives the column another one.
fn is_named(sheet: TableSpec<'_>, name: &str) -> bool {
    names_there(sheet).any(|(_, theirs)| theirs == name)
        || sheet.settings.ignores(stem(sheet.name), name, false)
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
        let has = |name: &str| fields.iter().any(|field| field.name == name);
        let is_meant = |name: &str| {
            let mut absent = names_there(sheet).filter(|(_, theirs)| !has(theirs));
            absent.any(|(_, theirs)| meant(theirs, fields) == Some(name))
        };
        // A name of ours that stands for nothing is reported elsewhere, or ignored.
        let is_foreign = |it: &&HeaderField| {
            it.column.is_none()
                && !it.is_unnamed()
                && sheet.column(&it.name).is_none()
                && !is_meant(&it.name)
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
    let rename = format!("rename \"{name}\" if that is meant{unit}");
    if !sheet.origin.is_file() {
        return format!("{rename}, or add the column");
    }
    let (table, name) = (stem(sheet.name), toml::Value::String(name.to_owned()));
    format!(
        "{rename}, or write {column} = {name} under [input.columns.{table}] in billing.toml; otherwise \
         add the column"
    )
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
