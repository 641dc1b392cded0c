//! Which different values a column has, and which of them each row has.

use std::hash::{Hash, Hasher};

use hashbrown::HashMap;
use polars_arrow::array::{Array, DictionaryArray, MutablePrimitiveArray, PrimitiveArray};

/// So many different values are worth a dictionary in any case.
const FEW: usize = 64;

/// The different values of a column.
#[derive(Debug)]
pub struct Distinct<V> {
    /// Each once, in the order in which they first occurred.
    values: Vec<V>,
    known: HashMap<V, u32>,
    /// For each row, the place of its value; nothing where it has none.
    places: MutablePrimitiveArray<u32>,
    /// The last value: rows that follow each other are often alike.
    last: Option<(V, u32)>,
}

/// A text of which there are few. Most often it is not only like another one, but that one itself.
#[derive(Clone, Copy, Debug, Eq)]
pub struct Word<'a>(pub &'a str);

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.0 == other.0
    }
}

impl Hash for Word<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<V: Copy + Eq + Hash> Distinct<V> {
    /// None yet, but room for so many rows.
    pub fn with_room(rows: usize) -> Self {
        let places = MutablePrimitiveArray::with_capacity(rows);
        Self { values: Vec::new(), known: HashMap::new(), places, last: None }
    }

    /// Adds a row.
    pub fn add(&mut self, value: Option<V>) {
        let place = value.map(|value| match self.last {
            Some((last, place)) if last == value => place,
            _ => {
                let values = &mut self.values;
                let place = *self.known.entry(value).or_insert_with(|| {
                    values.push(value);
                    u32::try_from(values.len() - 1).expect("memory ends before that many rows")
                });
                self.last = Some((value, place));
                place
            }
        });
        self.places.push(place);
    }

    /// The column: a dictionary, unless more than half of the rows have a value of their own, and it
    /// would be longer than the column. Values become arrays by `array`.
    pub fn array(
        self,
        array: impl Fn(&mut dyn Iterator<Item = Option<V>>) -> Box<dyn Array>,
    ) -> Box<dyn Array> {
        let places = PrimitiveArray::from(self.places);
        if self.values.len() > FEW.max(places.len() / 2) {
            let value = |place: Option<&u32>| place.map(|place| self.values[*place as usize]);
            return array(&mut places.iter().map(value));
        }
        let values = array(&mut self.values.into_iter().map(Some));
        let dictionary = DictionaryArray::try_from_keys(places, values, false);
        dictionary.expect("every place is one of the values").boxed()
    }
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
    }
}
