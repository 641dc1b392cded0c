//! What is known of each of millions of ids. The ids lie one behind the other in one text: a text
//! of its own for each would take several times their length.

use crate::input::Places;

/// Values by id, in the order in which they came.
#[derive(Clone, Debug)]
pub struct ById<V> {
    ids: String,
    /// Where each id ends.
    ends: Vec<usize>,
    values: Vec<V>,
    places: Places,
}

impl<V> Default for ById<V> {
    fn default() -> Self {
        Self::with_room(0)
    }
}

impl<V> ById<V> {
    /// None yet, but room for so many.
    pub fn with_room(count: usize) -> Self {
        Self {
            ids: String::new(),
            ends: Vec::with_capacity(count),
            values: Vec::with_capacity(count),
            places: Places::with_room(count),
        }
    }

    /// Adds a value, unless the id has one, which is kept.
    pub fn add(&mut self, id: &str, value: V) {
        let hash = self.places.hasher().hash(id);
        let (ids, ends) = (&self.ids, &self.ends);
        let place = ends.len();
        if self.places.insert((id, hash), place, |place| id_at(ids, ends, place)).is_ok() {
            self.ids.push_str(id);
            self.ends.push(self.ids.len());
            self.values.push(value);
        }
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id, |place| id_at(&self.ids, &self.ends, place))
    }

    /// The value of an id.
    pub fn get(&self, id: &str) -> Option<&V> {
        self.place(id).map(|place| &self.values[place])
    }

    /// The value of an id, to be changed.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut V> {
        self.place(id).map(|place| &mut self.values[place])
    }

    /// Whether an id has a value.
    pub fn contains(&self, id: &str) -> bool {
        self.place(id).is_some()
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Every id with its value.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
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
}
