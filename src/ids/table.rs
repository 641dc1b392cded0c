//! A hash table of positions in a list. It takes four bytes an id, because the ids stay in the
//! list.

use std::hash::BuildHasher as _;
use std::hint::black_box;

use hashbrown::DefaultHashBuilder;
use hashbrown::hash_table::{Entry, HashTable};

/// Makes hashes of ids. The hashes differ in every run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hasher(DefaultHashBuilder);

impl Hasher {
    pub(crate) fn hash(&self, id: &str) -> u64 {
        self.0.hash_one(id)
    }
}

/// The positions of a list's items by id. The list is not part of it, so every call takes a
/// function that finds the id at a position.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdTable {
    table: HashTable<u32>,
    hasher: Hasher,
}

impl IdTable {
    pub(crate) fn with_room(count: usize) -> Self {
        Self { table: HashTable::with_capacity(count), hasher: Hasher::default() }
    }

    pub(crate) fn hasher(&self) -> Hasher {
        self.hasher.clone()
    }

    /// Adds the position of an id. Fails with the existing position if the id has one.
    pub(crate) fn insert<'a>(
        &mut self,
        (id, hash): (&str, u64),
        place: usize,
        id_of: impl Fn(usize) -> &'a str,
    ) -> Result<(), usize> {
        let hasher = &self.hasher;
        let is_same = |place: &u32| id_of(*place as usize) == id;
        match self.table.entry(hash, is_same, |place| hasher.hash(id_of(*place as usize))) {
            Entry::Occupied(entry) => Err(*entry.get() as usize),
            Entry::Vacant(entry) => {
                entry.insert(u32::try_from(place).expect("memory ends before that many rows"));
                Ok(())
            }
        }
    }

    /// The likely position of an id. It compares hashes only, not ids.
    pub(crate) fn guess(&self, hash: u64) -> Option<usize> {
        self.table.find(hash, |_| true).map(|place| *place as usize)
    }

    /// Runs each step of the lookup for all ids, so that their waits for memory overlap. Returns
    /// the likely positions.
    pub(crate) fn look_ahead<'a, 'i>(
        &self,
        ids: impl Iterator<Item = &'i str>,
        id_of: impl Fn(usize) -> &'a str,
    ) -> Vec<usize> {
        let hashes: Vec<u64> = ids.map(|id| self.hasher.hash(id)).collect();
        let guesses: Vec<usize> = hashes.iter().filter_map(|hash| self.guess(*hash)).collect();
        let texts: Vec<&[u8]> = guesses.iter().map(|place| id_of(*place).as_bytes()).collect();
        black_box(texts.iter().fold(0, |sum, text| sum ^ text.first().copied().unwrap_or(0)));
        guesses
    }

    /// The position of an id.
    pub(crate) fn get<'a>(&self, id: &str, id_of: impl Fn(usize) -> &'a str) -> Option<usize> {
        let found = self.table.find(self.hasher.hash(id), |place| id_of(*place as usize) == id);
        found.map(|place| *place as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_id_where_it_first_was() {
        let ids: Vec<String> = (0..1000).map(|number| format!("id-{}", number % 700)).collect();
        let id_of = |place: usize| ids[place].as_str();
        let mut places = IdTable::default();
        let hasher = places.hasher();
        for (place, id) in ids.iter().enumerate() {
            let known = places.insert((id, hasher.hash(id)), place, id_of);
            assert_eq!(known, if place < 700 { Ok(()) } else { Err(place - 700) });
        }
        assert_eq!(places.get("id-699", id_of), Some(699));
        assert_eq!(places.get("id-700", id_of), None);
    }
}
