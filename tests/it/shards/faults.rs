//! Wrong input: the shards find together what a close without shards finds.

use super::{CLOSES, company, published};
use crate::support::Workspace;

/// The problems in `problems.csv`, without hints: a hint may name what is nearest.
fn problems(workspace: &Workspace) -> Vec<[String; 5]> {
    let rows = workspace.rows("output/problems.csv");
    let cell = |row: &crate::support::Row, name: &str| row.get(name).to_owned();
    let mut found: Vec<[String; 5]> = rows
        .iter()
        .map(|row| ["file", "line", "column", "value", "rule"].map(|name| cell(row, name)))
        .collect();
    found.sort();
    found
}

/// Closes with one shard and with several, which must find the same problems. A shard may also find
/// what follows from a row that only another shard knows to be double.
fn find_the_same(workspace: &Workspace, at_least: usize) {
    let find = |shards: &str| {
        let trial = workspace.again();
        let arguments = ["close", "--as-of", CLOSES[0], "--bill-from-start", "--shards", shards];
        let (code, said) = trial.fail(&arguments);
        assert_eq!(code, 65, "{said}");
        assert!(published(&trial).iter().all(|(path, _)| path == "problems.csv"));
        problems(&trial)
    };
    let expected = find("1");
    assert!(expected.len() >= at_least, "{expected:?}");
    let follows = |problem: &[String; 5]| problem[4].contains("held before this change");
    for shards in ["2", "3", "8"] {
        let mut found = find(shards);
        found.retain(|problem| expected.contains(problem) || !follows(problem));
        assert_eq!(found, expected, "{shards} shards");
    }
}

#[test]
fn shards_find_all_problems_together() {
    let workspace = Workspace::empty();
    company(&workspace, "--accounts 60 --seed 9 --faults 20", CLOSES[0], &[]);
    find_the_same(&workspace, 12);
}

#[test]
fn ids_are_unique_across_shards_and_references_are_found() {
    let workspace = Workspace::empty();
    company(&workspace, "--accounts 60 --seed 9", CLOSES[0], &[]);
    let changes_text = workspace.read("input/changes.csv");
    let header: Vec<&str> = changes_text.lines().next().expect("a header").split(',').collect();
    let place = |name: &str| header.iter().position(|it| *it == name).expect("a column");
    let row = |change: &str, subscription: &str| {
        let mut cells = vec![""; header.len()];
        cells[place("change_id")] = change;
        cells[place("subscription_id")] = subscription;
        cells[place("at")] = "2024-01-31";
        cells[place("kind")] = "quantity";
        cells[place("quantity")] = "3";
        cells.join(",")
    };
    let changes = workspace.rows("input/changes.csv");
    for (number, change) in changes.iter().enumerate() {
        let other = &changes[(number * 11 + 5) % changes.len()];
        let again = row(change.get("change_id"), other.get("subscription_id"));
        workspace.append("input/changes.csv", &again);
        let (orphan, nowhere) = (format!("orphan-{number}"), format!("s{number}"));
        workspace.append("input/changes.csv", &row(&orphan, &nowhere));
    }
    find_the_same(&workspace, 10);
    // A subscription of another account with an id that is taken. Changes of it are not looked at.
    company(&workspace, "--accounts 60 --seed 9", CLOSES[0], &[]);
    workspace.write("input/changes.csv", &format!("{}\n", header.join(",")));
    let subscriptions = workspace.read("input/subscriptions.csv");
    let lines: Vec<&str> = subscriptions.lines().skip(1).collect();
    let accounts: Vec<&str> =
        lines.iter().map(|line| line.split(',').nth(1).expect("it")).collect();
    for (number, line) in lines.iter().enumerate().step_by(3) {
        let other = accounts[(number + 7) % accounts.len()];
        workspace.append("input/subscriptions.csv", &line.replacen(accounts[number], other, 1));
    }
    find_the_same(&workspace, 8);
}

#[test]
fn what_vanished_is_found_in_whatever_shard() {
    let workspace = Workspace::empty();
    company(&workspace, "--accounts 40 --seed 10", CLOSES[1], &[]);
    workspace.succeed(&["close", "--as-of", CLOSES[1], "--bill-from-start"]);
    company(&workspace, "--accounts 40 --seed 10", CLOSES[2], &[]);
    let without = |file: &str, column: &str, step: usize| {
        let text = workspace.read(file);
        let rows = workspace.rows(file);
        let ids: Vec<&str> = rows.iter().step_by(step).map(|row| row.get(column)).collect();
        let is_left = |line: &&str| !ids.iter().any(|id| line.starts_with(&format!("{id},")));
        let left: Vec<&str> = text.lines().filter(is_left).collect();
        workspace.write(file, &(left.join("\n") + "\n"));
    };
    without("input/payments.csv", "payment_id", 4);
    without("input/adjustments.csv", "adjustment_id", 2);
    without("input/changes.csv", "change_id", 5);
    let whole = workspace.again();
    let (code, _) = whole.fail(&["close", "--as-of", CLOSES[2], "--shards", "1"]);
    assert_eq!(code, 65);
    let expected = problems(&whole);
    assert!(expected.len() > 5, "{}", expected.len());
    for shards in ["2", "8"] {
        let sharded = workspace.again();
        let (code, _) = sharded.fail(&["close", "--as-of", CLOSES[2], "--shards", shards]);
        assert_eq!(code, 65);
        assert_eq!(problems(&sharded), expected, "{shards} shards");
    }
}

#[test]
fn a_payment_for_no_invoice_stops_the_round() {
    let workspace = Workspace::empty();
    company(&workspace, "--accounts 20 --seed 11", CLOSES[0], &[]);
    let header = "payment_id,at,account_id,invoice_number,amount,currency,method\n";
    let rows = "p1,2024-01-20,,INV-2024-9999999,5.00,USD,\np2,2024-01-21,,NONE,5.00,EUR,\n";
    workspace.write("input/payments.csv", &format!("{header}{rows}"));
    let mut found = Vec::new();
    for shards in ["1", "3"] {
        let trial = workspace.again();
        let arguments = ["close", "--as-of", CLOSES[0], "--bill-from-start", "--shards", shards];
        let (code, said) = trial.fail(&arguments);
        assert_eq!(code, 65, "{said}");
        found.push(problems(&trial));
    }
    assert_eq!(found[0].len(), 2);
    assert_eq!(found[0], found[1]);
}

#[test]
fn a_first_close_of_a_long_past_is_refused_with_all_its_documents() {
    let workspace = Workspace::empty();
    company(&workspace, "--accounts 20 --seed 12 --start 2022-01-01", "2024-02-01", &[]);
    let mut found = Vec::new();
    for shards in ["1", "4"] {
        let (code, said) = workspace.fail(&["close", "--as-of", "2024-02-01", "--shards", shards]);
        assert_eq!(code, 64, "{said}");
        found.push(said);
    }
    assert_eq!(found[0], found[1]);
}
