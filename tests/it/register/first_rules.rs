//! A register that version 1 of the rules began goes on: what was billed stays, no day is billed
//! twice or left out, and nothing is corrected of its own accord. See
//! `tests/data/register_v1/README.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::support::{Row, Workspace, copy_folder, data};

/// When the present version goes on.
const CLOSES: [&str; 3] = ["2024-09-01", "2024-10-01", "2025-06-01"];

fn folder() -> PathBuf {
    data("register_v1")
}

/// The register as version 1 left it.
fn as_it_was() -> Workspace {
    let workspace = Workspace::with_input(&folder().join("input"));
    copy_folder(&folder().join("register"), &workspace.path("output"));
    std::os::unix::fs::symlink("2024-08-15", workspace.path("output/latest")).expect("a link");
    workspace
}

/// A close that may lie months after the one before.
fn catch_up(workspace: &Workspace, close: &str) {
    workspace.succeed(&["close", "--as-of", close, "--catch-up"]);
}

/// The register after some more closes.
fn gone_on(closes: &[&str]) -> Workspace {
    let workspace = as_it_was();
    let arrives = fs::read_to_string(folder().join("arrives.csv")).expect("arrives.csv");
    workspace.write_key("input/changes.csv", &arrives);
    for close in closes {
        catch_up(&workspace, close);
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
        // Changes have lines of their own.
        let has_changes = ["gap-switch", "late", "late-arrears"].contains(&id);
        if !["midnight", "calendar"].contains(&account) || has_changes {
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
        catch_up(&workspace, close);
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
    assert_eq!((&new["format"], &new["rules"]), (&6.into(), &2.into()));
    assert_eq!(new["time_zones"], chrono_tz::IANA_TZDB_VERSION);
}

/// The next close would be the same if one of the new version lay between.
#[test]
fn it_makes_no_difference_when_the_next_close_is() {
    let lines_of = |closes: &[&str]| {
        let workspace = as_it_was();
        let mut lines = Vec::new();
        for close in closes {
            catch_up(&workspace, close);
            let rows = workspace.rows(&format!("output/{close}/invoice_lines.csv"));
            lines.extend(rows.iter().map(|row| row.cells(["line_key", "amount"]).join(" ")));
        }
        lines.sort();
        lines
    };
    let nightly = lines_of(&["2024-08-16", "2024-08-26", "2024-08-27", "2024-09-01", "2024-11-02"]);
    assert_eq!(nightly, lines_of(&["2024-11-02"]));
}

/// A close that says of itself what only a later version of the program could.
#[test]
fn closes_of_later_formats_and_rules_are_refused() {
    for (from, to, complaint) in [
        ("\"format\": 6", "\"format\": 7", "is in format 7; this version reads formats 3 to 6"),
        ("\"rules\": 2", "\"rules\": 3", "was billed by version 3 of the rules"),
    ] {
        let workspace = gone_on(&CLOSES[..1]);
        let path = format!("output/{}/manifest.json", CLOSES[0]);
        let manifest = workspace.read(&path);
        assert!(manifest.contains(from), "{manifest}");
        let manifest = manifest.replacen(from, to, 1);
        workspace.write(&path, &manifest);
        let digest = crate::support::sha256_hex(manifest.as_bytes());
        let noted = format!("{digest}  manifest.json\n");
        workspace.write(&path.replace("manifest.json", "manifest.sha256"), &noted);
        let (code, message) = workspace.fail(&["close", "--as-of", CLOSES[1], "--catch-up"]);
        assert!(code == 74 && message.contains(complaint), "{code} {message}");
    }
}

/// The day on which weeks begin is a term of a weekly price that was billed by the new rules.
#[test]
fn the_first_day_of_the_week_may_not_change_behind_what_was_billed() {
    let workspace = gone_on(&CLOSES[..1]);
    let settings = workspace.read("input/billing.toml");
    let sunday = "anchor = \"calendar\"\nfirst_weekday = \"sunday\"";
    workspace.write("input/billing.toml", &settings.replace("anchor = \"calendar\"", sunday));
    let (code, message) = workspace.fail(&["close", "--as-of", CLOSES[1], "--catch-up"]);
    assert_eq!(code, 65, "{message}");
    let complaint = "price_id \"week\" has been billed on and is not what it was";
    assert!(message.contains(complaint), "{message}");
    // Months begin alike wherever the year does; quarters do not.
    let april = "anchor = \"calendar\"\nfirst_month = 4";
    workspace.write("input/billing.toml", &settings.replace("anchor = \"calendar\"", april));
    let (_, message) = workspace.fail(&["close", "--as-of", CLOSES[1], "--catch-up"]);
    assert!(message.contains("price_id \"year\" has been billed on"), "{message}");
    assert!(!message.contains("price_id \"calendar-month\""), "{message}");
}

/// An account that moves to another zone keeps its dates, and each is midnight there.
#[test]
fn the_dates_of_an_account_that_moves_zone_are_midnight_in_the_new_one() {
    for (from, to, start, boundary) in [
        ("Africa/Cairo", "Europe/Berlin", "2024-04-26T00:00:00+02:00", "2024-08-26T00:00:00+02:00"),
        ("Europe/Berlin", "Africa/Cairo", "2024-04-26T01:00:00+03:00", "2024-08-26T00:00:00+03:00"),
    ] {
        let workspace = Workspace::empty();
        workspace.write("input/billing.toml", "[seller]\nname = \"S\"\n");
        let accounts =
            |zone: &str| format!("account_id,name,email,timezone\na,A,a@a.example,{zone}\n");
        workspace.write("input/accounts.csv", &accounts(from));
        let prices = "price_id,product,currency,unit_amount,interval\np,Plan,USD,30.00,month\n";
        workspace.write("input/prices.csv", prices);
        let subscriptions = "subscription_id,account_id,price_id,quantity,started_at\n\
                             s,a,p,1,2024-04-26\n";
        workspace.write("input/subscriptions.csv", subscriptions);
        workspace.write("input/changes.csv", "change_id,at,subscription_id,kind\n");
        workspace.close("2024-05-01");
        workspace.write("input/accounts.csv", &accounts(to));
        let late = ["close", "--as-of", "2024-09-01", "--accept-history-change", "--catch-up"];
        workspace.succeed(&late);
        let rows = workspace.rows("output/2024-09-01/invoice_lines.csv");
        let starts: Vec<&str> = rows
            .iter()
            .filter(|row| !row.get("amount").starts_with('-'))
            .map(|row| row.get("service_start"))
            .collect();
        assert_eq!((starts[0], starts[starts.len() - 1]), (start, boundary), "{starts:?}");
    }
}
