//! References between files: from an id to the place of its row.
//!
//! A row that was reported is not missing. What refers to it is not reported as well, so that one
//! mistake is one problem.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::field::{Reported, Row};
use crate::problem::nearest;

/// Ids whose rows were reported.
#[derive(Debug, Default)]
pub struct Broken {
    ids: HashSet<String>,
    /// Whether rows may be missing that nobody has read, so that every unknown id may be theirs.
    incomplete: bool,
}

impl Broken {
    /// Notes an id as it was seen, perhaps with the very blanks that were reported. One that
    /// cannot be made out may be any.
    pub fn insert(&mut self, id: &str) {
        let id = id.trim();
        if id.is_empty() || id.contains(['\0', char::REPLACEMENT_CHARACTER]) {
            self.incomplete = true;
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
        self.incomplete || self.contains(id)
    }

    /// The ids; those of `all` if they are not known.
    pub fn into_ids<'a>(mut self, all: impl Iterator<Item = &'a Arc<str>>) -> HashSet<String> {
        if self.incomplete {
            self.ids.extend(all.map(ToString::to_string));
        }
        self.ids
    }
}

/// The rows of another file, by id.
pub struct Index {
    file: &'static str,
    places: HashMap<Arc<str>, usize>,
    broken: Broken,
    /// Comparisons that may still be spent on hints: a file of a million wrong ids must not take
    /// hours to refuse.
    patience: Cell<usize>,
}

/// Some seconds' worth of comparisons.
const PATIENCE: usize = 10_000_000;

impl Index {
    /// The rows of `file` in their order, by id.
    pub fn new<'a>(
        file: &'static str,
        ids: impl Iterator<Item = &'a Arc<str>>,
        broken: Broken,
    ) -> Self {
        let places = ids.enumerate().map(|(place, id)| (Arc::clone(id), place)).collect();
        Self { file, places, broken, patience: Cell::new(PATIENCE) }
    }

    /// The place of the row that a field refers to.
    pub fn find(&self, row: &mut Row<'_>, column: &'static str) -> Result<usize, Reported> {
        let id = row.required(column)?;
        match self.places.get(id) {
            Some(place) if !self.broken.contains(id) => Ok(*place),
            _ => Err(self.hint_at_unknown(id).map_or(Reported, |hint| {
                row.report(column, id, &format!("is not in {}", self.file), &hint)
            })),
        }
    }

    /// What to do about an id that the file does not have, unless its row was reported.
    pub fn hint_at_unknown(&self, id: &str) -> Option<String> {
        let file = self.file;
        let is_unknown = !self.places.contains_key(id) && !self.broken.explains_absence(id);
        is_unknown.then(|| match self.nearest(id) {
            Some(similar) => format!("write \"{similar}\" if that is meant, or add it to {file}"),
            None => format!("add it to {file}, or correct the id"),
        })
    }

    fn nearest(&self, id: &str) -> Option<&str> {
        self.patience.set(self.patience.get().checked_sub(self.places.len())?);
        nearest(id, self.places.keys().map(|known| &**known))
    }
}
