//! Collects the distinct values of a column, and the value of each row.

use std::hash::{Hash, Hasher};

use hashbrown::HashMap;
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray};
use polars_arrow::datatypes::ArrowDataType;

/// Up to this many distinct values, a dictionary is always used.
const FEW: usize = 64;

/// The size of the cache of recent values: a power of two.
const RECENT: usize = 128;

/// The index of a missing value; there are never that many values.
const NONE: u32 = u32::MAX;

/// The distinct values of a column.
#[derive(Debug)]
pub(crate) struct Distinct<V> {
    /// Each value once, in the order of its first occurrence.
    values: Vec<V>,
    known: HashMap<V, u32>,
    /// The index of each row's value; [`NONE`] if missing.
    places: Vec<u32>,
    /// Whether any value is missing.
    has_gaps: bool,
    /// A cache of recent values and their indexes. A search here takes a fraction of a search among
    /// all values.
    recent: Vec<Option<(V, u32)>>,
}

/// A text with few distinct values. Equal texts are usually the same pointer.
#[derive(Clone, Copy, Debug, Eq)]
pub(crate) struct DistinctWord<'a>(pub(crate) &'a str);

impl PartialEq for DistinctWord<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.0 == other.0
    }
}

impl Hash for DistinctWord<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<V: Copy + Eq + Hash> Distinct<V> {
    /// An empty column with capacity for `rows` rows.
    pub(crate) fn with_room(rows: usize) -> Self {
        let (places, recent) = (Vec::with_capacity(rows), vec![None; RECENT]);
        Self { values: Vec::new(), known: HashMap::new(), places, has_gaps: false, recent }
    }

    #[inline]
    pub(crate) fn add(&mut self, value: Option<V>) {
        self.has_gaps |= value.is_none();
        let place = value.map_or(NONE, |value| {
            let slot = slot(&value);
            match self.recent[slot] {
                Some((recent, place)) if recent == value => place,
                _ => self.place(value, slot),
            }
        });
        self.places.push(place);
    }

    /// The index of a value that is not in the cache.
    #[inline(never)]
    fn place(&mut self, value: V, slot: usize) -> u32 {
        let values = &mut self.values;
        let place = *self.known.entry(value).or_insert_with(|| {
            values.push(value);
            u32::try_from(values.len() - 1).expect("memory ends before that many rows")
        });
        self.recent[slot] = Some((value, place));
        place
    }

    /// The distinct values, and the index of each row's value; `None` if it is missing.
    pub(super) fn into_parts(self) -> (Vec<V>, impl Iterator<Item = Option<u32>>) {
        (self.values, self.places.into_iter().map(|place| (place != NONE).then_some(place)))
    }

    /// The column: a dictionary, unless more than half of the rows have distinct values and it
    /// would be longer. `array` turns values into arrays.
    pub(crate) fn array(
        self,
        array: impl Fn(&mut dyn Iterator<Item = Option<V>>) -> Box<dyn Array>,
    ) -> Box<dyn Array> {
        let places = if self.has_gaps {
            with_gaps(self.places)
        } else {
            PrimitiveArray::from_vec(self.places)
        };
        if self.values.len() > FEW.max(places.len() / 2) {
            let value = |place: Option<&u32>| place.map(|place| self.values[*place as usize]);
            return array(&mut places.iter().map(value));
        }
        let values = array(&mut self.values.into_iter().map(Some));
        let dictionary = DictionaryArray::try_from_keys(places, values, false);
        dictionary.expect("every place is one of the values").boxed()
    }
}

/// The slot of a value in the cache.
fn slot(value: &impl Hash) -> usize {
    let mut hasher = Ends::default();
    value.hash(&mut hasher);
    usize::try_from(hasher.finish() >> (u64::BITS - RECENT.ilog2())).unwrap_or_default()
}

/// Hashes only the length, the beginning and the end. That distinguishes most values of a column at
/// almost no cost.
#[derive(Default)]
struct Ends(u64);

impl Hasher for Ends {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        /// An odd number with random-looking bits.
        const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;
        let ends = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
            }
            _ => bytes.iter().fold(0, |ends, byte| ends << 8 | u64::from(*byte)),
        };
        self.0 = (self.0 ^ ends ^ bytes.len() as u64).wrapping_mul(MIXER);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Turns indexes into an array, with nulls for missing values.
fn with_gaps(mut places: Vec<u32>) -> PrimitiveArray<u32> {
    let is_place = |place: &u32| *place != NONE;
    let gaps = places.iter().map(is_place).collect();
    for none in places.iter_mut().filter(|place| !is_place(place)) {
        *none = 0;
    }
    PrimitiveArray::new(ArrowDataType::UInt32, places.into(), Some(gaps))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(rows: impl Iterator<Item = Option<i64>>) -> Box<dyn Array> {
        let mut distinct = Distinct::with_room(0);
        rows.for_each(|row| distinct.add(row));
        distinct.array(|values| values.collect::<PrimitiveArray<i64>>().boxed())
    }

    #[test]
    fn few_values_become_a_dictionary_with_the_place_of_each_row() {
        let column = column([Some(7), Some(7), None, Some(9), Some(7)].into_iter());
        let dictionary: &DictionaryArray<u32> = column.as_any().downcast_ref().expect("is one");
        assert_eq!(*dictionary.values(), PrimitiveArray::from_vec(vec![7_i64, 9]).boxed());
        let places: Vec<Option<usize>> = dictionary.keys_iter().collect();
        assert_eq!(places, [Some(0), Some(0), None, Some(1), Some(0)]);
    }

    #[test]
    fn values_that_are_nearly_all_different_stay_as_they_are() {
        let with = |different: i64| column((0..1000).map(|row| Some(row % different)));
        let is_plain = |column: &dyn Array| column.as_any().is::<PrimitiveArray<i64>>();
        assert!(!is_plain(&*with(500)) && is_plain(&*with(501)));
        let numbers: Vec<Option<i64>> = (0..1000).map(|row| Some(row % 501)).collect();
        assert_eq!(with(501), PrimitiveArray::from(numbers).boxed());
        let with_gaps: Vec<Option<i64>> =
            (0..1000).map(|row| (row % 3 > 0).then_some(row)).collect();
        assert_eq!(column(with_gaps.iter().copied()), PrimitiveArray::from(with_gaps).boxed());
    }

    #[test]
    fn a_column_without_values_is_a_dictionary_of_gaps() {
        let column = column([None; 9].into_iter());
        let dictionary: &DictionaryArray<u32> = column.as_any().downcast_ref().expect("is one");
        assert!(dictionary.keys_iter().all(|place| place.is_none()) && column.len() == 9);
    }
}
