use proptest::prelude::*;

use super::error::Damage;
use super::fixture_tests::{COUNTS, Shards, damage};
use super::*;
use crate::publish::Staging;
use crate::table::CsvTable;

/// An item of a table: its place, and how many rows it has.
type Item = (u64, u64);

fn table(items: &[Item]) -> CsvTable<'_> {
    CsvTable::new(&["place", "row"], items, |(place, count), rows| {
        for row in 0..*count {
            rows.count(*place);
            rows.text(&format!("{row}, \"{place}\""));
            rows.end();
        }
    })
}

fn write(staging: &mut Staging, items: &[Item]) {
    let mut runs = RunsWriter::begin(staging, "items").expect("begins");
    let keys = items.iter().map(|(place, _)| MergeKey::document(0, *place));
    runs.write_table(&table(items), keys).expect("writes");
    staging.end_files(runs.files());
}

/// The merged rows.
fn merged(shards: &Shards) -> Result<Vec<u8>, MergeError> {
    let mut rows = Vec::new();
    shards.merged(|shards, _| {
        merge_runs(shards, "items", |_, _, content| {
            rows.extend_from_slice(content);
            Ok::<_, MergeError>(())
        })
    })?;
    Ok(rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn merged_runs_are_the_rows_of_the_whole_table(
        items in prop::collection::vec((0..4_u64, 0..64_usize), 0..900),
    ) {
        let (whole, owners): (Vec<Item>, Vec<usize>) =
            (0..).zip(&items).map(|(place, (rows, owner))| ((place, *rows), *owner)).unzip();
        let header = table(&[]).bytes().len();
        for count in COUNTS {
            let shards = Shards::of(count, |shard, staging| {
                let own = whole.iter().zip(&owners).filter(|(_, owner)| **owner % count == shard);
                write(staging, &own.map(|(item, _)| *item).collect::<Vec<Item>>());
            });
            let expected = table(&whole).bytes();
            prop_assert!(merged(&shards).expect("are merged") == expected[header..]);
        }
    }
}

#[test]
fn an_item_without_rows_is_visited_too() {
    let shards = Shards::of(2, |shard, staging| write(staging, &[(shard as u64, 0)]));
    let mut visited = Vec::new();
    let merged = shards.merged(|shards, _| {
        merge_runs::<MergeError>(shards, "items", |shard, key, rows| {
            visited.push((shard, key.place(), rows.len()));
            Ok(())
        })
    });
    assert!(merged.is_ok());
    assert_eq!(visited, [(0, Some(0), 0), (1, Some(1), 0)]);
}

const ROWS: &str = "tables/items.rows";
const RUNS: &str = "tables/items.runs";

#[test]
fn damaged_runs_are_named_with_their_path() {
    let of =
        |items: &[&[Item]]| Shards::of(items.len(), |shard, staging| write(staging, items[shard]));
    let (rows, runs) = (format!("1/{ROWS}"), format!("1/{RUNS}"));
    let right: [&[Item]; 2] = [&[(0, 2), (3, 1)], &[(1, 1), (2, 2)]];
    assert!(merged(&of(&right)).is_ok());
    let twice = of(&[&[(0, 1), (1, 1)], &[(1, 1)]]);
    assert_eq!(damage(merged(&twice)).1, Damage::Twice);
    let unordered = of(&[&[(0, 1)], &[(2, 1), (1, 1)]]);
    assert_eq!(damage(merged(&unordered)), (runs.clone(), Damage::Order));
    for (file, shown) in [(ROWS, &rows), (RUNS, &runs)] {
        let shards = of(&right);
        let path = shards.path(1, file);
        let mut bytes = std::fs::read(&path).expect("is written");
        let last = bytes.len() - 1;
        std::fs::write(&path, &bytes[..last]).expect("writes");
        assert_eq!(damage(merged(&shards)), (shown.clone(), Damage::Cut));
        // A key that ascends all the same, and rows of the same length.
        bytes[last] += 7;
        std::fs::write(&path, &bytes).expect("writes");
        assert_eq!(damage(merged(&shards)), (shown.clone(), Damage::Digest));
        std::fs::remove_file(&path).expect("is there");
        assert_eq!(damage(merged(&shards)), (shown.clone(), Damage::Missing));
    }
    let mut longer = of(&right);
    let mut bytes = std::fs::read(longer.path(1, ROWS)).expect("is written");
    bytes.push(b'x');
    longer.rewrite(1, ROWS, &bytes);
    assert_eq!(damage(merged(&longer)), (rows, Damage::Rest));
}
