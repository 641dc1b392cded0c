//! References between files: from an id to the place of its row.
//!
//! A row that was reported is not missing. What refers to it is not reported as well, so that one
//! mistake is one problem.

use crate::table::damage::is_shortened;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::damage::{AS_TEXT, Damage, damage, is_short_for};
use crate::ids::IdTable;
use crate::problem::same_id;

/// Ids whose rows were reported.
#[derive(Debug, Default)]
pub struct RejectedIds {
    ids: HashSet<String>,
    /// Those of them that a spreadsheet has shortened: whose they are nobody knows exactly.
    shortened: Vec<String>,
    /// Whether rows may be missing that nobody has read, so that every unknown id may be theirs.
    incomplete: bool,
}

impl RejectedIds {
    /// Notes an id as it was seen, perhaps with the very blanks that were reported. One that
    /// cannot be made out may be any.
    pub fn insert(&mut self, id: &str) {
        let id = id.trim();
        if id.is_empty() || id.contains(['\0', char::REPLACEMENT_CHARACTER]) {
            self.incomplete = true;
        }
        if is_shortened(id) {
            self.shortened.push(id.to_owned());
        }
        self.ids.insert(id.to_owned());
    }

    /// Notes that part of the file could not be read.
    pub fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Whether every row of the file was understood.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && !self.incomplete
    }

    /// Whether the row of this id was reported.
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains(id.trim())
    }

    /// Whether a row that cannot be found is accounted for by what was reported.
    pub fn explains_absence(&self, id: &str) -> bool {
        self.incomplete
            || self.contains(id)
            || self.shortened.iter().any(|shortened| is_short_for(shortened, id))
    }

    /// The ids.
    pub fn ids(&self) -> HashSet<String> {
        self.ids.clone()
    }

    /// The ids; those of `all` if they are not known.
    pub fn into_ids<'a>(mut self, all: impl Iterator<Item = &'a Arc<str>>) -> HashSet<String> {
        if self.incomplete {
            self.ids.extend(all.map(ToString::to_string));
        }
        self.ids
    }
}

/// The rows of another file, by id. Clones are the same index.
#[derive(Clone, Debug)]
pub struct Index(Arc<IndexedIds>);

#[derive(Debug)]
struct IndexedIds {
    file: &'static str,
    ids: Vec<Arc<str>>,
    places: IdTable,
    broken: RejectedIds,
    /// Comparisons that may still be spent on hints: a file of a million wrong ids must not take
    /// hours to refuse.
    patience: AtomicUsize,
}

/// Some seconds' worth of comparisons.
const PATIENCE: usize = 10_000_000;

impl Index {
    /// The rows of `file` in their order, by id.
    pub fn new<'a>(
        file: &'static str,
        ids: impl Iterator<Item = &'a Arc<str>>,
        broken: RejectedIds,
    ) -> Self {
        let ids: Vec<Arc<str>> = ids.cloned().collect();
        let mut places = IdTable::with_room(ids.len());
        let hasher = places.hasher();
        for (place, id) in ids.iter().enumerate() {
            // An id may stand for several rows; the first is as good as any.
            let _ = places.insert((id, hasher.hash(id)), place, |place| &ids[place]);
        }
        Self::of_places(file, ids, places, broken)
    }

    /// The same where it is known already which id is where.
    pub fn of_places(
        file: &'static str,
        ids: Vec<Arc<str>>,
        places: IdTable,
        broken: RejectedIds,
    ) -> Self {
        Self(Arc::new(IndexedIds {
            file,
            ids,
            places,
            broken,
            patience: AtomicUsize::new(PATIENCE),
        }))
    }

    /// Whether the row of an id was reported, and is of no use.
    pub fn is_broken(&self, id: &str) -> bool {
        self.0.broken.contains(id)
    }

    /// Guesses where the rows of some ids are, once all that finding them takes is at hand.
    pub fn guesses<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<usize> {
        self.0.places.look_ahead(ids, |place| &self.0.ids[place])
    }

    /// The file.
    pub fn file(&self) -> &'static str {
        self.0.file
    }

    /// Whether a reference to an id that has no row, or none of use, has no need to be reported.
    pub fn explains_absence(&self, id: &str) -> bool {
        self.place(id).is_some() || self.0.broken.explains_absence(id)
    }

    /// What to do about an id that the file does not have, unless its row was reported.
    pub fn hint_at_unknown(&self, id: &str) -> Option<String> {
        (!self.explains_absence(id)).then(|| self.hint(id))
    }

    /// What to do about an id that the file does not have.
    pub fn hint(&self, id: &str) -> String {
        let file = self.0.file;
        if let Some((known, damage)) = self.damaged(id) {
            return format!("{file} has \"{known}\", and {damage}: {AS_TEXT}, or add it to {file}");
        }
        match self.nearest(id) {
            Some(similar) => format!("write \"{similar}\" if that is meant, or add it to {file}"),
            None => format!("add it to {file}, or correct the id"),
        }
    }

    /// The place of an id.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.0.places.get(id, |place| &self.0.ids[place])
    }

    /// The id that the other may have been before a spreadsheet, or after it.
    fn damaged(&self, id: &str) -> Option<(&str, Damage)> {
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.spend_patience()?;
        self.0.ids.iter().find_map(|known| Some((&**known, damage(id, known)?)))
    }

    /// `None` if all of it is spent.
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
