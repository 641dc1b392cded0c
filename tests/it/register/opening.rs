//! Adopting a company that has customers already.

use super::{lines, seats, totals};

#[test]
fn a_first_close_of_old_subscriptions_asks_what_is_meant() {
    let workspace = seats("advance", &[]);
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-03-01"]);
    assert_eq!(code, 64);
    assert!(
        message.contains("everything since 2015-01-01T00:00:00Z: 63 invoices over 3150.00 USD"),
        "{message}"
    );
    assert!(message.contains("prorata open") && message.contains("--bill-from-start"), "{message}");
    assert_eq!(workspace.files("output"), []);
    workspace.succeed(&["close", "--as-of", "2020-03-01", "--bill-from-start"]);
    assert_eq!(totals(&workspace, "2020-03-01").len(), 63);
}

#[test]
fn what_was_due_before_the_opening_is_not_billed_again() {
    let workspace = seats("advance", &["c1,2020-02-10,s1,quantity,12,,"]);
    workspace.write("input/balances.csv", "account_id,currency,amount\nacme,USD,25.50\n");
    workspace.write_key("input/billing.toml", "[invoice]\nfirst_number = 7001\n");
    let said = workspace.succeed(&["open", "--as-of", "2020-02-15"]);
    assert!(said.contains("25.50 USD of credit brought along"), "{said}");
    assert_eq!(totals(&workspace, "2020-02-15"), [""; 0]);
    workspace.close("2020-03-01");
    let row = workspace.rows("output/2020-03-01/invoices.csv").pop().expect("one invoice");
    // The pair of c1, of which 20 days of 29 were left, and March.
    assert_eq!(
        row.cells(["invoice_number", "total", "credit_applied", "amount_due", "credit_balance"]),
        ["INV-2020-07001", "66.90", "25.50", "41.40", "0.00"]
    );
}

#[test]
fn a_change_that_lies_before_the_opening_is_corrected_like_any_other() {
    let workspace = seats("advance", &[]);
    workspace.succeed(&["open", "--as-of", "2020-02-15"]);
    workspace.append("input/changes.csv", "c1,2020-02-01,s1,quantity,9,,");
    workspace.close("2020-03-01");
    let lines = lines(&workspace, "2020-03-01");
    let amounts: Vec<_> = lines.iter().map(|row| row.get("amount")).collect();
    assert_eq!(amounts, ["-50.00", "45.00", "45.00"]);
    let said = lines[0].get("description");
    assert!(said.contains("of what was billed before this register was opened"), "{said}");
}

#[test]
fn a_register_is_opened_once() {
    let workspace = seats("advance", &[]);
    workspace.succeed(&["open", "--as-of", "2020-02-15"]);
    let (code, message) = workspace.fail(&["open", "--as-of", "2020-02-16"]);
    assert_eq!(code, 64);
    assert!(message.contains("is open already; its newest close is 2020-02-15"), "{message}");
}

#[test]
fn wrong_balances_open_nothing() {
    let workspace = seats("advance", &[]);
    workspace.write(
        "input/balances.csv",
        "account_id,currency,amount\nacme,USD,1.005\nacmee,USD,1\nacme,EUR,-2\nacme,JPY,1\nacme,JPY,2\n",
    );
    let (code, message) = workspace.fail(&["open", "--as-of", "2020-02-15"]);
    assert_eq!(code, 65);
    for part in [
        "balances.csv:2: amount \"1.005\" has more than 2 decimals",
        "balances.csv:3: account_id \"acmee\" is not in accounts.csv",
        "balances.csv:4: amount \"-2\" is negative",
        "balances.csv:6: account_id \"acme\" has two balances in JPY",
    ] {
        assert!(message.contains(part), "{part} is not in:\n{message}");
    }
    assert_eq!(workspace.files("output"), []);
}
