//! Merges state files whose rows several shards share: each shard writes the rows of the close
//! before, and its own ones. The merged file has each row once.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

use super::error::{Damage, MergeError};
use super::least::Least;
use super::state_part::StatePart;
use crate::register::StateTableForm;
use crate::table::parquet::{ColumnsError, StateRow, StateTable};

/// The rows of an id as a shard has them.
type IdRows = Vec<StateRow>;

/// The rows of all shards, each once.
pub(super) struct SharedRows {
    parts: Vec<StatePart>,
    least: Least,
    ready: VecDeque<StateRow>,
    columns: Vec<&'static str>,
    before: Before,
}

/// The file of the close before. It is read when shards first differ.
enum Before {
    None,
    Unread(PathBuf),
    /// The texts of each id's row. Closes of earlier versions do not have every column.
    Read(HashMap<String, Vec<Option<String>>>),
}

impl SharedRows {
    pub(super) fn of(
        parts: Vec<StatePart>,
        form: &StateTableForm,
        before: Option<PathBuf>,
    ) -> Self {
        let begun = (0..parts.len()).filter(|part| parts[*part].key().is_some());
        let least = Least::of(begun, |a, b| parts[a].key() < parts[b].key());
        let columns: Vec<_> = form.layout.iter().map(|(name, _)| *name).collect();
        // Only rows with a digest may have been accepted as changed, and each has one row.
        let has_digest = columns.contains(&"digest");
        let before = before.filter(|_| has_digest).map_or(Before::None, Before::Unread);
        Self { parts, least, ready: VecDeque::new(), columns, before }
    }

    pub(super) fn next(&mut self) -> Result<Option<StateRow>, MergeError> {
        if self.ready.is_empty()
            && let Some(first) = self.least.first()
        {
            self.ready = self.next_id(first)?.into();
        }
        Ok(self.ready.pop_front())
    }

    /// All rows of the least id.
    fn next_id(&mut self, first: usize) -> Result<IdRows, MergeError> {
        let id = self.parts[first].key().map_or("", |(id, _)| id).to_owned();
        let mut versions: Vec<IdRows> = Vec::new();
        while let Some(part) = self.least.first() {
            let Self { parts, least, .. } = self;
            let mut rows = IdRows::new();
            while parts[part].key().is_some_and(|(other, _)| other == id) {
                rows.extend(parts[part].next()?.map(|(row, _)| row));
            }
            if rows.is_empty() {
                break;
            }
            least.moved(parts[part].key().is_none(), |a, b| parts[a].key() < parts[b].key());
            if !versions.iter().any(|known| equal(known, &rows)) {
                versions.push(rows);
            }
        }
        self.newest(versions, first, id)
    }

    /// The only version, or the one that is not from the close before: a shard that does not use a
    /// price repeats its row, and a shard that does may have accepted another one.
    fn newest(
        &mut self,
        mut versions: Vec<IdRows>,
        first: usize,
        id: String,
    ) -> Result<IdRows, MergeError> {
        if versions.len() > 1 {
            if let Before::Unread(path) = &self.before {
                self.before = Before::Read(texts(path, &self.columns)?);
            }
            if let Before::Read(rows) = &self.before
                && let Some(before) = rows.get(&id)
            {
                versions.retain(|rows| !is_row(rows, before));
            }
        }
        match (versions.pop(), versions.is_empty()) {
            (Some(rows), true) => Ok(rows),
            _ => Err(MergeError::damaged(self.parts[first].path(), Damage::Differs(id))),
        }
    }

    pub(super) fn end(self) -> Result<(), MergeError> {
        self.parts.into_iter().try_for_each(StatePart::end)
    }
}

/// The texts of each row by the id in its first column.
fn texts(
    path: &Path,
    columns: &[&str],
) -> Result<HashMap<String, Vec<Option<String>>>, ColumnsError> {
    let table = StateTable::read(path)?;
    let of_columns: Vec<_> = columns.iter().map(|name| table.optional_texts(name).ok()).collect();
    let ids = table.texts(columns[0])?.into_iter().enumerate();
    let rows = ids.map(|(row, id)| {
        let text = |texts: &Option<Vec<Option<&str>>>| texts.as_ref()?[row].map(str::to_owned);
        (id.to_owned(), of_columns.iter().map(text).collect())
    });
    Ok(rows.collect())
}

/// Whether the only row has these texts.
fn is_row(rows: &[StateRow], texts: &[Option<String>]) -> bool {
    let [row] = rows else { return false };
    texts.iter().enumerate().all(|(column, text)| row.text(column) == text.as_deref())
}

fn equal(a: &[StateRow], b: &[StateRow]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
}
