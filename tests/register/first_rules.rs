//! A register that version 1 of the rules began goes on: what was billed stays, no day is billed
//! twice or left out, and nothing is corrected of its own accord. See
//! `tests/register_v1/README.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::support::{Row, Workspace, copy_folder};

/// When the present version goes on.
const CLOSES: [&str; 3] = ["2024-09-01", "2024-10-01", "2025-06-01"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/register_v1")
}

/// The register as version 1 left it.
fn as_it_was() -> Workspace {
    let workspace = Workspace::with_input(&folder().join("input"));
    copy_folder(&folder().join("register"), &workspace.path("output"));
    workspace
}

/// The register after some more closes.
fn gone_on(closes: &[&str]) -> Workspace {
    let workspace = as_it_was();
    let arrives = fs::read_to_string(folder().join("arrives.csv")).expect("arrives.csv");
    workspace.write_key("input/changes.csv", &arrives);
    for close in closes {
        workspace.close(close);
    }
    workspace
}

/// The lines of all closes, and the issue date of each.
fn lines(workspace: &Workspace) -> Vec<(String, Row)> {
    let mut lines = Vec::new();
    for close in ["2024-08-01", "2024-08-15"].iter().chain(&CLOSES) {
        let invoices = workspace.rows(&format!("output/{close}/invoices.csv"));
        for line in workspace.rows(&format!("output/{close}/invoice_lines.csv")) {
            let number = line.get("invoice_number");
            let invoice = invoices.iter().find(|row| row.get("invoice_number") == number);
            let date = invoice.expect("the line's invoice").get("issue_date").to_owned();
            lines.push((date, line));
        }
    }
    lines
}

fn assert_account(account: &str) {
    let mut told = String::new();
    for (date, line) in lines(&gone_on(&CLOSES)) {
        if line.get("account_id") == account {
            let what = line.cells(["subscription_id", "kind", "quantity", "amount"]).join(" ");
            let service = line.cells(["service_start", "service_end"]).join(" ");
            let _ = writeln!(told, "{date} {what} {service}");
        }
    }
    let path = folder().join(format!("{account}.txt"));
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &told).expect("the folder is writable");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(told, expected, "{account}");
}

#[test]
fn skipped_midnights_move_back_to_midnight() {
    assert_account("midnight");
}

#[test]
fn quarters_and_weeks_become_those_of_the_calendar() {
    assert_account("calendar");
}

#[test]
fn periods_that_count_whole_are_billed_alike_from_the_first_change_on() {
    assert_account("whole");
}

#[test]
fn rows_at_one_instant_become_one_change() {
    assert_account("instant");
}

#[test]
fn a_price_that_is_not_free_no_longer_restarts() {
    assert_account("free");
}

/// Whatever the files above say: recurring lines tile where nothing but the rules ended a period.
#[test]
fn no_day_is_billed_twice_and_none_is_left_out() {
    let lines = lines(&gone_on(&CLOSES));
    let subscriptions = fs::read_to_string(folder().join("input/subscriptions.csv"));
    let subscriptions = subscriptions.expect("subscriptions.csv");
    for row in subscriptions.lines().skip(1) {
        let mut cells = row.split(',');
        let (id, account) = (cells.next().expect("an id"), cells.next().expect("an account"));
        if !["midnight", "calendar"].contains(&account) || ["gap-switch"].contains(&id) {
            continue;
        }
        let of = lines.iter().filter(|(_, line)| line.get("subscription_id") == id);
        let services: Vec<[&str; 2]> =
            of.map(|(_, line)| line.cells(["service_start", "service_end"])).collect();
        assert!(services.len() > 1, "{id}: {services:?}");
        for pair in services.windows(2) {
            assert_eq!(pair[0][1], pair[1][0], "{id}");
        }
    }
}

#[test]
fn nothing_is_corrected_of_its_own_accord() {
    let workspace = as_it_was();
    for close in CLOSES {
        workspace.close(close);
        for line in workspace.rows(&format!("output/{close}/invoice_lines.csv")) {
            assert_eq!(line.get("corrects_invoice"), "", "{line:?}");
            assert_ne!(line.get("kind"), "correction", "{line:?}");
        }
    }
}

#[test]
fn every_close_is_derived_by_the_rules_that_it_was_billed_by() {
    let workspace = gone_on(&CLOSES);
    workspace.succeed(&["verify", "--deep"]);
    let manifest = |close: &str| -> serde_json::Value {
        let text = workspace.read(&format!("output/{close}/manifest.json"));
        serde_json::from_str(&text).expect("JSON")
    };
    let old = manifest("2024-08-15");
    assert_eq!((&old["format"], &old["rules"]), (&3.into(), &serde_json::Value::Null));
    let new = manifest("2024-09-01");
    assert_eq!((&new["format"], &new["rules"]), (&4.into(), &2.into()));
    assert_eq!(new["time_zones"], chrono_tz::IANA_TZDB_VERSION);
}

/// The next close would be the same if one of the new version lay between.
#[test]
fn it_makes_no_difference_when_the_next_close_is() {
    let lines_of = |closes: &[&str]| {
        let workspace = as_it_was();
        let mut lines = Vec::new();
        for close in closes {
            workspace.close(close);
            let rows = workspace.rows(&format!("output/{close}/invoice_lines.csv"));
            lines.extend(rows.iter().map(|row| row.cells(["line_key", "amount"]).join(" ")));
        }
        lines.sort();
        lines
    };
    let nightly = lines_of(&["2024-08-16", "2024-08-26", "2024-08-27", "2024-09-01", "2024-11-02"]);
    assert_eq!(nightly, lines_of(&["2024-11-02"]));
}
