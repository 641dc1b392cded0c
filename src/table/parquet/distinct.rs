//! Which different values a column has, and which of them each row has.

use std::hash::{Hash, Hasher};

use hashbrown::HashMap;
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray};
use polars_arrow::datatypes::ArrowDataType;

/// So many different values are worth a dictionary in any case.
const FEW: usize = 64;

/// So many values are kept at hand: a power of two.
const RECENT: usize = 128;

/// The place of no value. There are never that many.
const NONE: u32 = u32::MAX;

/// The different values of a column.
#[derive(Debug)]
pub struct Distinct<V> {
    /// Each once, in the order in which they first occurred.
    values: Vec<V>,
    known: HashMap<V, u32>,
    /// For each row, the place of its value; [`NONE`] where it has none.
    places: Vec<u32>,
    /// Whether there is such a row.
    has_gaps: bool,
    /// Values that were looked for lately, each where it is to be looked for: to find one here takes a
    /// fraction of what it takes among all that are known.
    recent: Vec<Option<(V, u32)>>,
}

/// A text of which there are few. Most often it is not only like another one, but that one itself.
#[derive(Clone, Copy, Debug, Eq)]
pub struct DistinctWord<'a>(pub &'a str);

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
    /// None yet, but room for so many rows.
    pub fn with_room(rows: usize) -> Self {
        let (places, recent) = (Vec::with_capacity(rows), vec![None; RECENT]);
        Self { values: Vec::new(), known: HashMap::new(), places, has_gaps: false, recent }
    }

    /// Adds a row.
    #[inline]
    pub fn add(&mut self, value: Option<V>) {
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

    /// The place of a value that was not looked for lately.
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

    /// The column: a dictionary, unless more than half of the rows have a value of their own, and it
    /// would be longer than the column. Values become arrays by `array`.
    pub fn array(
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

/// Where a value is among those that were looked for lately, if it is one of them.
fn slot(value: &impl Hash) -> usize {
    let mut hasher = Ends::default();
    value.hash(&mut hasher);
    usize::try_from(hasher.finish() >> (u64::BITS - RECENT.ilog2())).unwrap_or_default()
}

/// A hash of how long a value is, how it begins and how it ends: that tells most values of a column
/// apart, and costs next to nothing.
#[derive(Default)]
struct Ends(u64);

impl Hasher for Ends {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        /// An odd number whose bits look like chance.
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

/// Places as an array, with gaps where there is none.
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
