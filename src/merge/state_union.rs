//! Merges state files whose rows several shards share: each shard writes the rows of the close
//! before, and its own ones. The merged file has each row once.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::error::{Damage, MergeError};
use super::least::Least;
use super::state_part::StatePart;
use crate::register::StateTableForm;
use crate::table::parquet::{StateRow, StateTable};

/// The rows of an id as a shard has them.
type IdRows = Vec<StateRow>;

/// The rows of all shards, each once.
pub(super) struct SharedRows {
    parts: Vec<StatePart>,
    least: Least,
    ready: VecDeque<StateRow>,
    columns: Vec<&'static str>,
    /// The file of the close before, if there is one.
    before: Option<PathBuf>,
}

impl SharedRows {
    pub(super) fn of(
        parts: Vec<StatePart>,
        form: &StateTableForm,
        before: Option<PathBuf>,
    ) -> Self {
        let begun = (0..parts.len()).filter(|part| parts[*part].key().is_some());
        let least = Least::of(begun, |a, b| parts[a].key() < parts[b].key());
        let columns = form.layout.iter().map(|(name, _)| *name).collect();
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
        &self,
        mut versions: Vec<IdRows>,
        first: usize,
        id: String,
    ) -> Result<IdRows, MergeError> {
        if versions.len() > 1 {
            let before = self.row_before(&id)?;
            versions.retain(|rows| !before.as_deref().is_some_and(|before| is_row(rows, before)));
        }
        match (versions.pop(), versions.is_empty()) {
            (Some(rows), true) => Ok(rows),
            _ => Err(MergeError::damaged(self.parts[first].path(), Damage::Differs(id))),
        }
    }

    /// The texts of an id in the close before. A column that it does not have is missing.
    fn row_before(&self, id: &str) -> Result<Option<Vec<Option<String>>>, MergeError> {
        let Some(path) = &self.before else { return Ok(None) };
        let table = StateTable::read(path)?;
        let Some(row) = table.texts(self.columns[0])?.iter().position(|other| *other == id) else {
            return Ok(None);
        };
        let text = |name: &&'static str| {
            let texts = table.has(name).then(|| table.optional_texts(name)).transpose()?;
            Ok(texts.and_then(|texts| texts[row].map(str::to_owned)))
        };
        self.columns.iter().map(text).collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn end(self) -> Result<(), MergeError> {
        self.parts.into_iter().try_for_each(StatePart::end)
    }
}

/// Whether the only row has these texts.
fn is_row(rows: &[StateRow], texts: &[Option<String>]) -> bool {
    let [row] = rows else { return false };
    texts.iter().enumerate().all(|(column, text)| row.text(column) == text.as_deref())
}

fn equal(a: &[StateRow], b: &[StateRow]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
}
