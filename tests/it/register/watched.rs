//! The log is watched: what was billed on must stay as it was.

use super::{lines, seats, totals};
use crate::support::Workspace;

const FIRST: &str = "c1,2015-01-10,s1,quantity,12,,";

/// Closed at 1 February with one change applied, then edited.
fn edited(file: &str, from: &str, to: &str) -> Workspace {
    let workspace = seats("advance", &[FIRST]);
    workspace.close("2015-02-01");
    let content = workspace.read(file);
    assert!(content.contains(from), "{content}");
    workspace.write(file, &content.replace(from, to));
    workspace
}

fn refused(workspace: &Workspace) -> String {
    let (code, message) = workspace.fail(&["close", "--as-of", "2015-03-01"]);
    assert_eq!(code, 65, "{message}");
    assert!(!workspace.path("output/2015-03-01").exists());
    message
}

#[test]
fn a_row_that_vanished_is_named_with_its_subscription() {
    let workspace = edited("input/changes.csv", &format!("{FIRST}\n"), "");
    let message = refused(&workspace);
    assert!(message.contains("change_id \"c1\" of subscription s1"), "{message}");
    assert!(message.contains("no longer in the file"), "{message}");
}

#[test]
fn a_row_that_was_altered_or_moved_is_named_with_its_line() {
    for (from, to) in [("quantity,12", "quantity,13"), ("2015-01-10", "2015-02-10")] {
        let message = refused(&edited("input/changes.csv", from, to));
        assert!(message.contains("changes.csv:2: change_id \"c1\""), "{message}");
    }
}

#[test]
fn rows_at_one_instant_keep_their_order_even_beside_a_late_arrival() {
    let second = "c2,2015-01-10,s1,quantity,3,,";
    let workspace = seats("advance", &[FIRST, second]);
    workspace.close("2015-02-01");
    let swapped = workspace
        .read("input/changes.csv")
        .replace(&format!("{FIRST}\n{second}"), &format!("{second}\n{FIRST}"));
    workspace.write("input/changes.csv", &swapped);
    assert!(refused(&workspace).contains("billed in another order (lines 2, 3)"));
    workspace.append("input/changes.csv", "c3,2015-01-20,s1,quantity,4,,");
    assert!(refused(&workspace).contains("billed in another order (lines 2, 3)"));
}

#[test]
fn a_subscription_that_has_not_begun_may_be_edited_or_removed() {
    let row = "s2,acme,seat,5,2015-06-01\n";
    for replacement in ["s2,acme,seat,7,2015-06-01\n", ""] {
        let workspace = seats("advance", &[]);
        workspace.append("input/subscriptions.csv", row.trim_end());
        workspace.close("2015-02-01");
        let edited = workspace.read("input/subscriptions.csv").replace(row, replacement);
        workspace.write("input/subscriptions.csv", &edited);
        workspace.close("2015-03-01");
    }
}

#[test]
fn a_note_may_be_corrected() {
    let workspace = edited("input/changes.csv", FIRST, "c1,2015-01-10,s1,quantity,12,,a note");
    workspace.close("2015-03-01");
    assert_eq!(totals(&workspace, "2015-03-01"), ["60.00"]);
}

#[test]
fn opening_terms_prices_and_zones_that_were_billed_on_may_not_be_edited() {
    for (file, from, to) in [
        ("input/subscriptions.csv", "seat,10", "seat,11"),
        ("input/prices.csv", "5.00", "6.00"),
        (
            "input/accounts.csv",
            "email\nacme,Acme,a@acme.example",
            "email,timezone\nacme,Acme,a@acme.example,Asia/Tokyo",
        ),
        ("input/billing.toml", "[seller]", "[proration]\ngranularity = \"day\"\n[seller]"),
    ] {
        let message = refused(&edited(file, from, to));
        assert!(message.contains("--accept-history-change"), "{file}: {message}");
    }
}

#[test]
fn names_and_prices_that_nothing_was_billed_on_may_be_edited() {
    let workspace = edited("input/accounts.csv", "Acme", "Acme & Sons");
    workspace.append("input/prices.csv", "other,Other,USD,1.00,month,advance,immediate");
    workspace.close("2015-03-01");
    workspace
        .write("input/prices.csv", &workspace.read("input/prices.csv").replace("1.00", "2.00"));
    workspace.close("2015-04-01");
    assert_eq!(totals(&workspace, "2015-04-01"), ["60.00"]);
}

#[test]
fn accepting_a_changed_history_corrects_what_was_billed_and_is_recorded() {
    let workspace = edited("input/changes.csv", &format!("{FIRST}\n"), "");
    workspace.succeed(&["close", "--as-of", "2015-03-01", "--accept-history-change"]);
    // The pair of c1 and the renewal at 12 are taken back, and 10 seats billed.
    let amounts: Vec<_> =
        lines(&workspace, "2015-03-01").iter().map(|row| row.get("amount").to_owned()).collect();
    assert_eq!(amounts, ["-42.58", "35.48", "-60.00", "50.00", "50.00"]);
    let manifest = workspace.read("output/2015-03-01/manifest.json");
    assert!(manifest.contains("\"accept_history_change\": true"), "{manifest}");
    // From here on the new history is the history.
    workspace.close("2015-04-01");
    assert_eq!(totals(&workspace, "2015-04-01"), ["50.00"]);
    workspace.append("input/changes.csv", FIRST);
    workspace.close("2015-05-01");
    // The pair again, and February, March and April taken back and billed at 12; then May.
    assert_eq!(lines(&workspace, "2015-05-01").len(), 9);
}

#[test]
fn an_edited_price_that_is_accepted_is_billed_from_the_start() {
    let workspace = edited("input/prices.csv", "5.00", "6.00");
    workspace.succeed(&["close", "--as-of", "2015-03-01", "--accept-history-change"]);
    let whole = edited("input/prices.csv", "5.00", "6.00");
    whole.succeed(&["close", "--as-of", "2015-02-02", "--accept-history-change"]);
    let sum = |workspace: &Workspace, closes: &[&str]| -> i64 {
        let totals = closes.iter().flat_map(|close| totals(workspace, close));
        totals.map(|it| it.replace('.', "").parse::<i64>().expect("an amount")).sum()
    };
    // 10 for January, 2 more for 22 of its 31 days, 12 for February: 60.00 + 8.52 + 72.00; then
    // March at 72.00 as well.
    assert_eq!(sum(&whole, &["2015-02-01", "2015-02-02"]), 14_052);
    assert_eq!(sum(&workspace, &["2015-02-01", "2015-03-01"]), 21_252);
}

#[test]
fn the_language_of_an_account_is_no_part_of_its_history() {
    let [plain, german] = [false, true].map(|is_german| {
        let workspace = seats("advance", &[FIRST]);
        workspace.close("2015-02-01");
        if is_german {
            let accounts = workspace.read("input/accounts.csv");
            let (header, rows) = accounts.split_once('\n').expect("a header");
            let rows = rows.replace('\n', ",de-AT\n");
            workspace.write("input/accounts.csv", &format!("{header},locale\n{rows}"));
        }
        workspace.close("2015-03-01");
        workspace.succeed(&["verify", "--deep"]);
        workspace
    });
    for table in ["invoices.csv", "invoice_lines.csv", "journal.csv"] {
        let path = format!("output/2015-03-01/{table}");
        assert_eq!(plain.read(&path), german.read(&path));
    }
}
