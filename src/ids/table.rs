//! Where in a list the item of an id is: four bytes an id, because the ids stay in the list.

use std::hash::BuildHasher as _;
use std::hint::black_box;

use hashbrown::DefaultHashBuilder;
use hashbrown::hash_table::{Entry, HashTable};

/// Makes hashes of ids, which are others in every run.
#[derive(Clone, Debug, Default)]
pub struct Hasher(DefaultHashBuilder);

impl Hasher {
    /// The hash of an id.
    pub fn hash(&self, id: &str) -> u64 {
        self.0.hash_one(id)
    }
}

/// The places of a list's items by their ids. The list is not part of it; every call is told how to
/// find the id of a place.
#[derive(Clone, Debug, Default)]
pub struct IdTable {
    table: HashTable<u32>,
    hasher: Hasher,
}

impl IdTable {
    /// No places yet, but room for so many.
    pub fn with_room(count: usize) -> Self {
        Self { table: HashTable::with_capacity(count), hasher: Hasher::default() }
    }

    /// What makes the hashes of these places.
    pub fn hasher(&self) -> Hasher {
        self.hasher.clone()
    }

    /// Notes where an id is, unless it has a place already, which is then the error.
    pub fn insert<'a>(
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

    /// The place that an id most likely has, if it has one at all: ids are not compared.
    pub fn guess(&self, hash: u64) -> Option<usize> {
        self.table.find(hash, |_| true).map(|place| *place as usize)
    }

    /// Looks at all that finding these ids takes, a step of all of them after the other: a loop of a
    /// few instructions lets many of them wait for memory at once. Returns where each most likely is.
    pub fn look_ahead<'a, 'i>(
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

    /// The place of an id.
    pub fn get<'a>(&self, id: &str, id_of: impl Fn(usize) -> &'a str) -> Option<usize> {
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
