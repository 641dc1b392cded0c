//! `delivery.csv`: every PDF is sent to somebody, under a subject that says what is to be done.

use std::collections::BTreeSet;

use crate::support::Workspace;

#[test]
fn every_pdf_is_delivered_once_and_the_amounts_are_those_of_the_invoices() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-28");
    let rows = workspace.rows("output/2020-06-28/delivery.csv");
    let named: BTreeSet<String> = rows.iter().map(|row| row.get("pdf").to_owned()).collect();
    assert_eq!(named.len(), rows.len(), "a PDF is delivered twice");
    let files = workspace.files("output/2020-06-28");
    let is_pdf = |name: &String| name.starts_with("pdf/") || name.starts_with("receipts/");
    assert_eq!(named, files.into_iter().map(|(name, _)| name).filter(is_pdf).collect());
    for invoice in workspace.rows("output/2020-06-28/invoices.csv") {
        let is_its = |row: &&crate::support::Row| row.get("pdf") == invoice.get("pdf");
        let row = rows.iter().find(is_its).expect("a row");
        for column in ["invoice_number", "kind", "currency", "amount_due"] {
            assert_eq!(row.get(column), invoice.get(column));
        }
        assert_eq!(row.get("recipient"), invoice.get("billing_email"));
    }
}

#[test]
fn the_subject_is_ready_to_be_sent() {
    let workspace = Workspace::with_sample();
    let billing = workspace.read("input/billing.toml");
    workspace.write("input/billing.toml", &billing.replace("Kumu & Kumospace (sample)", "Kumu"));
    workspace.close("2020-06-28");
    let rows = workspace.rows("output/2020-06-28/delivery.csv");
    let subject = |number: &str, kind: &str| {
        let row = rows.iter().find(|row| row.cells(["invoice_number", "kind"]) == [number, kind]);
        row.expect("a row").get("subject").to_owned()
    };
    let atlas = "Invoice INV-2020-00019 from Kumu: USD 20.05 due 11 Jul 2020";
    assert_eq!(subject("INV-2020-00019", "invoice"), atlas);
    let receipt = rows.iter().find(|row| row.get("kind") == "receipt").expect("a receipt");
    assert_eq!(receipt.cells(["open", "status", "due_date"])[1..], ["paid", ""]);
    let number = receipt.get("invoice_number");
    assert!(subject(number, "receipt").starts_with(&format!("Receipt for invoice {number}")));
    // Paid before it is sent: nobody is asked for money that came in.
    assert!(subject(number, "invoice").ends_with(", paid"), "{}", subject(number, "invoice"));
}

#[test]
fn an_account_without_an_address_is_named() {
    let workspace = Workspace::with_sample();
    let accounts = workspace.read("input/accounts.csv");
    workspace.write("input/accounts.csv", &accounts.replace("hello@atlas.example", ""));
    workspace.close("2020-06-28");
    let rows = workspace.rows("output/2020-06-28/delivery.csv");
    let unreachable: Vec<&str> = rows
        .iter()
        .filter(|row| row.get("recipient").is_empty())
        .map(|row| row.get("invoice_number"))
        .collect();
    assert!(unreachable.contains(&"INV-2020-00019"), "{unreachable:?}");
    let exceptions = workspace.rows("output/2020-06-28/exceptions.csv");
    let named: BTreeSet<&str> = exceptions
        .iter()
        .filter(|row| row.get("kind") == "no_recipient" && row.get("account_id") == "kumu-atlas")
        .map(|row| row.get("reference"))
        .collect();
    assert_eq!(named, unreachable.into_iter().collect());
}
