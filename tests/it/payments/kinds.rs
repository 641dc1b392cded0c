//! Rows that are no plain payments: what they settle, and how they stand up to later rows.

use super::{company, parts, receivables, refused};
use crate::support::Workspace;

/// Replaces payments.csv by rows with kinds.
fn pay(workspace: &Workspace, payments: &[&str]) {
    let header = "payment_id,at,amount,currency,account_id,invoice_number,kind\n";
    workspace.write("input/payments.csv", &(header.to_owned() + &payments.join("\n") + "\n"));
}

#[test]
fn what_is_written_off_is_not_paid_and_nobody_takes_it_back() {
    let workspace = company();
    workspace.write("input/billing.toml", "[seller]\nname = \"Seats Ltd\"\n");
    workspace.close("2020-01-15");
    let mut rows = vec![
        "p1,2020-01-16,20.00,USD,,INV-2020-00001,payment",
        "w1,2020-01-16,30.00,USD,,INV-2020-00001,write_off",
    ];
    pay(&workspace, &rows);
    workspace.close("2020-01-17");
    assert_eq!(receivables(&workspace, "2020-01-17")[0], "INV-2020-00001 50.00 0.00 written_off");
    assert!(!workspace.path("output/2020-01-17/receipts").exists());
    // The next close knows from the log what is written off.
    rows.push("c1,2020-01-18,-20.01,USD,,INV-2020-00001,chargeback");
    pay(&workspace, &rows);
    let told = refused(&workspace, "2020-01-19");
    assert!(
        told.contains("takes back more than payments left on INV-2020-00001, 20.00 USD"),
        "{told}"
    );
    *rows.last_mut().expect("a row") = "p2,2020-01-18,1.00,USD,,INV-2020-00001,payment";
    pay(&workspace, &rows);
    let told = refused(&workspace, "2020-01-19");
    assert!(told.contains("of which 30.00 USD is written off"), "{told}");
    rows.pop();
    rows.extend([
        "w2,2020-01-18,-30.00,USD,,INV-2020-00001,write_off",
        "p2,2020-01-18,30.00,USD,,INV-2020-00001,payment",
    ]);
    pay(&workspace, &rows);
    workspace.close("2020-01-19");
    assert_eq!(receivables(&workspace, "2020-01-19")[0], "INV-2020-00001 50.00 0.00 paid");
    assert!(workspace.path("output/2020-01-19/receipts/INV-2020-00001.pdf").exists());
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_fee_and_a_difference_settle_their_invoice_in_any_close() {
    let workspace = company();
    workspace.close("2020-01-15");
    let mut rows = vec![
        "p1,2020-01-16,47.00,USD,,INV-2020-00001,payment",
        "f1,2020-01-16,2.00,USD,,INV-2020-00001,bank_fee",
    ];
    pay(&workspace, &rows);
    workspace.close("2020-01-16");
    rows.extend([
        "x1,2020-01-17,1.00,USD,,INV-2020-00001,exchange_difference",
        "f2,2020-01-18,3.00,USD,acme,,bank_fee",
        "x2,2020-01-19,-1.00,USD,,INV-2020-00001,exchange_difference",
        "f3,2020-01-19,-2.00,USD,,INV-2020-00001,bank_fee",
    ]);
    pay(&workspace, &rows);
    workspace.close("2020-01-20");
    assert_eq!(
        parts(&workspace, "2020-01-20"),
        [
            "x1 INV-2020-00001 1.00 exchange_difference",
            "f2  3.00 bank_fee",
            "x2 INV-2020-00001 -1.00 exchange_difference",
            "f3 INV-2020-00001 -2.00 bank_fee",
        ]
    );
    assert_eq!(receivables(&workspace, "2020-01-20")[0], "INV-2020-00001 47.00 3.00 partly_paid");
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn the_kind_of_an_applied_row_may_be_said_but_not_changed() {
    let workspace = company();
    workspace.close("2020-01-15");
    pay(&workspace, &["p1,2020-01-16,20.00,USD,,INV-2020-00001,"]);
    workspace.close("2020-01-17");
    // It meant that all along.
    pay(&workspace, &["p1,2020-01-16,20.00,USD,,INV-2020-00001,payment"]);
    workspace.close("2020-01-18");
    pay(&workspace, &["p1,2020-01-16,20.00,USD,,INV-2020-00001,bank_fee"]);
    let told = refused(&workspace, "2020-01-19");
    assert!(told.contains("payment_id \"p1\" has been applied and is not what it was"), "{told}");
}
