//! The register: exactly once, whatever happens. Everything here goes through the binary.

mod around;
mod crash;
mod deep;
mod first_rules;
mod late;
mod limits;
mod names;
mod older_formats;
mod opening;
mod packing;
mod privacy;
mod questions;
mod rendering;
mod taken_away;
mod verify;
mod watched;
mod withheld;
mod witness;

use crate::support::{Row, Workspace};

/// A company with one account on monthly seats at 5.00, and what is in its log.
fn seats(billing: &str, changes: &[&str]) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        "[seller]\nname = \"Seats Ltd\"\ncity = \"Bristol\"\ntax_id = \"GB123456789\"\n",
    );
    workspace.write("input/accounts.csv", "account_id,name,email\nacme,Acme,a@acme.example\n");
    workspace.write(
        "input/prices.csv",
        &format!(
            "price_id,product,currency,unit_amount,interval,billing,on_cancel\n\
             seat,Seats,USD,5.00,month,{billing},immediate\n"
        ),
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,seat,10,2015-01-01\n",
    );
    workspace.write("input/changes.csv", "change_id,at,subscription_id,kind,quantity,delta,note\n");
    for change in changes {
        workspace.append("input/changes.csv", change);
    }
    workspace
}

/// The totals of a close's invoices, in the order of their numbers.
fn totals(workspace: &Workspace, close: &str) -> Vec<String> {
    let rows = workspace.rows(&format!("output/{close}/invoices.csv"));
    rows.iter().map(|row| row.get("total").to_owned()).collect()
}

/// The lines of a close.
fn lines(workspace: &Workspace, close: &str) -> Vec<Row> {
    workspace.rows(&format!("output/{close}/invoice_lines.csv"))
}
