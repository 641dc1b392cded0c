//! Files that are read without a problem, and still hold what nobody would write: a close ends with
//! documents or with words, never with a panic.

use std::fs;

use prorata::pipeline::{CloseArgs, Folders, TableFormat, close};
use prorata::value::{AsOf, Instant};

use super::files::write_company;
use super::harness::fuzz;

/// Accounts of the company: few, so that a close is quick.
const ACCOUNTS: u64 = 6;

fn fuzz_close(file: &'static str, target: &str) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let (input, output) = (place.path().join("input"), place.path().join("output"));
    write_company(&input, ACCOUNTS);
    let settings = fs::read_to_string(input.join("billing.toml")).expect("settings");
    // Receipts would be most of the work.
    let settings = settings.replace("packing = \"files\"", "packing = \"none\"");
    fs::write(input.join("billing.toml"), settings).expect("settings");
    let seeds = [fs::read(input.join(file)).expect("a table")];
    let args = CloseArgs {
        lock_wait: std::time::Duration::ZERO,
        places: Folders { input: input.clone(), output: output.clone() },
        as_of: AsOf::parse("2024-03-20").expect("a moment"),
        now: Instant::from_unix_seconds(1_800_000_000),
        accept_history_change: false,
        bill_from_start: true,
        catch_up: false,
        ahead: false,
        withhold: false,
        format: TableFormat::Csv,
    };
    fuzz(target, &seeds, &|bytes| {
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
