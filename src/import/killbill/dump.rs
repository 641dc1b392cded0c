//! Exports of accounts: tables one after the other, each below a line `-- table column|column|…`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::tables::LEFT;
use crate::import::export_table::{ExportFolder, ExportRow, Row, Section};
use crate::import::finding::Effect;
use crate::problem::Problem;

/// One table of one file.
#[derive(Clone, Debug)]
struct Part {
    path: PathBuf,
    line: u64,
    header: csv::StringRecord,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// The tables of all files, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Dump {
    parts: BTreeMap<String, Vec<Part>>,
}

impl Dump {
    /// Reads all exports of the folder.
    pub(super) fn read(folder: &mut ExportFolder<'_>) -> Self {
        let mut dump = Self::default();
        let paths = folder.take(".csv");
        if paths.is_empty() {
            let hint = "save GET /1.0/kb/export/{accountId} of each account as a file";
            folder.report(&folder.path("ACCOUNT.csv"), None, "is missing", hint);
        }
        for path in paths {
            if let Some(bytes) = folder.bytes(&path) {
                match String::from_utf8(bytes) {
                    Ok(text) => dump.add(folder, &path, &text),
                    Err(_) => folder.report(&path, None, "is not UTF-8", "save the file as UTF-8"),
                }
            }
        }
        dump
    }

    fn add(&mut self, folder: &mut ExportFolder<'_>, path: &std::path::Path, text: &str) {
        let mut current: Option<String> = None;
        for (line, text) in (1..).zip(text.lines()) {
            let title = text.strip_prefix("-- ").and_then(|title| title.split_once(' '));
            if let Some((table, header)) = title {
                let header = header.split('|').collect();
                let part = Part { path: path.to_owned(), line, header, rows: Vec::new() };
                self.parts.entry(table.to_owned()).or_default().push(part);
                current = Some(table.to_owned());
                continue;
            }
            let parts = current.as_ref().and_then(|table| self.parts.get_mut(table));
            let Some(part) = parts.and_then(|parts| parts.last_mut()) else {
                let rule = "is no line -- table column|column";
                folder.report(path, Some(line), rule, "export the account again");
                return;
            };
            let row: csv::StringRecord = text.split('|').map(unescaped).collect();
            part.rows.push((line, row));
        }
    }

    /// The rows of a table.
    pub(super) fn rows<T: ExportRow>(&mut self, folder: &mut ExportFolder<'_>) -> Vec<Row<T>> {
        let table = T::FILES[0];
        let mut filled = BTreeSet::new();
        let mut rows = Vec::new();
        for part in self.parts.remove(table).unwrap_or_default() {
            let Part { path, line, header, rows: records } = part;
            let section = Section { path: &path, line, header: &header };
            let records = records.into_iter().map(|(line, record)| {
                if record.len() == header.len() {
                    Ok((line, record))
                } else {
                    Err(Box::new(cut(&path, line)))
                }
            });
            rows.extend(folder.rows(section, records, &mut filled));
        }
        folder.note_unused::<T>(table, 0, &filled);
        rows
    }

    /// Notes the tables that nothing has read.
    pub(super) fn finish(self, folder: &mut ExportFolder<'_>) {
        for (table, parts) in self.parts {
            if parts.iter().all(|part| part.rows.is_empty()) {
                continue;
            }
            let (effect, what) = if matches!(table.as_str(), "tags" | "tag_history") {
                let look = "look for AUTO_INVOICING_OFF in Kill Bill, and pause such subscriptions";
                (Effect::CannotTell, ["a tag may keep an account from being invoiced", look])
            } else if LEFT.contains(&table.as_str()) {
                (Effect::None, ["no bill depends on it", "nothing"])
            } else {
                let look = "look whether it changes what is billed";
                (Effect::BillsDiffer, ["the import does not know this table", look])
            };
            folder.note_whole(&table, effect, what);
        }
    }
}

/// A cell. Kill Bill escapes what would end it.
fn unescaped(cell: &str) -> String {
    cell.replace("\\N{LINE FEED}", "\n").replace("\\N{VERTICAL LINE}", "|")
}

fn cut(path: &std::path::Path, line: u64) -> Problem {
    Problem {
        file: path.display().to_string(),
        line: Some(line),
        column: None,
        value: None,
        rule: "has more or fewer values than the header".to_owned(),
        hint: "the first row of a table is not escaped: take the line end or the bar out of it"
            .to_owned(),
    }
}
