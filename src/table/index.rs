//! References between files: from an id to the index of its row.
//!
//! A row that was reported is not missing. References to it are not reported too, so that one
//! mistake is one problem.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::damage::{AS_TEXT, Damage, damage, is_short_for};
use crate::ids::IdTable;
use crate::model::OtherIds;
use crate::problem::same_id;
use crate::table::damage::is_shortened;

/// Ids whose rows were reported.
#[derive(Debug, Default)]
pub(crate) struct RejectedIds {
    ids: HashSet<String>,
    /// Ids that a spreadsheet shortened, so their full value is unknown.
    shortened: Vec<String>,
    /// Whether unread rows may be missing. Every unknown id may then be one of them.
    incomplete: bool,
}

impl RejectedIds {
    /// Adds an id as written, including any reported blanks. An unreadable id may be any id.
    pub(crate) fn insert(&mut self, id: &str) {
        let id = id.trim();
        if id.is_empty() || id.contains(['\0', char::REPLACEMENT_CHARACTER]) {
            self.incomplete = true;
        }
        if is_shortened(id) {
            self.shortened.push(id.to_owned());
        }
        self.ids.insert(id.to_owned());
    }

    pub(crate) fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Whether every row of the file was understood.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty() && !self.incomplete
    }

    /// Whether the row of this id was reported.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.ids.contains(id.trim())
    }

    /// Whether a reported row explains why an id cannot be found.
    pub(crate) fn explains_absence(&self, id: &str) -> bool {
        self.incomplete
            || self.contains(id)
            || self.shortened.iter().any(|shortened| is_short_for(shortened, id))
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }

    pub(crate) fn ids(&self) -> HashSet<String> {
        self.ids.clone()
    }

    /// Returns the ids, or those of `all` if they are not known.
    pub(crate) fn into_ids<'a>(
        mut self,
        all: impl Iterator<Item = &'a Arc<str>>,
    ) -> HashSet<String> {
        if self.incomplete {
            self.ids.extend(all.map(ToString::to_string));
        }
        self.ids
    }
}

/// The rows of another file by id. Clones share the index.
#[derive(Clone, Debug)]
pub(crate) struct Index(Arc<IndexedIds>);

#[derive(Debug)]
struct IndexedIds {
    file: &'static str,
    ids: Vec<Arc<str>>,
    places: IdTable,
    broken: RejectedIds,
    /// The rows that other shards read.
    others: Arc<OtherIds>,
    /// The comparisons left for hints, so that a file of a million wrong ids is refused quickly.
    patience: AtomicUsize,
}

/// Comparisons that take some seconds.
const PATIENCE: usize = 10_000_000;

impl Index {
    /// Indexes the rows of `file` by id, in order.
    pub(crate) fn new<'a>(
        file: &'static str,
        ids: impl Iterator<Item = &'a Arc<str>>,
        broken: RejectedIds,
    ) -> Self {
        let ids: Vec<Arc<str>> = ids.cloned().collect();
        let mut places = IdTable::with_room(ids.len());
        let hasher = places.hasher();
        for (place, id) in ids.iter().enumerate() {
            // If an id has several rows, keep the first.
            let _ = places.insert((id, hasher.hash(id)), place, |place| &ids[place]);
        }
        Self::of_places(file, ids, places, (broken, Arc::default()))
    }

    /// Builds the index from known places, given the rows that were reported and those of other
    /// shards.
    pub(crate) fn of_places(
        file: &'static str,
        ids: Vec<Arc<str>>,
        places: IdTable,
        (broken, others): (RejectedIds, Arc<OtherIds>),
    ) -> Self {
        Self(Arc::new(IndexedIds {
            file,
            ids,
            places,
            broken,
            others,
            patience: AtomicUsize::new(PATIENCE),
        }))
    }

    /// Whether an id has a row, or a reported row explains why it has none.
    pub(crate) fn has_or_explains(&self, id: &str) -> bool {
        self.place(id).is_some() || self.explains_absence(id)
    }

    /// Whether the row of an id was reported and is unusable.
    pub(crate) fn is_broken(&self, id: &str) -> bool {
        self.0.broken.contains(id)
    }

    /// Guesses the rows of some ids, after prefetching the data that the search needs.
    pub(crate) fn guesses<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<usize> {
        self.0.places.look_ahead(ids, |place| &self.0.ids[place])
    }

    /// The ids of the rows, and those of rows that were reported.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.ids.iter().map(|id| &**id).chain(self.0.broken.each())
    }

    pub(crate) fn file(&self) -> &'static str {
        self.0.file
    }

    /// Whether an unresolved reference to an id needs no report.
    pub(crate) fn explains_absence(&self, id: &str) -> bool {
        self.place(id).is_some()
            || self.0.broken.explains_absence(id)
            || self.is_elsewhere(id.trim())
    }

    /// Whether another shard reads the row of an id, or reports that there is none. A row that
    /// several shards read is here too.
    pub(crate) fn is_elsewhere(&self, id: &str) -> bool {
        !id.is_empty()
            && self.0.others.leaves_to_others(id)
            && self.place(id).is_none()
            && !self.is_broken(id)
    }

    /// The hint for an unknown id, unless its row was reported.
    pub(crate) fn hint_at_unknown(&self, id: &str) -> Option<String> {
        (!self.explains_absence(id)).then(|| self.hint(id))
    }

    /// The hint for an unknown id.
    pub(crate) fn hint(&self, id: &str) -> String {
        let file = self.0.file;
        if let Some((known, damage)) = self.damaged(id) {
            return format!("{file} has \"{known}\", and {damage}: {AS_TEXT}, or add it to {file}");
        }
        match self.nearest(id) {
            Some(similar) => format!("write \"{similar}\" if that is meant, or add it to {file}"),
            None => format!("add it to {file}, or correct the id"),
        }
    }

    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.0.places.get(id, |place| &self.0.ids[place])
    }

    /// An id that differs from this one by spreadsheet damage.
    fn damaged(&self, id: &str) -> Option<(&str, Damage)> {
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.spend_patience()?;
        self.0.ids.iter().find_map(|known| Some((&**known, damage(id, known)?)))
    }

    /// `None` if no comparisons are left.
    fn spend_patience(&self) -> Option<()> {
        let spent = self.0.ids.len();
        let less = |patience: usize| patience.checked_sub(spent);
        self.0.patience.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).ok()?;
        Some(())
    }

    fn nearest(&self, id: &str) -> Option<&str> {
        self.spend_patience()?;
        same_id(id, self.0.ids.iter().map(|known| &**known))
    }
}
