//! Finds the part whose next item is the least.

/// Parts that still have items, as a binary heap: no part has an item that is less than that of the
/// part above it. The caller compares, because the items are with the parts.
#[derive(Debug)]
pub(super) struct Least(Vec<usize>);

impl Least {
    /// `is_less` compares the next items of two parts.
    pub(super) fn of(
        parts: impl Iterator<Item = usize>,
        is_less: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let mut heap = Self(parts.collect());
        for place in (0..heap.0.len() / 2).rev() {
            heap.sink(place, &is_less);
        }
        heap
    }

    /// The part with the least item; `None` if all have ended.
    pub(super) fn first(&self) -> Option<usize> {
        self.0.first().copied()
    }

    /// Must be called when the first part has moved on. `has_ended` tells whether it has no item.
    pub(super) fn moved(&mut self, has_ended: bool, is_less: impl Fn(usize, usize) -> bool) {
        if has_ended {
            self.0.swap_remove(0);
        }
        self.sink(0, &is_less);
    }

    fn sink(&mut self, mut place: usize, is_less: &impl Fn(usize, usize) -> bool) {
        let parts = &mut self.0;
        loop {
            let below = 2 * place + 1..parts.len().min(2 * place + 3);
            let least = below.reduce(|a, b| if is_less(parts[b], parts[a]) { b } else { a });
            match least {
                Some(least) if is_less(parts[least], parts[place]) => {
                    parts.swap(least, place);
                    place = least;
                }
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn items_come_in_order(
            mut parts in prop::collection::vec(prop::collection::vec(0..50_u8, 0..9), 0..12),
        ) {
            for part in &mut parts {
                part.sort_unstable();
            }
            let mut expected = parts.concat();
            expected.sort_unstable();
            let mut places = vec![0; parts.len()];
            let begun = (0..parts.len()).filter(|part| !parts[*part].is_empty());
            let mut least = Least::of(begun, |a, b| parts[a][0] < parts[b][0]);
            let mut found = Vec::new();
            while let Some(part) = least.first() {
                found.push(parts[part][places[part]]);
                places[part] += 1;
                let has_ended = places[part] == parts[part].len();
                least.moved(has_ended, |a, b| parts[a][places[a]] < parts[b][places[b]]);
            }
            prop_assert_eq!(found, expected);
        }
    }
}
