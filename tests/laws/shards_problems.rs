//! Shards together find every problem of an input, and invent none.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::config;
use crate::input::{Loaded, load};
use crate::model::{ExcludedAccounts, Shard};
use crate::problem::Problem;

const SETTINGS: &str = "[seller]\nname = \"Example\"\n";
const PRICES: &str = "price_id,product,currency,unit_amount,interval\nseat,Seats,EUR,9.00,month\n";

/// The tables with their headers, and the columns of the id and of the owner.
const TABLES: [(&str, &str, usize, usize); 6] = [
    ("accounts.csv", "account_id,name,email,timezone", 0, 0),
    ("subscriptions.csv", "subscription_id,account_id,price_id,quantity,started_at", 0, 1),
    ("changes.csv", "change_id,at,subscription_id,kind,quantity", 0, 2),
    (
        "discounts.csv",
        "discount_id,account_id,subscription_id,name,product,percent,starts_at",
        0,
        1,
    ),
    ("adjustments.csv", "adjustment_id,account_id,at,currency,amount,description", 0, 1),
    ("payments.csv", "payment_id,account_id,at,currency,amount,invoice_number", 0, 1),
];

/// More shards than accounts leave some empty.
const COUNTS: [u32; 5] = [1, 2, 3, 8, 64];

/// A row of an account.
#[derive(Clone, Debug)]
struct Entry {
    account: usize,
    cells: Vec<String>,
}

type Tables = [Vec<Entry>; 6];

/// Accounts without problems, whose rows lie scattered through the files.
fn sound(accounts: usize) -> Tables {
    let mut tables: Tables = Default::default();
    let mut add = |table: usize, account: usize, row: String| {
        let cells = row.split(',').map(str::to_owned).collect();
        tables[table].push(Entry { account, cells });
    };
    for half in 0..2 {
        for account in 0..accounts {
            let id = format!("a{account}");
            if half == 0 {
                add(0, account, format!("{id},Name,a@example.com,UTC"));
            }
            let subscription = format!("s{account}-{half}");
            add(1, account, format!("{subscription},{id},seat,3,2020-05-01"));
            for change in 0..2 {
                let row = format!("c{account}-{half}{change},2020-06-01,{subscription},quantity,4");
                add(2, account, row);
            }
            let scope = match (account + half) % 4 {
                0 => format!("{id},{subscription}"),
                1 => format!(",{subscription}"),
                2 => format!("{id},"),
                _ => ",".to_owned(),
            };
            add(3, account, format!("d{account}-{half},{scope},Less,Seats,10,2020-05-01"));
            add(4, account, format!("j{account}-{half},{id},2020-05-01,EUR,1.00,Setup"));
            let payer = if half == 0 { &id } else { "" };
            add(5, account, format!("p{account}-{half},{payer},2020-05-01,EUR,1.00,INV-{account}"));
        }
    }
    tables
}

/// What happens to a row.
#[derive(Clone, Copy, Debug)]
enum Mistake {
    /// It gets the id of another account's row.
    Id,
    /// It gets the owner of another account's row.
    Owner,
    /// A cell gets another value.
    Cell(usize, &'static str),
    /// A cell gets blanks around it.
    Blanks(usize),
    Short,
    Long,
    Again,
    Gone,
}

const VALUES: [&str; 10] = [
    "",
    "nobody",
    "NULL",
    "1.2E+05",
    "DAMAGED",
    "\"a\u{0}b\"",
    "\"a\u{7}b\"",
    "1.6.2020",
    "-",
    "120000",
];

fn mistake() -> impl Strategy<Value = Mistake> {
    prop_oneof![
        3 => Just(Mistake::Id),
        3 => Just(Mistake::Owner),
        6 => (0_usize..7, select(&VALUES[..])).prop_map(|(cell, value)| Mistake::Cell(cell, value)),
        2 => (0_usize..7).prop_map(Mistake::Blanks),
        1 => Just(Mistake::Short),
        1 => Just(Mistake::Long),
        1 => Just(Mistake::Again),
        1 => Just(Mistake::Gone),
    ]
}

/// Makes a mistake in a row of the account `one`.
fn make(
    tables: &mut Tables,
    (table, row): (usize, usize),
    what: Mistake,
    [one, other]: [usize; 2],
) {
    let (_, _, id, owner) = TABLES[table];
    let rows_of = |account| {
        let entries = tables[table].iter().enumerate();
        entries.filter(|(_, it)| it.account == account).map(|(place, _)| place).collect::<Vec<_>>()
    };
    let (own, others) = (rows_of(one), rows_of(other));
    let (place, another) = (own[row % own.len()], tables[table][others[0]].cells.clone());
    let cells = &mut tables[table][place].cells;
    let count = cells.len();
    match what {
        Mistake::Id => cells[id].clone_from(&another[id]),
        Mistake::Owner => cells[owner].clone_from(&another[owner]),
        Mistake::Cell(cell, value) => value.clone_into(&mut cells[cell % count]),
        Mistake::Blanks(cell) => cells[cell % count] = format!(" {} ", cells[cell % count]),
        Mistake::Short => drop(cells.pop()),
        Mistake::Long => cells.push("x".to_owned()),
        Mistake::Again => {
            let again = tables[table][place].clone();
            tables[table].push(again);
        }
        Mistake::Gone => drop(tables[table].remove(place)),
    }
}

fn write(folder: &Path, tables: &Tables) {
    fs::write(folder.join("billing.toml"), SETTINGS).expect("a file");
    fs::write(folder.join("prices.csv"), PRICES).expect("a file");
    for (rows, (name, header, ..)) in tables.iter().zip(TABLES) {
        let rows = rows.iter().map(|row| row.cells.join(",") + "\n");
        let text = format!("{header}\n{}", rows.collect::<String>());
        let parts = text.split("DAMAGED").map(str::as_bytes).collect::<Vec<_>>();
        fs::write(folder.join(name), parts.join(&b"\xff"[..])).expect("a file");
    }
}

fn loaded(folder: &Path, shard: Shard) -> Loaded {
    let (settings, _) = config::load(folder).expect("settings");
    load(folder, &settings, ExcludedAccounts::default(), shard).expect("all files are there")
}

/// The problems without their hints: a shard knows fewer ids that may be meant.
fn problems(loaded: &Loaded) -> BTreeSet<String> {
    let said = |it: &Problem| format!("{:?}", Problem { hint: String::new(), ..it.clone() });
    loaded.problems.kept().iter().map(said).collect()
}

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn shards_find_the_problems_of_the_whole(
        mistakes in vec(((0_usize..6, 0_usize..4), mistake()), 0..5),
        accounts in 10_usize..14,
        count in select(&COUNTS[..]),
        order in Just((0_usize..10).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut tables = sound(accounts);
        for (pair, (row, what)) in order.chunks(2).zip(&mistakes) {
            make(&mut tables, *row, *what, [pair[0], pair[1]]);
        }
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &tables);
        let whole = loaded(folder.path(), Shard::WHOLE);
        let shards: Vec<Loaded> =
            Shard::all(count).map(|shard| loaded(folder.path(), shard)).collect();
        let found: BTreeSet<String> = shards.iter().flat_map(problems).collect();
        prop_assert_eq!(found, problems(&whole));
        let gaps: BTreeSet<&String> = shards.iter().flat_map(|it| &it.gaps).collect();
        prop_assert!(gaps.is_subset(&whole.gaps.iter().collect()));
        for shard in shards {
            prop_assert_eq!(format!("{:?}", shard.sources), format!("{:?}", whole.sources));
        }
    }
}

/// The problems of the base company with one more row, as lines and rules, by shards of 8.
fn found_by_shards(table: usize, row: &str) -> Vec<(u64, String)> {
    let mut tables = sound(12);
    let cells = row.split(',').map(str::to_owned).collect();
    tables[table].push(Entry { account: 0, cells });
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &tables);
    let shards = Shard::all(8).map(|shard| loaded(folder.path(), shard));
    let mut found: Vec<(u64, String)> = shards
        .flat_map(|shard| shard.problems.kept().to_vec())
        .map(|problem| (problem.line.unwrap_or_default(), problem.rule))
        .collect();
    found.sort();
    found
}

#[test]
fn an_id_is_unique_across_shards() {
    for (table, row, first) in [
        (1, "s1-0,a2,seat,3,2020-05-01", 3),
        (2, "c1-00,2020-06-01,s2-0,quantity,4", 4),
        (3, "d1-0,a2,,Less,Seats,10,2020-05-01", 3),
        (4, "j1-0,a2,2020-05-01,EUR,1.00,Setup", 3),
        (5, "p1-0,a2,2020-05-01,EUR,1.00,INV-1", 3),
    ] {
        let found = found_by_shards(table, row);
        let said = format!("is already the id of line {first}");
        assert!(matches!(&found[..], [(_, rule)] if *rule == said), "{row}: {found:?}");
    }
}

#[test]
fn one_shard_reports_what_is_nowhere() {
    for (table, row, rule) in [
        (1, "s,nobody,seat,3,2020-05-01", "is not in accounts.csv"),
        (2, "c,2020-06-01,nobody,quantity,4", "is not in subscriptions.csv"),
        (3, "d,a1,nobody,Less,,10,2020-05-01", "is not in subscriptions.csv"),
        (3, "d,,nobody,Less,,10,2020-05-01", "is not in subscriptions.csv"),
        (3, "d,a1,s0-0,Less,,10,2020-05-01", "does not pay for subscription s0-0; a0 does"),
        (4, "j,nobody,2020-05-01,EUR,1.00,Setup", "is not in accounts.csv"),
        (5, "p,nobody,2020-05-01,EUR,1.00,", "is not in accounts.csv"),
    ] {
        let found = found_by_shards(table, row);
        assert!(matches!(&found[..], [(_, said)] if said == rule), "{row}: {found:?}");
    }
}
