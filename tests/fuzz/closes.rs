//! Files that are read without a problem, and still hold what nobody would write: a close ends with
//! documents or with words, never with a panic.

use std::fs;

use crate::pipeline::{CloseArgs, Folders, close};
use crate::value::{AsOf, Instant};

use super::files::write_company;
use super::harness::fuzz;

/// How many mutations are tried: each is a close.
const MUTATIONS: u64 = 30;

fn fuzz_close(file: &'static str, target: &str) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let (input, output) = (place.path().join("input"), place.path().join("output"));
    write_company(&input);
    let settings = fs::read_to_string(input.join("billing.toml")).expect("settings");
    // Receipts would be most of the work.
    let settings = settings.replace("[pdf]\n", "[pdf]\npacking = \"none\"\n");
    fs::write(input.join("billing.toml"), settings).expect("settings");
    let seeds = [fs::read(input.join(file)).expect("a table")];
    let places = Folders { input: input.clone(), output: output.clone() };
    let as_of = AsOf::parse("2020-06-28").expect("a moment");
    let args = CloseArgs::new(places, as_of, Instant::from_unix_seconds(1_800_000_000));
    let args = CloseArgs { bill_from_start: true, ..args };
    fuzz(target, &seeds, MUTATIONS, &|bytes| {
        fs::write(input.join(file), bytes).expect("a file");
        let _ = fs::remove_dir_all(&output);
        match close(&args) {
            // What is meant to find our own mistakes must find none.
            Err(error) if error.exit_code() == 70 => Err(error.to_string()),
            _ => Ok(()),
        }
    });
}

#[test]
fn close_of_changes() {
    fuzz_close("changes.csv", "close_changes");
}

#[test]
fn close_of_subscriptions() {
    fuzz_close("subscriptions.csv", "close_subscriptions");
}

#[test]
fn close_of_prices() {
    fuzz_close("prices.csv", "close_prices");
}
