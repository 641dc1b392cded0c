//! Whatever the number of shards, the output folder is byte for byte that of a close without shards.

use std::fmt::Write as _;

use super::{CLOSES, assert_same, company, published};
use crate::support::{Workspace, data};

/// The settings that decide about documents.
const SETTINGS: [&[(&str, &str)]; 3] = [
    &[],
    &[
        ("packing = \"files\"", "packing = \"zip\""),
        ("payment_terms_days = 14", "payment_terms_days = 14\ncredit_notes = \"separate\""),
        ("INV-{year}-{seq:07}", "{currency}{seq}"),
    ],
    &[
        ("packing = \"files\"", "packing = \"none\""),
        ("timezone = \"UTC\"", "timezone = \"America/Los_Angeles\""),
        (
            "payment_terms_days = 14",
            "payment_terms_days = 14\nminimum = { USD = \"300.00\", EUR = \"300.00\" }",
        ),
        ("[tax]", "proration_lines = \"net\"\n\n[tax]\nround_per = \"line\""),
    ],
];

/// Adds payments for invoices that the next close publishes: by number alone, and with the account.
fn pay_before_the_close(workspace: &Workspace, as_of: &str, payments: &mut String) {
    let trial = workspace.again();
    trial.succeed(&close(as_of, &[]));
    let invoices = trial.rows(&format!("output/{as_of}/invoices.csv"));
    let owed = invoices.iter().filter(|it| it.get("kind") == "invoice");
    let owed = owed.filter(|it| !matches!(it.get("amount_due").trim_matches(['0', '.']), ""));
    for (place, invoice) in owed.enumerate().filter(|(place, _)| place % 3 != 2) {
        let account = if place % 3 == 0 { "" } else { invoice.get("account_id") };
        let _ = writeln!(
            payments,
            "named-{as_of}-{place},{},{account},{},{},{},",
            invoice.get("issue_date"),
            invoice.get("invoice_number"),
            invoice.get("amount_due"),
            invoice.get("currency"),
        );
    }
}

/// Writes these payments in the place of the generated ones.
fn write_payments(workspace: &Workspace, payments: &str) {
    let header = "payment_id,at,account_id,invoice_number,amount,currency,method\n";
    workspace.write("input/payments.csv", &format!("{header}{payments}"));
}

fn close<'a>(as_of: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["close", "--as-of", as_of, "--bill-from-start"];
    arguments.extend(options);
    arguments
}

/// Closes a company in shards and without, month after month, with late changes and payments for
/// invoices of the same close.
fn closes_the_same(options: &str, settings: &[(&str, &str)], shards: &[&str]) {
    let workspace = Workspace::empty();
    let mut payments = String::new();
    for as_of in CLOSES {
        company(&workspace, options, as_of, settings);
        write_payments(&workspace, &payments);
        pay_before_the_close(&workspace, as_of, &mut payments);
        write_payments(&workspace, &payments);
        let before = workspace.again();
        workspace.succeed(&close(as_of, &["--shards", "1"]));
        let whole = published(&workspace);
        let paid = workspace.rows(&format!("output/{as_of}/payments_applied.csv"));
        assert!(!paid.is_empty(), "{as_of}");
        for count in shards {
            let sharded = before.again();
            sharded.succeed(&close(as_of, &["--shards", count]));
            assert_same(&whole, &published(&sharded), &format!("{as_of}, {count} shards"));
        }
    }
}

#[test]
fn a_close_in_shards_is_the_close() {
    closes_the_same("--accounts 40 --seed 1", SETTINGS[0], &["2", "3", "8"]);
}

#[test]
fn so_it_is_with_credit_notes_archives_and_a_series_for_each_currency() {
    closes_the_same("--accounts 40 --seed 2", SETTINGS[1], &["2", "8"]);
}

#[test]
fn so_it_is_with_net_lines_taxes_by_line_and_another_time_zone() {
    closes_the_same("--accounts 40 --seed 3", SETTINGS[2], &["3", "8"]);
}

/// Writes rows of payments.csv of all kinds, and voids, for the invoices of a close.
fn settle_otherwise(workspace: &Workspace, closed: &str, at: &str) {
    let invoices = workspace.rows(&format!("output/{closed}/receivables.csv"));
    let open = invoices.iter().filter(|it| it.get("status") == "open");
    let (mut payments, mut voids) = (String::new(), String::new());
    for (place, invoice) in open.enumerate() {
        let [number, account, open, currency] =
            invoice.cells(["invoice_number", "account_id", "open", "currency"]);
        let account = if place % 2 == 0 { account } else { "" };
        let mut pay = |id: &str, amount: &str, kind: &str| {
            let row = format!("{id}-{place},{at},{account},{number},{amount},{currency},{kind}");
            let _ = writeln!(payments, "{row}");
        };
        match place % 4 {
            0 => pay("off", open, "write_off"),
            1 => pay("fee", open, "bank_fee"),
            2 => {
                pay("paid", open, "payment");
                pay("back", &format!("-{open}"), "chargeback");
                let _ = writeln!(voids, "{number},{at},by mistake");
            }
            _ => {
                pay("paid", open, "payment");
                let _ = writeln!(voids, "{number},{at},");
            }
        }
    }
    let header = "payment_id,at,account_id,invoice_number,amount,currency,kind\n";
    workspace.write("input/payments.csv", &format!("{header}{payments}"));
    workspace.write("input/voids.csv", &format!("invoice_number,at,reason\n{voids}"));
}

#[test]
fn so_it_is_with_rows_of_all_kinds_voids_and_lists_of_refunds() {
    let workspace = Workspace::empty();
    let options = "--accounts 40 --seed 6";
    let settings = [("[tax]", "[payments]\nrefund_credit = \"when_ended\"\n\n[tax]")];
    company(&workspace, options, CLOSES[0], &settings);
    workspace.remove("input/payments.csv");
    workspace.succeed(&close(CLOSES[0], &[]));
    settle_otherwise(&workspace, CLOSES[0], CLOSES[0]);
    let [payments, voids] =
        ["input/payments.csv", "input/voids.csv"].map(|file| workspace.read(file));
    assert!(voids.lines().count() > 2, "{voids}");
    for as_of in &CLOSES[1..] {
        company(&workspace, options, as_of, &settings);
        workspace.write("input/payments.csv", &payments);
        workspace.write("input/voids.csv", &voids);
        let before = workspace.again();
        workspace.succeed(&close(as_of, &["--shards", "1"]));
        assert!(workspace.path(&format!("output/{as_of}/refunds.csv")).exists());
        let sharded = before.again();
        sharded.succeed(&close(as_of, &["--shards", "3"]));
        assert_same(&published(&workspace), &published(&sharded), as_of);
    }
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn more_shards_than_accounts_are_no_matter() {
    closes_the_same("--accounts 5 --seed 4", SETTINGS[0], &["64"]);
}

/// An account that was withheld is caught up in whatever shard it is, and a history that changed is
/// corrected as without shards.
#[test]
fn shards_go_on_after_closes_of_all_kinds() {
    let workspace = Workspace::empty();
    let options = "--accounts 30 --seed 5";
    company(&workspace, options, CLOSES[0], &[]);
    workspace.succeed(&close(CLOSES[0], &["--shards", "4"]));
    // Withheld, without shards.
    company(&workspace, options, CLOSES[1], &[]);
    let accounts = workspace.read("input/accounts.csv");
    let email = workspace.rows("input/accounts.csv")[3].get("email").to_owned();
    workspace.write("input/accounts.csv", &accounts.replace(&email, "no address"));
    let withheld = workspace.run(&close(CLOSES[1], &["--withhold"]));
    assert_eq!(withheld.status.code(), Some(10));
    // Caught up, with a changed history.
    company(&workspace, options, CLOSES[2], &[]);
    let changes = workspace.read("input/changes.csv");
    let billed = workspace.rows("input/changes.csv");
    let billed = billed.iter().find(|row| row.get("kind") == "quantity").expect("a change");
    let line = changes.lines().find(|line| line.contains(billed.get("change_id")));
    let without = changes.replace(&format!("{}\n", line.expect("its line")), "");
    workspace.write("input/changes.csv", &without);
    let before = workspace.again();
    let options = ["--accept-history-change", "--shards"];
    workspace.succeed(&close(CLOSES[2], &[&options[..], &["1"]].concat()));
    let sharded = before.again();
    sharded.succeed(&close(CLOSES[2], &[&options[..], &["5"]].concat()));
    assert_same(&published(&workspace), &published(&sharded), "caught up");
    sharded.succeed(&["verify", "--deep"]);
}

/// Tables as Parquet, receipts in folders of a thousand, and a register that another program opened.
#[test]
fn shards_make_every_form_of_output() {
    let workspace = Workspace::empty();
    let settings = [("packing = \"files\"", "packing = \"files\"\nreceipts = true")];
    company(&workspace, "--accounts 30 --seed 6", CLOSES[0], &settings);
    workspace.succeed(&["open", "--as-of", CLOSES[0]]);
    company(&workspace, "--accounts 30 --seed 6", CLOSES[1], &settings);
    let before = workspace.again();
    workspace.succeed(&close(CLOSES[1], &["--format", "parquet", "--shards", "1"]));
    let sharded = before.again();
    sharded.succeed(&close(CLOSES[1], &["--format", "parquet", "--shards", "3"]));
    assert_same(&published(&workspace), &published(&sharded), "parquet");
}

/// E-invoices as files and in an archive: each shard writes those of its accounts.
#[test]
fn shards_write_the_same_e_invoices() {
    for packing in ["files", "zip"] {
        let workspace = Workspace::with_input(&data("einvoice/company"));
        workspace.write_key("input/billing.toml", &format!("[pdf]\npacking = \"{packing}\"\n"));
        std::fs::create_dir_all(workspace.path("output")).expect("a folder");
        for as_of in ["2025-02-01", "2025-03-01", "2025-04-01"] {
            let before = workspace.again();
            workspace.succeed(&close(as_of, &["--shards", "1"]));
            let whole = published(&workspace);
            let is_einvoice = |(path, _): &(String, Vec<u8>)| path.contains("/einvoice/");
            assert_eq!(whole.iter().any(is_einvoice), packing == "files");
            for count in ["2", "3", "16"] {
                let sharded = before.again();
                sharded.succeed(&close(as_of, &["--shards", count]));
                let what = format!("{as_of}, {packing}, {count} shards");
                assert_same(&whole, &published(&sharded), &what);
            }
        }
        workspace.succeed(&["verify", "--deep"]);
    }
}
