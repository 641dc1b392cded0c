//! Which different values a column has, and which of them each row has.

use std::hash::Hash;

use hashbrown::HashMap;
use polars_arrow::array::{MutablePrimitiveArray, PrimitiveArray};

/// So many different values are worth a dictionary in any case.
const FEW: usize = 64;

/// The different values of a column.
pub struct Distinct<V> {
    /// Each once, in the order in which they first occur.
    pub values: Vec<V>,
    /// For each row, the place of its value; nothing where it has none.
    pub places: PrimitiveArray<u32>,
}

impl<V: Copy + Eq + Hash> Distinct<V> {
    /// Those of some rows; `None` if more than half of the rows have one of their own, and a
    /// dictionary would be longer than the column.
    pub fn among(values: impl ExactSizeIterator<Item = Option<V>>) -> Option<Self> {
        let most = FEW.max(values.len() / 2);
        let mut known: HashMap<V, u32> = HashMap::new();
        let mut distinct = Vec::new();
        let mut places = MutablePrimitiveArray::with_capacity(values.len());
        // Rows that follow each other are often alike.
        let mut last: Option<(V, u32)> = None;
        for value in values {
            let Some(value) = value else {
                places.push(None);
                continue;
            };
            let place = match last {
                Some((last, place)) if last == value => place,
                _ => *known.entry(value).or_insert_with(|| {
                    distinct.push(value);
                    u32::try_from(distinct.len() - 1).expect("a group has fewer rows")
                }),
            };
            if distinct.len() > most {
                return None;
            }
            last = Some((value, place));
            places.push(Some(place));
        }
        Some(Self { values: distinct, places: places.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_the_place_of_its_value() {
        let rows = ["EUR", "EUR", "", "USD", "EUR"].map(|it| Some(it).filter(|it| !it.is_empty()));
        let distinct = Distinct::among(rows.into_iter()).expect("few values");
        assert_eq!(distinct.values, ["EUR", "USD"]);
        let places: Vec<Option<u32>> = distinct.places.iter().map(Option::<&u32>::copied).collect();
        assert_eq!(places, [Some(0), Some(0), None, Some(1), Some(0)]);
    }

    #[test]
    fn values_that_are_nearly_all_different_are_not_worth_it() {
        let with = |different: usize| Distinct::among((0..1000).map(|row| Some(row % different)));
        assert!(with(500).is_some() && with(501).is_none());
        assert!(Distinct::among((0..FEW).map(Some)).is_some());
    }
}
