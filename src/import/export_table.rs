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
            let path = self.path.join(T::FILES[0]);
            let hint = format!("export it with these columns at least: {}", T::REQUIRED.join(", "));
            let rule = "is missing".to_owned();
            let file = path.display().to_string();
            self.problems.push(Problem { file, line: None, column: None, value: None, rule, hint });
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
            let hint = "keep the one that is complete".to_owned();
            let file = self.path.join(other).display().to_string();
            self.problems.push(Problem { file, line: None, column: None, value: None, rule, hint });
        }
        Some(self.read(&self.path.join(first)))
    }

    /// Reads one file.
    pub(super) fn read<T: ExportRow>(&mut self, path: &Path) -> Vec<Row<T>> {
        let bytes = match files::read(path, MOST_MIB) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.problems.push(unreadable(path, &error));
                return Vec::new();
            }
        };
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                self.problems.push(malformed(path, &error));
                return Vec::new();
            }
        };
        if !self.check_header::<T>(path, &header) {
            return Vec::new();
        }
        let mut filled = vec![false; header.len()];
        let mut rows = Vec::new();
        for record in reader.records() {
            let row = record.and_then(|record| {
                for (is_filled, cell) in filled.iter_mut().zip(&record) {
                    *is_filled |= !cell.is_empty();
                }
                let line = record.position().map_or(0, csv::Position::line);
                let cells = record.deserialize(Some(&header))?;
                Ok(Row { file: path.to_owned(), line, cells })
            });
            match row {
                Ok(row) => rows.push(row),
                Err(error) => self.problems.push(malformed(path, &error)),
            }
        }
        let filled = header.iter().zip(filled).filter(|(_, is_filled)| *is_filled);
        self.note_unused::<T>(path, filled.map(|(name, _)| name));
        rows
    }

    /// Unknown, doubled and missing columns are problems. Returns whether rows can be read.
    fn check_header<T: ExportRow>(&mut self, path: &Path, header: &csv::StringRecord) -> bool {
        let known: Vec<&str> = [T::REQUIRED, T::OPTIONAL, T::UNUSED].concat();
        let mut seen = BTreeSet::new();
        let mut problem = |value: &str, rule: &str, hint: String| {
            self.problems.push(Problem {
                file: path.display().to_string(),
                line: Some(1),
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
        for missing in T::REQUIRED.iter().filter(|name| !seen.contains(**name)) {
            problem(missing, "is a column that is missing", "export the table with it".to_owned());
        }
        seen.len() == header.len() && T::REQUIRED.iter().all(|name| seen.contains(name))
    }

    /// Notes columns that have values and no use, known ones and those that are left out knowingly.
    fn note_unused<'n, T: ExportRow>(&mut self, path: &Path, names: impl Iterator<Item = &'n str>) {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        for name in names {
            let (effect, why, what_to_do) = if T::UNUSED.contains(&name) {
                (Effect::None, "no bill depends on it", "nothing")
            } else if T::REQUIRED.contains(&name) || T::OPTIONAL.contains(&name) {
                continue;
            } else {
                (
                    Effect::BillsDiffer,
                    "left out by --ignore-column",
                    "be sure that no bill depends on it",
                )
            };
            self.findings.push(Finding {
                file: file.clone().into_owned(),
                line: 1,
                column: name.to_owned(),
                value: String::new(),
                effect,
                why: why.to_owned(),
                what_to_do: what_to_do.to_owned(),
            });
        }
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
