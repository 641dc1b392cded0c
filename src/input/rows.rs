//! The rows of one file, shown one after the other: structure and unique ids are checked here, so
//! that each file's own module says only what its columns mean.

use std::collections::hash_map::{Entry, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::display_name;
use super::field::{Reported, Row};
use super::index::Broken;
use super::source::Source;
use super::table::{Column, Findings, read_table};

/// What reading the input folder gathers.
pub struct Reader<'a> {
    pub input: &'a Path,
    pub findings: Findings,
    pub sources: Vec<Source>,
}

impl Reader<'_> {
    /// The rows of a file whose ids must be unique, and the owners of those that are no use.
    pub fn rows<T>(
        &mut self,
        name: &'static str,
        content: &[u8],
        columns: &[Column],
        key: Key,
        mut parse: impl FnMut(&mut Row<'_>) -> Result<(Arc<str>, T), Reported>,
    ) -> (Vec<T>, Broken) {
        let mut items = Vec::new();
        let mut broken = Broken::default();
        let mut first_line: HashMap<Arc<str>, u64> = HashMap::new();
        let complete = self.each_row(name, content, columns, |row| {
            let parsed = row.sound().and_then(|()| parse(row));
            match parsed.and_then(|(id, item)| first(row, key.id, id, item, &mut first_line)) {
                Ok(item) => items.push(item),
                Err(Reported) => broken.insert(&row.glimpse(key.owner)),
            }
        });
        if !complete {
            broken.set_incomplete();
        }
        (items, broken)
    }

    /// The rows of a file that may be missing, and that no other file refers to.
    pub fn rows_if_any<T>(
        &mut self,
        name: &'static str,
        content: Option<&[u8]>,
        columns: &[Column],
        key: Key,
        parse: impl FnMut(&mut Row<'_>) -> Result<(Arc<str>, T), Reported>,
    ) -> Vec<T> {
        content.map(|content| self.rows(name, content, columns, key, parse).0).unwrap_or_default()
    }

    /// Shows every row of a file. Returns whether that were all: `false` if the file could not be
    /// read to its end.
    pub fn each_row(
        &mut self,
        name: &'static str,
        content: &[u8],
        columns: &[Column],
        mut visit: impl FnMut(&mut Row<'_>),
    ) -> bool {
        let file = display_name(self.input, name);
        let findings = &mut self.findings;
        let extent =
            read_table(&file, content, columns, findings, |header, record, line, findings| {
                visit(&mut Row::new(header, record, line, findings));
            });
        self.sources.push(Source::describe(name, content, extent.rows));
        extent.complete
    }
}

/// The columns by which a file's rows are known.
#[derive(Clone, Copy)]
pub struct Key {
    /// Its own id, unique in the file.
    pub id: &'static str,
    /// The id under which a row would be missed: its own, or that of the row it belongs to.
    pub owner: &'static str,
}

/// Lets only the first row of an id pass.
fn first<T>(
    row: &mut Row<'_>,
    column: &'static str,
    id: Arc<str>,
    item: T,
    first_line: &mut HashMap<Arc<str>, u64>,
) -> Result<T, Reported> {
    match first_line.entry(id) {
        Entry::Vacant(entry) => {
            entry.insert(row.line);
            Ok(item)
        }
        Entry::Occupied(entry) => {
            let rule = format!("is already the id of line {}", entry.get());
            let id = entry.key().to_string();
            Err(row.report(column, &id, &rule, "give every row an id of its own"))
        }
    }
}
