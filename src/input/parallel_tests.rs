//! An input folder read in small pieces by several threads gives the same result as in one piece,
//! including the order of problems.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::config;
use crate::table::{CHUNK_BYTES, TableReader};

const SETTINGS: &str = "[seller]\nname = \"Example\"\n";

const PRICES: &str = "price_id,product,currency,unit_amount,interval\nseat,Seats,EUR,9.00,month\n";

/// Ids that are referenced, mistyped, repeated or damaged.
const IDS: [&str; 8] = ["pine", "olive", "oak", "\"oak\"", "olvie", " elm", "", "\u{fffd}"];

const TIMES: [&str; 6] = [
    "2020-05-01",
    "2020-05-01T10:00:00Z",
    "2020-06-01T10:00:00.5+02:00",
    "2020-06-01T10:00:00",
    "1.6.2020",
    "2021-01-01",
];

/// Names with all special characters of CSV.
const NAMES: [&str; 5] = ["Pine", "\"Pine, \"\"Inc.\"\"\"", "\"two\r\n\nlines\"", "5\" disks", ""];

/// Rows, some too short, too long or blank, and sometimes without a final line end.
fn file(header: &'static str, row: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let ends = select(vec!["\n", "\n", "\r\n", "\n\n", ",\n", "\r"]);
    let rows = vec((row, ends).prop_map(|(row, end)| row + end), 0..25);
    let last = select(vec!["", "", "", "pine", "\"never closed\n", "\n\n"]);
    (rows, last).prop_map(move |(rows, last)| format!("{header}\n{}{last}", rows.concat()))
}

fn accounts() -> impl Strategy<Value = String> {
    let zones = select(vec!["UTC", "Europe/Berlin", "", "Mars"]);
    let row = (select(&IDS[..]), select(&NAMES[..]), zones)
        .prop_map(|(id, name, zone)| format!("{id},{name},a@example.com,{zone}"));
    file("account_id,name,email,timezone", row)
}

fn subscriptions() -> impl Strategy<Value = String> {
    let row = (select(&IDS[..]), select(&IDS[..]), 0..3, select(&TIMES[..]))
        .prop_map(|(id, account, quantity, at)| format!("{id},{account},seat,{quantity},{at}"));
    file("subscription_id,account_id,price_id,quantity,started_at", row)
}

fn changes() -> impl Strategy<Value = String> {
    let kinds = select(vec!["quantity,2", "quantity,2", "quantity,", "cancel,", "price,3", "x,1"]);
    let row = (0..40, select(&TIMES[..]), select(&IDS[..]), kinds)
        .prop_map(|(id, at, subscription, kind)| format!("c{id},{at},{subscription},{kind}"));
    file("change_id,at,subscription_id,kind,quantity", row)
}

/// The whole result of loading, as text.
fn said(folder: &Path, chunk_bytes: usize) -> String {
    let (settings, _) = config::load(folder).expect("settings");
    let loaded =
        TableReader { chunk_bytes, ..TableReader::new(folder) }.load(&settings).expect("all files");
    let mut gaps: Vec<&String> = loaded.gaps.iter().collect();
    gaps.sort();
    format!(
        "{:#?}\n{gaps:#?}\n{:#?}\n{:#?}\n{:#?}",
        loaded.book, loaded.problems, loaded.warnings, loaded.sources
    )
}

proptest! {
    #[test]
    fn pieces_say_what_the_whole_says(
        (accounts, subscriptions, changes) in (accounts(), subscriptions(), changes()),
        chunk_bytes in 1_usize..200,
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, content) in [
            ("billing.toml", SETTINGS),
            ("prices.csv", PRICES),
            ("accounts.csv", &accounts),
            ("subscriptions.csv", &subscriptions),
            ("changes.csv", &changes),
        ] {
            fs::write(folder.path().join(name), content).expect("a file in it");
        }
        prop_assert_eq!(said(folder.path(), chunk_bytes), said(folder.path(), CHUNK_BYTES));
    }
}
