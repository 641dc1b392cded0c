//! Values by id, for millions of ids. All ids share one text, because a separate text for each
//! would take several times the memory.

use std::sync::OnceLock;

use super::table::IdTable;

/// Values by id, in order of insertion.
#[derive(Clone, Debug)]
pub(crate) struct ById<V> {
    ids: String,
    /// Where each id ends.
    ends: Vec<usize>,
    values: Vec<V>,
    /// Built at the first lookup. Data that is only written needs no lookup.
    places: OnceLock<IdTable>,
}

impl<V> Default for ById<V> {
    fn default() -> Self {
        Self::with_room(0)
    }
}

impl<V> ById<V> {
    pub(crate) fn with_room(count: usize) -> Self {
        Self {
            ids: String::new(),
            ends: Vec::with_capacity(count),
            values: Vec::with_capacity(count),
            places: OnceLock::new(),
        }
    }

    /// Pairs each id with its value. All ids must differ.
    pub(crate) fn of_different<'i>(ids: impl IntoIterator<Item = &'i str>, values: Vec<V>) -> Self {
        let ends = Vec::with_capacity(values.len());
        let mut by_id = Self { ends, values, ..Self::default() };
        for id in ids {
            by_id.push_id(id);
        }
        assert_eq!(by_id.ends.len(), by_id.values.len(), "each value has an id");
        by_id
    }

    /// Adds a value at the end, unless the id already has one.
    pub(crate) fn add(&mut self, id: &str, value: V) {
        self.places();
        let (ids, ends) = (&self.ids, &self.ends);
        let places = self.places.get_mut().expect("they are there by now");
        let (hash, place) = (places.hasher().hash(id), ends.len());
        if places.insert((id, hash), place, |place| id_at(ids, ends, place)).is_ok() {
            self.push_id(id);
            self.values.push(value);
        }
    }

    fn push_id(&mut self, id: &str) {
        self.ids.push_str(id);
        self.ends.push(self.ids.len());
    }

    fn places(&self) -> &IdTable {
        self.places.get_or_init(|| {
            let mut places = IdTable::with_room(self.ends.capacity());
            let hasher = places.hasher();
            let id_of = |place| id_at(&self.ids, &self.ends, place);
            for place in 0..self.len() {
                let id = id_of(place);
                places.insert((id, hasher.hash(id)), place, id_of).expect("ids are different");
            }
            places
        })
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.places().get(id, |place| id_at(&self.ids, &self.ends, place))
    }

    /// The position of an id. Looks at `next` first, and sets `next` to the position after it.
    fn next_place(&self, id: &str, next: &mut usize) -> Option<usize> {
        let is_next = *next < self.len() && id_at(&self.ids, &self.ends, *next) == id;
        let place = if is_next { *next } else { self.place(id)? };
        *next = place + 1;
        Some(place)
    }

    /// The value of an id. Lists mostly have the ids in this order, so it looks at `next` first.
    /// `next` starts at 0.
    pub(crate) fn get_next(&self, id: &str, next: &mut usize) -> Option<&V> {
        self.next_place(id, next).map(|place| &self.values[place])
    }

    /// The same, mutable.
    pub(crate) fn get_next_mut(&mut self, id: &str, next: &mut usize) -> Option<&mut V> {
        self.next_place(id, next).map(|place| &mut self.values[place])
    }

    pub(crate) fn get(&self, id: &str) -> Option<&V> {
        self.place(id).map(|place| &self.values[place])
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut V> {
        self.place(id).map(|place| &mut self.values[place])
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.place(id).is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Every id with its value, in order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        let ids = (0..self.len()).map(|place| id_at(&self.ids, &self.ends, place));
        ids.zip(&self.values)
    }
}

fn id_at<'i>(ids: &'i str, ends: &[usize], place: usize) -> &'i str {
    let start = place.checked_sub(1).map_or(0, |before| ends[before]);
    &ids[start..ends[place]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_the_value_it_first_got() {
        let mut counts: ById<usize> = ById::with_room(2);
        for (place, id) in ["b", "", "ä", "b"].into_iter().enumerate() {
            counts.add(id, place);
        }
        *counts.get_mut("").expect("is there") += 10;
        assert_eq!(counts.iter().collect::<Vec<_>>(), [("b", &0), ("", &11), ("ä", &2)]);
        assert_eq!((counts.len(), counts.get("ä"), counts.get("c")), (3, Some(&2), None));
        assert!(counts.contains("b") && !counts.contains("a") && !counts.is_empty());
    }

    #[test]
    fn ids_are_found_in_any_order_one_after_the_other() {
        let mut counts = ById::of_different(["a", "b", "c"], vec![0, 1, 2]);
        let mut next = 0;
        let found = ["a", "b", "x", "c", "d", "b", "a"].map(|id| counts.get_next(id, &mut next));
        assert_eq!(found, [Some(&0), Some(&1), None, Some(&2), None, Some(&1), Some(&0)]);
        counts.add("a", 7);
        counts.add("d", 3);
        *counts.get_next_mut("d", &mut next).expect("is there") += 1;
        assert_eq!(counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [0, 1, 2, 4]);
    }
}
