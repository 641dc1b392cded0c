//! Payments end to end: what they pay, what becomes of the rest, and what finance reads of it.

mod kinds;
mod lists;
mod rules;
mod voids;
mod watched;

use crate::support::Workspace;

/// Two accounts on monthly seats since January 2020: acme pays 50.00 a month, globex 10.00. On the
/// first of each month acme's invoice has the odd number.
fn company() -> Workspace {
    let workspace = Workspace::empty();
    workspace
        .write("input/billing.toml", "[seller]\nname = \"Seats Ltd\"\n[pdf]\npacking = \"none\"\n");
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email\nacme,Acme,a@acme.example\nglobex,Globex,g@globex.example\n",
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,on_cancel,on_decrease\n\
         seat,Seats,USD,5.00,month,immediate,immediate\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\n\
         s1,acme,seat,10,2020-01-01\ns2,globex,seat,2,2020-01-01\n",
    );
    workspace.write("input/changes.csv", "change_id,at,subscription_id,kind,quantity\n");
    workspace
}

/// Replaces payments.csv.
fn pay(workspace: &Workspace, payments: &[&str]) {
    let header = "payment_id,at,amount,currency,account_id,invoice_number,method\n";
    workspace.write("input/payments.csv", &(header.to_owned() + &payments.join("\n") + "\n"));
}

/// What became of the payments of a close: id, invoice, amount, kind.
fn parts(workspace: &Workspace, close: &str) -> Vec<String> {
    let rows = workspace.rows(&format!("output/{close}/payments_applied.csv"));
    let columns = ["payment_id", "invoice_number", "amount", "kind"];
    rows.iter().map(|row| row.cells(columns).join(" ")).collect()
}

/// What is owed after a close, or was settled in it: invoice, paid, open, status.
fn receivables(workspace: &Workspace, close: &str) -> Vec<String> {
    let rows = workspace.rows(&format!("output/{close}/receivables.csv"));
    let columns = ["invoice_number", "paid", "open", "status"];
    rows.iter().map(|row| row.cells(columns).join(" ")).collect()
}

/// The documents of a close: number, total, credit applied, due, credit left.
fn documents(workspace: &Workspace, close: &str) -> Vec<String> {
    let rows = workspace.rows(&format!("output/{close}/invoices.csv"));
    let columns = ["invoice_number", "total", "credit_applied", "amount_due", "credit_balance"];
    rows.iter().map(|row| row.cells(columns).join(" ")).collect()
}

/// What a close that must fail says, and that it publishes nothing.
fn refused(workspace: &Workspace, as_of: &str) -> String {
    let before = workspace.files("output");
    let (code, message) = workspace.fail(&["close", "--as-of", as_of]);
    assert_eq!(code, 65, "{message}");
    assert_eq!(workspace.files("output"), before);
    message
}
