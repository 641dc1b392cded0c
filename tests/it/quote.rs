//! `prorata quote`: what it says is what closes publish when the change is in the log, it writes
//! nothing, and it reads one account alone.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;

use serde_json::Value;

use crate::support::{Workspace, lock};

const AT: &str = "2020-06-24T10:00:00Z";

/// The sample after a close in the middle of June.
fn closed() -> Workspace {
    let workspace = Workspace::with_latin_sample();
    workspace.close("2020-06-20");
    workspace
}

fn quote(workspace: &Workspace, subscription: &str, change: &str, at: &str) -> Value {
    let asked = ["quote", "--subscription", subscription, "--change", change, "--at", at];
    let said = workspace.succeed(&[&asked[..], &["--format", "json"]].concat());
    serde_json::from_str(&said).expect("JSON")
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().expect("a list")
}

const SUMS: [&str; 10] = [
    "kind",
    "issue_date",
    "due_date",
    "currency",
    "subtotal",
    "discount",
    "tax",
    "total",
    "credit_applied",
    "amount_due",
];
const LINE: [&str; 8] = [
    "line_key",
    "kind",
    "service_start",
    "service_end",
    "amount",
    "tax_amount",
    "net_amount",
    "price_id",
];

/// The sums of documents, and their lines, in any order.
type Shown = (BTreeSet<Vec<String>>, BTreeSet<Vec<String>>);

fn quoted(documents: &[Value]) -> Shown {
    let cells = |value: &Value, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| text(value, name).to_owned()).collect()
    };
    let lines = documents.iter().flat_map(|document| list(document, "lines"));
    let lines = lines.map(|line| {
        let quantity = line["quantity"].as_u64().expect("a number").to_string();
        [cells(line, &LINE), vec![quantity]].concat()
    });
    (documents.iter().map(|document| cells(document, &SUMS)).collect(), lines.collect())
}

/// The documents of an account on a date, in the newest close.
fn published(workspace: &Workspace, account: &str, date: &str) -> Shown {
    let invoices = workspace.rows("output/latest/invoices.csv");
    let own: Vec<_> = invoices
        .iter()
        .filter(|row| row.get("account_id") == account && row.get("issue_date") == date)
        .collect();
    let numbers: BTreeSet<&str> = own.iter().map(|row| row.get("invoice_number")).collect();
    let lines = workspace.rows("output/latest/invoice_lines.csv");
    let lines = lines.iter().filter(|row| numbers.contains(row.get("invoice_number")));
    let lines = lines.map(|row| {
        let names = LINE.iter().chain(&["quantity"]);
        names.map(|name| row.get(name).to_owned()).collect()
    });
    let sums = own.iter().map(|row| SUMS.iter().map(|name| row.get(name).to_owned()).collect());
    (sums.collect(), lines.collect())
}

#[test]
fn closes_publish_what_the_quote_says() {
    let closed = closed();
    let mut due_at_once = 0;
    for (subscription, change, row) in [
        ("atlas-projects", "quantity=5", "quantity,5,,,,,"),
        ("atlas-projects", "cancel", "cancel,,,,,,"),
        ("athina-space", "delta=+10", "quantity,,10,,,,"),
        ("lodz-projects", "quantity=7", "quantity,7,,,,,"),
        ("lodz-projects", "cancel=immediate", "cancel,,,,,immediate,"),
        ("lodz-membership", "price=kumu-pro", "price,,,kumu-pro,,,"),
        ("choir-space", "pause", "pause,,,,,,"),
        ("meridian-seats", "quantity=16", "quantity,16,,,,,"),
        ("dana-space", "quantity=50,policy=immediate", "quantity,50,,,,immediate,"),
    ] {
        let quote = quote(&closed, subscription, change, AT);
        let account = text(&quote, "account_id");
        for side in ["documents", "without"] {
            let workspace = closed.again();
            if side == "documents" {
                let row = format!("quote,{AT},{subscription},{row}");
                workspace.append("input/changes.csv", &row);
            }
            let now = list(&quote["due_now"], side);
            workspace.succeed(&["close", "--as-of", AT]);
            if let Some(first) = now.first() {
                due_at_once += 1;
                let date = text(first, "issue_date");
                assert_eq!(quoted(now), published(&workspace, account, date), "{change} {side}");
            }
            let next = list(&quote["next_invoice"], side);
            let Some(first) = next.first() else { continue };
            workspace.succeed(&["close", "--as-of", text(first, "at"), "--catch-up"]);
            let date = text(first, "issue_date");
            assert_eq!(quoted(next), published(&workspace, account, date), "{change} {side}");
        }
    }
    assert!(due_at_once >= 4, "{due_at_once}");
}

#[test]
fn nothing_is_written_and_no_run_is_disturbed() {
    let workspace = closed();
    let before = (workspace.files("input"), workspace.files("output"));
    // A close is at work.
    let lock = lock(&workspace);
    let first = quote(&workspace, "athina-space", "quantity=70", AT);
    assert_eq!(first, quote(&workspace, "athina-space", "quantity=70", AT));
    drop(lock);
    assert_eq!((workspace.files("input"), workspace.files("output")), before);
    let folders = fs::read_dir(workspace.path("")).expect("a folder").count();
    assert_eq!(folders, 2);
}

#[test]
fn a_change_that_changes_nothing_is_free() {
    let workspace = closed();
    let quote = quote(&workspace, "athina-space", "delta=0", AT);
    assert_eq!(list(&quote["due_now"], "documents").len(), 0);
    for difference in list(&quote["next_invoice"], "difference") {
        for name in ["net", "tax", "total", "amount_due"] {
            assert_eq!(text(difference, name), "0.00", "{difference}");
        }
    }
    assert_eq!(quote["before"], quote["after"]);
    assert!(quote["before"]["ends_at"].is_null());
    let without = workspace.again();
    fs::remove_dir_all(without.path("output")).expect("it was there");
    let first = self::quote(&without, "athina-space", "delta=0", "2020-06-24");
    assert_eq!(first["after"], quote["after"], "closes make no difference to a price");
}

#[test]
fn problems_of_others_do_not_stop_a_quote_and_own_ones_do() {
    let workspace = closed();
    let expected = quote(&workspace, "atlas-projects", "quantity=5", AT);
    workspace.append("input/changes.csv", "x-1,2020-06-22,nobody,cancel,,,,,,");
    workspace.append("input/changes.csv", "x-2,soon,lodz-projects,quantity,many,,,,,");
    workspace.append("input/changes.csv", "x-3,too,few");
    workspace.append("input/accounts.csv", "broken,\"Kumu, not Atlas\",nowhere");
    assert_eq!(quote(&workspace, "atlas-projects", "quantity=5", AT), expected);
    let line = workspace.read("input/changes.csv").lines().count() + 1;
    workspace.append("input/changes.csv", "x-4,soon,atlas-membership,cancel,,,,,,");
    let asked = ["quote", "--subscription", "atlas-projects", "--change", "quantity=5"];
    let (code, said) = workspace.fail(&[&asked[..], &["--at", AT]].concat());
    assert_eq!(code, 65, "{said}");
    assert!(said.contains(&format!("changes.csv:{line}: at \"soon\"")), "{said}");
    assert!(said.contains("\n1 problem;"), "{said}");
    let too_few = "x-5,atlas-projects";
    workspace.write(
        "input/changes.csv",
        &format!("{}\n{too_few}\n", closed().read("input/changes.csv")),
    );
    let (code, said) = workspace.fail(&[&asked[..], &["--at", AT]].concat());
    assert_eq!(code, 65, "{said}");
    assert!(said.contains("has 2 fields"), "{said}");
}

#[test]
fn an_id_that_two_rows_have_is_found() {
    let workspace = closed();
    let doubled = "atlas-projects,kumu-basic,kumu-pro,1,2020-06-01,,";
    workspace.append("input/subscriptions.csv", doubled);
    let asked = ["quote", "--subscription", "atlas-projects", "--change", "quantity=5"];
    let (code, said) = workspace.fail(&asked);
    assert_eq!(code, 65, "{said}");
    assert!(said.contains("is already the id of line 3"), "{said}");
}

#[test]
fn tables_in_other_forms_are_quoted_alike() {
    let workspace = closed();
    let expected = quote(&workspace, "athina-space", "delta=3", AT);
    let text = workspace.read("input/changes.csv");
    let file = fs::File::create(workspace.path("input/changes.csv.gz")).expect("a file");
    let mut writer = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    writer.write_all(text.as_bytes()).and_then(|()| writer.try_finish()).expect("it is written");
    workspace.remove("input/changes.csv");
    assert_eq!(quote(&workspace, "athina-space", "delta=3", AT), expected);
}

#[test]
fn customers_are_told_in_their_language_and_their_zone() {
    let workspace = closed();
    let quote = quote(&workspace, "lodz-projects", "quantity=6", "2020-06-25");
    assert_eq!(text(&quote, "at"), "2020-06-25T00:00:00+02:00");
    let [document] = list(&quote["due_now"], "documents") else { panic!("{quote}") };
    let line = &list(document, "lines")[0];
    assert!(text(line, "description").contains("Pozostały czas"), "{line}");
    let asked = ["quote", "--subscription", "lodz-projects", "--change", "quantity=6"];
    let said = workspace.succeed(&[&asked[..], &["--at", "2020-06-25"]].concat());
    assert!(said.contains("Remaining time on 6 × "), "{said}");
}

/// A payment may name its invoice alone. What is paid too much is credit, which a quote uses.
#[test]
fn payments_since_the_last_close_count() {
    let workspace = closed();
    let invoices = workspace.rows("output/latest/invoices.csv");
    let own = |account: &str| {
        let row = invoices.iter().find(|row| row.get("account_id") == account);
        row.expect("an invoice").get("invoice_number").to_owned()
    };
    let before = quote(&workspace, "athina-space", "quantity=70", AT);
    let header = workspace.read("input/payments.csv");
    let header = header.lines().next().expect("a header").to_owned();
    for (account, is_used) in [("kumu-atlas", false), ("space-upgrade", true)] {
        let payment = header.split(',').map(|column| match column {
            "payment_id" => "quote-paid".to_owned(),
            "at" => "2020-06-23".to_owned(),
            "amount" => "9000.00".to_owned(),
            "currency" => "USD".to_owned(),
            "invoice_number" => own(account),
            _ => String::new(),
        });
        let other = workspace.again();
        other.append("input/payments.csv", &payment.collect::<Vec<_>>().join(","));
        let after = quote(&other, "athina-space", "quantity=70", AT);
        assert_eq!(before == after, !is_used, "{account}: {after:#}");
    }
}
