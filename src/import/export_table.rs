//! Reads the tables of an export. A table knows every column that its system is known to write: those
//! that are read, and those that have no use. Any other column is a problem, because it may change the
//! bills.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::finding::{Effect, Finding};
use crate::files;
use crate::problem::{Problem, Problems, nearest};

/// The largest export file.
const MOST_MIB: u64 = 4096;

/// A row of an export, as its cells.
pub(super) trait ExportRow: DeserializeOwned {
    /// The names of the file, the usual one first.
    const FILES: &'static [&'static str];
    /// The columns that the import cannot do without.
    const REQUIRED: &'static [&'static str];
    /// The columns that are read where they are there.
    const OPTIONAL: &'static [&'static str];
    /// The columns that change no bill.
    const UNUSED: &'static [&'static str];
}

/// Defines the row of an export: a struct of texts, and the lists of its columns.
macro_rules! export_row {
    (
        $(#[$about:meta])* $name:ident of $($file:literal),+;
        required: $($required:ident),+;
        optional: $($optional:ident),* $(,)?;
        unused: $($unused:literal),* $(,)?
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
        #[serde(default)]
        pub(super) struct $name {
            $(pub(super) $required: String,)+
            $(pub(super) $optional: String,)*
        }

        impl $crate::import::export_table::ExportRow for $name {
            const FILES: &'static [&'static str] = &[$($file),+];
            const REQUIRED: &'static [&'static str] = &[$(stringify!($required)),+];
            const OPTIONAL: &'static [&'static str] = &[$(stringify!($optional)),*];
            const UNUSED: &'static [&'static str] = &[$($unused),*];
        }
    };
}
pub(super) use export_row;

/// A row with its place.
#[derive(Clone, Debug)]
pub(super) struct Row<T> {
    /// The file, as the user wrote it.
    pub(super) file: PathBuf,
    /// The line of the file.
    pub(super) line: u64,
    pub(super) cells: T,
}

impl<T> Row<T> {
    /// A problem of a cell.
    pub(super) fn problem(
        &self,
        column: &'static str,
        value: &str,
        rule: impl Into<String>,
        hint: impl Into<String>,
    ) -> Problem {
        Problem {
            file: self.file.display().to_string(),
            line: Some(self.line),
            column: Some(column),
            value: Some(value.to_owned()),
            rule: rule.into(),
            hint: hint.into(),
        }
    }

    /// A cell that is not taken over.
    pub(super) fn finding(
        &self,
        column: &str,
        value: &str,
        effect: Effect,
        [why, what_to_do]: [&str; 2],
    ) -> Finding {
        let file = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (column, value) = (column.to_owned(), value.to_owned());
        let (why, what_to_do) = (why.to_owned(), what_to_do.to_owned());
        Finding { file, line: self.line, column, value, effect, why, what_to_do }
    }
}

/// A header and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    pub(super) path: &'a Path,
    pub(super) line: u64,
    pub(super) header: &'a csv::StringRecord,
}

/// A folder of exports, and what was found in it so far.
pub(super) struct ExportFolder<'a> {
    path: &'a Path,
    ignored: &'a [String],
    /// The files that no table has asked for yet.
    unread: BTreeSet<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> ExportFolder<'a> {
    /// Lists the folder.
    pub(super) fn open(path: &'a Path, ignored: &'a [String]) -> Result<Self, Problems> {
        let names = names_in(path).map_err(|error| vec![unreadable(path, &error)])?;
        let unread = names.into_iter().filter(|name| !name.starts_with('.')).collect();
        Ok(Self { path, ignored, unread, problems: Vec::new(), findings: Vec::new() })
    }

    /// The folder of a single file.
    pub(super) fn of_one_file(path: &'a Path, ignored: &'a [String]) -> Self {
        let (unread, problems, findings) = Default::default();
        Self { path, ignored, unread, problems, findings }
    }

    /// Reads a table that the import cannot do without.
    pub(super) fn required<T: ExportRow>(&mut self) -> Vec<Row<T>> {
        self.optional().unwrap_or_else(|| {
            let hint = format!("export it with these columns at least: {}", T::REQUIRED.join(", "));
            self.report(&self.path(T::FILES[0]), None, "is missing", &hint);
            Vec::new()
        })
    }

    /// Reads a table, if its file is there.
    pub(super) fn optional<T: ExportRow>(&mut self) -> Option<Vec<Row<T>>> {
        let present: Vec<&str> =
            T::FILES.iter().copied().filter(|name| self.unread.remove(*name)).collect();
        let (first, others) = present.split_first()?;
        for other in others {
            let rule = format!("is there beside {first}, which is the same table");
            self.report(&self.path(other), None, &rule, "keep the one that is complete");
        }
        Some(self.read(&self.path.join(first)))
    }

    /// Reads one file.
    pub(super) fn read<T: ExportRow>(&mut self, path: &Path) -> Vec<Row<T>> {
        let Some(bytes) = self.bytes(path) else { return Vec::new() };
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                self.problems.push(malformed(path, &error));
                return Vec::new();
            }
        };
        let records = reader.into_records().map(|record| {
            let record = record.map_err(|error| Box::new(malformed(path, &error)))?;
            Ok((record.position().map_or(0, csv::Position::line), record))
        });
        let mut filled = BTreeSet::new();
        let rows = self.rows(Section { path, line: 1, header: &header }, records, &mut filled);
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        self.note_unused::<T>(&file, 1, &filled);
        rows
    }

    /// The content of a file.
    pub(super) fn bytes(&mut self, path: &Path) -> Option<Vec<u8>> {
        match files::read(path, MOST_MIB) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.problems.push(unreadable(path, &error));
                None
            }
        }
    }

    /// Reads the rows below a header, and adds the columns that have values.
    pub(super) fn rows<T: ExportRow>(
        &mut self,
        section: Section<'_>,
        records: impl Iterator<Item = Result<(u64, csv::StringRecord), Box<Problem>>>,
        filled: &mut BTreeSet<String>,
    ) -> Vec<Row<T>> {
        let Section { path, header, .. } = section;
        if !self.check_header::<T>(section) {
            return Vec::new();
        }
        let fields: csv::StringRecord = header.iter().map(field_of).collect();
        let mut rows = Vec::new();
        for record in records {
            let row = record.and_then(|(line, record)| {
                let cells = header.iter().zip(&record);
                let with_values = cells.filter(|(_, cell)| !cell.is_empty());
                filled.extend(with_values.map(|(name, _)| name.to_owned()));
                let cells = record.deserialize(Some(&fields));
                let cells = cells.map_err(|error| Box::new(malformed(path, &error)))?;
                Ok(Row { file: path.to_owned(), line, cells })
            });
            match row {
                Ok(row) => rows.push(row),
                Err(problem) => self.problems.push(*problem),
            }
        }
        rows
    }

    /// Unknown, doubled and missing columns are problems. Returns whether rows can be read.
    fn check_header<T: ExportRow>(&mut self, section: Section<'_>) -> bool {
        let Section { path, line, header } = section;
        let known = [T::REQUIRED, T::OPTIONAL, T::UNUSED].concat();
        let known: Vec<&str> = known.into_iter().map(column_of).collect();
        let mut seen = BTreeSet::new();
        let mut problem = |value: &str, rule: &str, hint: String| {
            self.problems.push(Problem {
                file: path.display().to_string(),
                line: Some(line),
                column: None,
                value: Some(value.to_owned()),
                rule: rule.to_owned(),
                hint,
            });
        };
        for name in header {
            if !seen.insert(name) {
                problem(name, "is a column twice", "keep one of them".to_owned());
            } else if !known.contains(&name) && !self.ignored.iter().any(|it| it == name) {
                let hint = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("if it is {near}, rename it"),
                    None => "find out whether it changes what is billed".to_owned(),
                };
                let hint = format!("{hint}; to leave it out, add --ignore-column {name}");
                problem(name, "is no column that prorata knows", hint);
            }
        }
        for missing in
            T::REQUIRED.iter().map(|name| column_of(name)).filter(|name| !seen.contains(name))
        {
            problem(missing, "is a column that is missing", "export the table with it".to_owned());
        }
        seen.len() == header.len() && T::REQUIRED.iter().all(|name| seen.contains(column_of(name)))
    }

    /// Notes columns that have values and no use, known ones and those that are left out knowingly.
    pub(super) fn note_unused<T: ExportRow>(
        &mut self,
        file: &str,
        line: u64,
        filled: &BTreeSet<String>,
    ) {
        for name in filled {
            let name = name.as_str();
            let (effect, why, what_to_do) = if T::UNUSED.contains(&name) {
                (Effect::None, "no bill depends on it", "nothing")
            } else if T::REQUIRED.contains(&field_of(name)) || T::OPTIONAL.contains(&field_of(name))
            {
                continue;
            } else {
                (
                    Effect::BillsDiffer,
                    "left out by --ignore-column",
                    "be sure that no bill depends on it",
                )
            };
            let whole = whole_file(file, effect, why, what_to_do);
            self.findings.push(Finding { line, column: name.to_owned(), ..whole });
        }
    }

    /// The files that nothing has read yet and whose names end so, as paths. They count as read.
    pub(super) fn take(&mut self, ending: &str) -> Vec<PathBuf> {
        let (taken, unread) =
            std::mem::take(&mut self.unread).into_iter().partition(|name| name.ends_with(ending));
        self.unread = unread;
        let taken: BTreeSet<String> = taken;
        taken.into_iter().map(|name| self.path.join(name)).collect()
    }

    /// A problem of a whole file.
    pub(super) fn report(&mut self, path: &Path, line: Option<u64>, rule: &str, hint: &str) {
        let file = path.display().to_string();
        let (rule, hint) = (rule.to_owned(), hint.to_owned());
        self.problems.push(Problem { file, line, column: None, value: None, rule, hint });
    }

    /// The path of a file in the folder, whether it is there or not.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A file of the folder that this import has no use for, known by its name.
    pub(super) fn leave(&mut self, names: &[&str]) {
        for name in names {
            if self.unread.remove(*name) {
                self.findings.push(whole_file(
                    name,
                    Effect::None,
                    "no bill depends on it",
                    "nothing",
                ));
            }
        }
    }

    /// Notes that a whole file or table was not taken over.
    pub(super) fn note_whole(&mut self, file: &str, effect: Effect, [why, what_to_do]: [&str; 2]) {
        self.findings.push(whole_file(file, effect, why, what_to_do));
    }

    /// Notes what the exports cannot show: `file` is where it would be.
    pub(super) fn cannot_tell(&mut self, file: &str, [why, what_to_do]: [&str; 2]) {
        self.findings.push(whole_file(file, Effect::CannotTell, why, what_to_do));
    }

    /// The sorted findings, or all problems. Files that nothing has read are findings as well.
    pub(super) fn finish(mut self) -> Result<Vec<Finding>, Problems> {
        for name in &self.unread {
            let (why, what_to_do) =
                ("the import does not know this file", "look whether it changes what is billed");
            self.findings.push(whole_file(name, Effect::BillsDiffer, why, what_to_do));
        }
        if self.problems.is_empty() {
            self.findings.sort();
            return Ok(self.findings);
        }
        self.problems.sort();
        self.problems.dedup();
        Err(self.problems.into())
    }
}

/// The field for a column. `type` cannot name one.
fn field_of(column: &str) -> &str {
    if column == "type" { "type_" } else { column }
}

/// The column of a field.
fn column_of(field: &str) -> &str {
    if field == "type_" { "type" } else { field }
}

fn names_in(path: &Path) -> io::Result<BTreeSet<String>> {
    let entries = fs::read_dir(path)?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

fn whole_file(name: &str, effect: Effect, why: &str, what_to_do: &str) -> Finding {
    Finding {
        file: name.to_owned(),
        line: 0,
        column: String::new(),
        value: String::new(),
        effect,
        why: why.to_owned(),
        what_to_do: what_to_do.to_owned(),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem {
        file: path.display().to_string(),
        line: None,
        column: None,
        value: None,
        rule: format!("cannot be read: {error}"),
        hint: "name exports that are there and may be read".to_owned(),
    }
}

fn malformed(path: &Path, error: &csv::Error) -> Problem {
    let (rule, hint) = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => ("is not UTF-8", "save the file as UTF-8"),
        csv::ErrorKind::UnequalLengths { .. } => (
            "has more or fewer values than the header",
            "put quotes around values with commas or line ends",
        ),
        _ => ("is no CSV", "export the file again"),
    };
    Problem {
        file: path.display().to_string(),
        line: error.position().map(csv::Position::line),
        column: None,
        value: None,
        rule: rule.to_owned(),
        hint: hint.to_owned(),
    }
}
