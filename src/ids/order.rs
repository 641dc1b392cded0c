//! Sorts rows by an id. Following two pointers at every comparison takes longer than the rest of
//! the sort. So the sort compares the start of each id, without the common prefix, as numbers.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rayon::prelude::*;

/// The number of bytes of an id that are compared as numbers.
const BYTES: usize = 15;

/// The start of an id as two numbers, and the index of its row. The last byte holds the length.
type SortKey = (u64, u64, u32);

/// The number of ids that are used to guess the common prefix.
const SAMPLE: usize = 64;

/// Sorts the rows by id. Rows with the same id keep their order.
pub(crate) fn by_id<'r, T: Sync>(
    rows: &'r [T],
    id: impl Fn(&'r T) -> &'r str + Sync,
) -> Vec<&'r T> {
    let id = |row: &'r T| id(row).as_bytes();
    let Some(first) = rows.first().map(id) else { return Vec::new() };
    let common = |rows: &mut dyn Iterator<Item = &'r T>| {
        let length = |row| first.iter().zip(id(row)).take_while(|(a, b)| a == b).count();
        &first[..rows.map(length).min().unwrap_or_default()]
    };
    let guess = common(&mut rows.iter().step_by(rows.len().div_ceil(SAMPLE)));
    // Reading every id takes as long as sorting. So a second pass runs only if the guess was wrong.
    let mut keys = keys(rows, id, guess)
        .or_else(|| keys(rows, id, common(&mut rows.iter())))
        .unwrap_or_default();
    keys.par_sort_unstable_by(|a, b| compare(*a, *b, |key| id(row(rows, key))));
    keys.into_iter().map(|key| row(rows, key)).collect()
}

/// The sort keys of the rows; `None` if an id does not begin with `common`.
fn keys<'r, T: Sync>(
    rows: &'r [T],
    id: impl Fn(&'r T) -> &'r [u8] + Sync,
    common: &[u8],
) -> Option<Vec<SortKey>> {
    let is_common = AtomicBool::new(true);
    let places = 0..u32::try_from(rows.len()).expect("memory ends before that many rows");
    let key_of = |(row, place)| {
        let rest = id(row).strip_prefix(common).unwrap_or_else(|| {
            is_common.store(false, Relaxed);
            &[]
        });
        key(rest, place)
    };
    let keys = rows.par_iter().zip(places).map(key_of).collect();
    is_common.into_inner().then_some(keys)
}

fn key(id: &[u8], place: u32) -> SortKey {
    let mut bytes = [0; BYTES + 1];
    let length = id.len().min(BYTES);
    bytes[..length].copy_from_slice(&id[..length]);
    bytes[BYTES] = u8::try_from(id.len().min(BYTES + 1)).expect("no more than 16");
    let (halves, _) = bytes.as_chunks::<8>();
    (u64::from_be_bytes(halves[0]), u64::from_be_bytes(halves[1]), place)
}

fn compare<'r>(a: SortKey, b: SortKey, id: impl Fn(SortKey) -> &'r [u8]) -> Ordering {
    let rest = || if is_whole(a) { Ordering::Equal } else { id(a).cmp(id(b)) };
    (a.0, a.1).cmp(&(b.0, b.1)).then_with(rest).then(a.2.cmp(&b.2))
}

/// Whether the key holds the whole id.
fn is_whole((_, end, _): SortKey) -> bool {
    usize::from(end.to_be_bytes()[7]) <= BYTES
}

fn row<T>(rows: &[T], (_, _, place): SortKey) -> &T {
    &rows[place as usize]
}

/// Moves each item to the position that `order` gives, in place, cycle by cycle.
pub(crate) fn arrange<T>(items: &mut [T], mut order: Vec<u32>) {
    let count = u32::try_from(items.len()).expect("as many as there are places in the order");
    for start in 0..count {
        let mut place = start;
        loop {
            let from = std::mem::replace(&mut order[place as usize], place);
            if from == start {
                break;
            }
            items.swap(place as usize, from as usize);
            place = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_as_texts_and_equal_ones_stay_as_they_were() {
        let mut ids: Vec<String> =
            ["b", "a\0", "a", "", "ä", "a\0\0", "b"].map(String::from).into();
        for number in 0..3000 {
            ids.push(format!("{:x}", number * 2_654_435_761_u64 % 1000));
            ids.push(format!("longer than fifteen bytes {}", number % 700));
            ids.push(format!("fifteen bytes {}", number % 20));
        }
        for prefix in ["", "sub-"] {
            let rows: Vec<(String, usize)> =
                ids.iter().enumerate().map(|(row, id)| (format!("{prefix}{id}"), row)).collect();
            let mut expected: Vec<&(String, usize)> = rows.iter().collect();
            expected.sort();
            assert!(by_id(&rows, |row| &row.0) == expected);
        }
        assert!(by_id(&[], |row: &String| row).is_empty());
    }

    #[test]
    fn an_id_that_begins_unlike_all_others_finds_its_place() {
        let mut ids: Vec<String> =
            (0..1000).map(|number| format!("sub-{:03}", 999 - number)).collect();
        // These places are not part of the sample.
        for (place, id) in [(1, "sub"), (2, "a"), (3, "sub-"), (4, "tub-1")] {
            ids[place] = id.to_owned();
        }
        let mut expected: Vec<&String> = ids.iter().collect();
        expected.sort();
        assert!(by_id(&ids, |id| id) == expected);
    }
}
