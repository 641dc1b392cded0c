//! E-invoices: who gets which, what each says, and what becomes of them in the register.

mod check;
mod expected;
mod files;
mod read_back;
mod register;
mod rules;

use std::collections::BTreeMap;

use crate::support::{Row, Workspace, data};

/// The closes of the company.
const CLOSES: [&str; 3] = ["2025-02-01", "2025-03-01", "2025-04-01"];

/// The company whose accounts ask for every kind of e-invoice.
fn company() -> Workspace {
    Workspace::with_input(&data("einvoice/company"))
}

/// A close of the company, from its first day.
fn close(workspace: &Workspace, as_of: &str) {
    workspace.succeed(&["close", "--as-of", as_of, "--bill-from-start"]);
}

/// The company after all closes.
fn closed() -> Workspace {
    let workspace = company();
    for as_of in CLOSES {
        close(&workspace, as_of);
    }
    workspace
}

fn table(workspace: &Workspace, as_of: &str, name: &str) -> Vec<Row> {
    workspace.rows(&format!("output/{as_of}/{name}.csv"))
}

/// The accounts of the input, by id.
fn accounts(workspace: &Workspace) -> BTreeMap<String, Row> {
    let rows = workspace.rows("input/accounts.csv").into_iter();
    rows.map(|row| (row.get("account_id").to_owned(), row)).collect()
}

/// The names of the e-invoices of a close.
fn names(workspace: &Workspace, as_of: &str) -> Vec<String> {
    let files = workspace.files(&format!("output/{as_of}")).into_iter();
    files.map(|(name, _)| name).filter(|name| name.starts_with("einvoice/")).collect()
}

/// Replaces a text of an input file that has it.
fn replace(workspace: &Workspace, file: &str, from: &str, to: &str) {
    let path = format!("input/{file}");
    let text = workspace.read(&path);
    assert!(text.contains(from), "{file} has no {from}");
    workspace.write(&path, &text.replace(from, to));
}
