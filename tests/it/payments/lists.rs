//! `prorata statement` and `prorata owed`.

use super::{company, pay};
use crate::support::Workspace;

/// It shows what these commands print.
const DOCUMENTATION: &str = include_str!("../../../docs/payments.md");

/// Four months, some of them paid.
fn closed() -> Workspace {
    let workspace = company();
    workspace.close("2020-02-15");
    pay(
        &workspace,
        &[
            "p1,2020-02-20T09:00:00Z,62.00,USD,acme,INV-2020-00003,Visa •••• 4242",
            "p2,2020-02-21,20.00,USD,acme,,SEPA",
            "p3,2020-03-20,-9.00,USD,,INV-2020-00003,",
            "p4,2020-02-22,20.00,USD,globex,,",
        ],
    );
    workspace.close("2020-04-15");
    workspace
}

#[test]
fn a_statement_shows_every_movement_and_the_balances_after_it() {
    let workspace = closed();
    let expected = "\
date        kind     reference       details                                                    currency  amount    owed  credit
2020-01-01  invoice  INV-2020-00001  due 2020-01-15                                             USD        50.00   50.00    0.00
2020-02-01  invoice  INV-2020-00003  due 2020-02-15                                             USD        50.00  100.00    0.00
2020-02-20  payment  p1              Visa •••• 4242, 50.00 for INV-2020-00003, 12.00 to credit  USD       -62.00   50.00   12.00
2020-02-21  payment  p2              SEPA, for INV-2020-00001                                   USD       -20.00   30.00   12.00
2020-03-01  invoice  INV-2020-00005  12.00 paid from credit, due 2020-03-15                     USD        50.00   68.00    0.00
2020-03-20  refund   p3              from INV-2020-00003                                        USD         9.00   77.00    0.00
2020-04-01  invoice  INV-2020-00007  due 2020-04-15                                             USD        50.00  127.00    0.00
";
    assert_eq!(workspace.succeed(&["statement", "--account", "acme"]), expected);
    assert!(DOCUMENTATION.contains(expected));
}

#[test]
fn a_statement_is_the_same_as_csv_and_json() {
    let workspace = closed();
    let csv = workspace.succeed(&["statement", "--account", "globex", "--format", "csv"]);
    let expected = "\
date,kind,reference,details,currency,amount,owed,credit
2020-01-01,invoice,INV-2020-00002,due 2020-01-15,USD,10.00,10.00,0.00
2020-02-01,invoice,INV-2020-00004,due 2020-02-15,USD,10.00,20.00,0.00
2020-02-22,payment,p4,\"10.00 for INV-2020-00002, 10.00 for INV-2020-00004\",USD,-20.00,0.00,0.00
2020-03-01,invoice,INV-2020-00006,due 2020-03-15,USD,10.00,10.00,0.00
2020-04-01,invoice,INV-2020-00008,due 2020-04-15,USD,10.00,20.00,0.00
";
    assert_eq!(csv, expected);
    let json = workspace.succeed(&["statement", "--account", "globex", "--format", "json"]);
    let entries: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    assert_eq!(entries.len(), 5);
    assert_eq!(entries[4]["owed"], "20.00");
    let (code, said) = workspace.fail(&["statement", "--account", "nobody"]);
    assert_eq!(code, 66);
    assert!(said.contains("the register has no account nobody"), "{said}");
}

#[test]
fn a_statement_begins_with_the_credit_that_was_brought_along() {
    let workspace = company();
    workspace.write("input/balances.csv", "account_id,currency,amount\nacme,USD,20.00\n");
    workspace.succeed(&["open", "--as-of", "2020-01-15"]);
    workspace.close("2020-02-15");
    let csv = workspace.succeed(&["statement", "--account", "acme", "--format", "csv"]);
    let expected = "\
date,kind,reference,details,currency,amount,owed,credit
2020-01-15,opening,,credit brought along,USD,-20.00,0.00,20.00
2020-02-01,invoice,INV-2020-00001,\"20.00 paid from credit, due 2020-02-15\",USD,50.00,30.00,0.00
";
    assert_eq!(csv, expected);
}

#[test]
fn what_is_owed_is_listed_by_age_with_totals() {
    let workspace = closed();
    workspace.close("2020-04-16");
    let expected = "\
Owed after close 2020-04-16, by days overdue

account  name    currency  not due   1-30  31-60  61-90  over 90   total  credit
acme     Acme    USD          0.00  50.00  38.00   9.00    30.00  127.00    0.00
globex   Globex  USD          0.00  10.00  10.00   0.00     0.00   20.00    0.00
         total   USD          0.00  60.00  48.00   9.00    30.00  147.00    0.00
";
    let said = workspace.succeed(&["owed"]);
    assert_eq!(said, expected);
    assert!(DOCUMENTATION.contains(expected));
    let csv = workspace.succeed(&["owed", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 3);
    let json = workspace.succeed(&["owed", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(list["totals"][0]["total"], "147.00");
    assert_eq!(list["accounts"][0]["days_61_90"], "9.00");
}

#[test]
fn receivables_tell_how_long_each_invoice_has_been_overdue() {
    let workspace = closed();
    let rows = workspace.rows("output/2020-04-15/receivables.csv");
    let columns = ["invoice_number", "due_date", "days_overdue", "bucket"];
    let shown: Vec<String> = rows[..4].iter().map(|row| row.cells(columns).join(" ")).collect();
    assert_eq!(
        shown,
        [
            "INV-2020-00001 2020-01-15 91 over_90",
            "INV-2020-00003 2020-02-15 60 days_31_60",
            "INV-2020-00005 2020-03-15 31 days_31_60",
            "INV-2020-00007 2020-04-15 0 not_due",
        ]
    );
}

#[test]
fn nothing_owed_and_no_closes_are_said_plainly() {
    let workspace = company();
    let (code, said) = workspace.fail(&["owed"]);
    assert_eq!(code, 66);
    assert!(said.contains("the register has no closes in output"), "{said}");
    pay(&workspace, &["p1,2020-01-01,60.00,USD,acme,,", "p2,2020-01-01,60.00,USD,globex,,"]);
    workspace.close("2020-01-15");
    assert_eq!(workspace.succeed(&["owed"]), "Nothing is owed after close 2020-01-15.\n");
    let csv = workspace.succeed(&["owed", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 1, "{csv}");
}
