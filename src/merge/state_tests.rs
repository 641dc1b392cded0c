use std::path::Path;

use proptest::prelude::*;

use super::company_tests::{Company, currency, digest, minor, seconds};
use super::error::Damage;
use super::fixture_tests::{COUNTS, Shards, damage, staging};
use super::state::merge_state;
use super::*;
use crate::model::{LastBilled, Shard};
use crate::publish::Staging;
use crate::register::{
    CREDITS_FILE, DOCUMENTS_FILE, LAST_BILLED_FILE, LINES_FILE, last_bills_to_parquet, state_files,
    state_tables,
};

fn shards_of(count: usize) -> Vec<Shard> {
    Shard::all(u32::try_from(count).expect("few")).collect()
}

/// Writes what a close without shards writes.
fn whole(company: &Company, shards: &[Shard], folder: &Path) {
    let mut staging = staging(folder);
    company.write(Shard::WHOLE, shards, &mut staging);
    staging.keep();
}

/// Merges the state of shards, and returns the first file that differs from the close of all
/// accounts.
fn differs(company: &Company, count: usize) -> Option<String> {
    let all = shards_of(count);
    let shards = Shards::of(count, |shard, staging| {
        company.write(all[shard], &all[shard..=shard], staging);
    });
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [before, expected] = &folders;
    whole(company, &[], before.path());
    whole(company, &all, expected.path());
    let merged = shards.merged(|shards, staging| {
        let files = merge_states(shards, Some(before.path()), staging)?;
        staging.end_files(files);
        Ok::<_, MergeError>(())
    });
    let merged = merged.expect("they are merged");
    let read = |folder: &Path, path: &str| std::fs::read(folder.join(path)).expect("is written");
    let tables = state_tables();
    let differing = tables
        .iter()
        .find(|table| read(merged.path(), table.path) != read(expected.path(), table.path));
    differing.map(|table| table.path.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]
    #[test]
    fn merged_state_is_that_of_a_close_of_all_accounts(seed: u64, accounts in 0..90_usize) {
        let company = Company::of(seed, accounts);
        for count in COUNTS {
            prop_assert_eq!(differs(&company, count), None, "of {} shards", count);
        }
    }
}

/// Rows of `last_billed`, a few kinds of them.
fn bills(ids: &[String]) -> Vec<u8> {
    let of = |(row, id): (u64, &'_ String)| {
        (id.clone(), LastBilled { currency: currency(row), as_of: seconds(row), total: minor(row) })
    };
    let rows: Vec<(String, LastBilled)> = (0..).zip(ids).map(of).collect();
    let rows: Vec<(&str, LastBilled)> = rows.iter().map(|(id, bill)| (&**id, *bill)).collect();
    last_bills_to_parquet(&rows).expect("encodes")
}

/// Merges `last_billed` alone.
fn merged_bills(shards: &Shards) -> Result<Vec<u8>, MergeError> {
    let tables = state_tables();
    let form = tables.iter().find(|form| form.path == LAST_BILLED_FILE).expect("is one");
    let folder = shards.merged(|shards, staging| {
        let file = merge_state(form, shards, None, staging)?;
        staging.end_file(file);
        Ok::<_, MergeError>(())
    })?;
    Ok(std::fs::read(folder.path().join(LAST_BILLED_FILE)).expect("is written"))
}

/// Shards with these ids.
fn with_ids(ids: &[&[&str]]) -> Shards {
    Shards::of(ids.len(), |shard, staging| {
        let ids: Vec<String> = ids[shard].iter().map(|id| (*id).to_owned()).collect();
        staging.write(LAST_BILLED_FILE, &bills(&ids)).expect("writes");
    })
}

#[test]
fn several_row_groups_of_several_shards_become_the_groups_of_one_file() {
    let ids = |shard: usize, of: usize| {
        let ids = (0..150_000).filter(move |it| it % of == shard);
        ids.map(|it| format!("a{it:06}")).collect::<Vec<String>>()
    };
    let rows = |ids: &[String]| {
        // What is billed follows from the id, wherever the row stands.
        let bill = |id: &String| {
            let of = id[1..].parse().expect("a number");
            LastBilled { currency: currency(of), as_of: seconds(of % 7), total: minor(of * of) }
        };
        let rows: Vec<(&str, LastBilled)> = ids.iter().map(|id| (&**id, bill(id))).collect();
        last_bills_to_parquet(&rows).expect("encodes")
    };
    let shards = Shards::of(2, |shard, staging| {
        staging.write(LAST_BILLED_FILE, &rows(&ids(shard, 2))).expect("writes");
    });
    assert!(merged_bills(&shards).expect("is merged") == rows(&ids(0, 1)));
}

#[test]
fn damaged_state_is_named_with_its_path() {
    let path = |shard: usize| format!("{shard}/{LAST_BILLED_FILE}");
    let shards = with_ids(&[&["a", "c"], &["b"]]);
    assert!(merged_bills(&shards).is_ok());

    std::fs::remove_file(shards.path(1, LAST_BILLED_FILE)).expect("is there");
    assert_eq!(damage(merged_bills(&shards)), (path(1), Damage::Missing));
    let other = bills(&["d".to_owned()]);
    std::fs::write(shards.path(1, LAST_BILLED_FILE), &other).expect("writes");
    assert_eq!(damage(merged_bills(&shards)), (path(1), Damage::Digest));

    let unordered = with_ids(&[&["a"], &["c", "b"]]);
    assert_eq!(damage(merged_bills(&unordered)), (path(1), Damage::Order));
    let repeated = with_ids(&[&["a", "b"], &["b", "c"]]);
    assert_eq!(damage(merged_bills(&repeated)).1, Damage::Twice);
    let unlisted = Shards::of(1, |_, _| ());
    assert_eq!(damage(merged_bills(&unlisted)), (path(0), Damage::Unlisted));

    let mut other_columns = with_ids(&[&["a"]]);
    let order = order_to_parquet(&[(0, "INV-1")]).expect("encodes");
    other_columns.rewrite(0, LAST_BILLED_FILE, &order);
    let error = merged_bills(&other_columns).expect_err("has other columns").to_string();
    assert!(error.ends_with("has other columns"), "{error}");
}

/// Merges one state file of a company's shards after a change to a file of the last shard.
fn merged_after(path: &str, file: &str, bytes: &[u8]) -> (String, Damage) {
    let company = Company::of(7, 60);
    let all = shards_of(2);
    let mut shards = Shards::of(2, |shard, staging| {
        company.write(all[shard], &all[shard..=shard], staging);
    });
    shards.rewrite(1, file, bytes);
    let tables = state_tables();
    let form = tables.iter().find(|form| form.path == path).expect("is one");
    let merged = shards.merged(|shards, staging| {
        let file = merge_state(form, shards, None, staging)?;
        staging.end_file(file);
        Ok(())
    });
    damage(merged)
}

#[test]
fn rows_of_documents_that_are_not_listed_are_refused() {
    let no_order = order_to_parquet(&[]).expect("encodes");
    for path in [DOCUMENTS_FILE, LINES_FILE] {
        let (file, damage) = merged_after(path, ORDER_FILE, &no_order);
        assert_eq!(file, format!("1/{path}"));
        assert!(matches!(damage, Damage::Unknown(_)), "{damage}");
    }
    let unordered = order_to_parquet(&[(2, "x"), (1, "y")]).expect("encodes");
    assert_eq!(merged_after(DOCUMENTS_FILE, ORDER_FILE, &unordered).1, Damage::Order);
    let list = format!("1/{CREDIT_PLACES_FILE}");
    let few = credit_places([(0, 1)].into_iter());
    assert_eq!(merged_after(CREDITS_FILE, CREDIT_PLACES_FILE, &few), (list.clone(), Damage::Cut));
    let many = credit_places([(0, u32::MAX)].into_iter());
    assert_eq!(merged_after(CREDITS_FILE, CREDIT_PLACES_FILE, &many), (list, Damage::Rest));
}

#[test]
fn shards_must_agree_on_rows_that_they_share() {
    let company = Company::of(3, 0);
    let write = |shard: usize, staging: &mut Staging| {
        let mut state = company.shared(&[Shard::WHOLE]);
        let of = shard as u64;
        state.discounts.insert("spring".to_owned(), digest(of));
        for (path, bytes) in state_files(&state) {
            staging.write(path, &bytes().expect("encodes")).expect("writes");
        }
    };
    let shards = Shards::of(2, write);
    let tables = state_tables();
    let form = tables.iter().find(|form| form.path == "state/discounts.parquet").expect("is one");
    let merged = |before: Option<&Path>| {
        shards.merged(|shards, staging| {
            let file = merge_state(form, shards, before, staging)?;
            staging.end_file(file);
            Ok(())
        })
    };
    assert_eq!(damage(merged(None)).1, Damage::Differs("spring".to_owned()));
    // Of two versions, one may be that of the close before.
    let before = tempfile::tempdir().expect("a folder");
    let mut to = staging(before.path());
    write(0, &mut to);
    to.keep();
    let found = merged(Some(before.path())).expect("one is old");
    let newest = std::fs::read(shards.path(1, form.path)).expect("is written");
    assert!(std::fs::read(found.path().join(form.path)).expect("is written") == newest);
}
