//! Payments that cannot be applied, and payments that were applied and have changed since.

use super::{company, parts, pay, refused};

#[test]
fn every_payment_that_cannot_be_applied_is_named_at_once() {
    let workspace = company();
    workspace.close("2020-01-15");
    workspace.append("input/changes.csv", "c1,2020-01-16,s2,quantity,1");
    workspace.close("2020-01-20");
    pay(
        &workspace,
        &[
            "p1,2020-01-21,50.00,USD,acme,INV-2020-0001,",
            "p2,2020-01-21,50.00,USD,,INV-2020-77777,",
            "p3,2020-01-21,50.00,USD,globex,INV-2020-00001,",
            "p4,2020-01-21,50.00,EUR,acme,INV-2020-00001,",
            "p5,2020-01-21,5.00,USD,globex,INV-2020-00003,",
            "p6,2020-01-21,-1.00,USD,acme,,only follows from p1",
        ],
    );
    let expected = "\
error: input/payments.csv:2: invoice_number \"INV-2020-0001\" is not an invoice of the register
hint: take it from invoices.csv; a row with account_id alone pays what the account has open, \
oldest first
error: input/payments.csv:3: invoice_number \"INV-2020-77777\" is not an invoice of the register
hint: take it from invoices.csv; a row with account_id alone pays what the account has open, \
oldest first
error: input/payments.csv:4: invoice_number \"INV-2020-00001\" is an invoice of account acme, not \
of globex
hint: correct one of the two, or leave account_id empty
error: input/payments.csv:5: currency \"EUR\" is not the currency of invoice INV-2020-00001, which \
is USD
hint: write what was paid in USD; to keep it as credit, name the account alone
error: input/payments.csv:6: invoice_number \"INV-2020-00003\" grants credit: there is nothing to \
pay on it
hint: to pay credit out, name the account alone
5 problems; nothing was published
";
    assert_eq!(refused(&workspace, "2020-01-25"), expected);
}

#[test]
fn no_more_is_paid_back_than_there_is() {
    let workspace = company();
    workspace.close("2020-01-15");
    pay(
        &workspace,
        &[
            "p1,2020-01-16,80.00,USD,acme,INV-2020-00001,",
            "p2,2020-02-10,-80.00,USD,acme,INV-2020-00001,after the credit was spent",
            "p3,2020-02-11,-0.01,USD,acme,,",
            "p4,2020-02-11,-3.00,USD,globex,INV-2020-00002,",
        ],
    );
    let expected = "\
error: input/payments.csv:3: amount \"-80.00\" takes back more than payments left on \
INV-2020-00001, 50.00 USD
hint: 30.00 USD that was overpaid has been spent as credit; charge it again in adjustments.csv, and \
take back the rest
error: input/payments.csv:4: amount \"-0.01\" pays out more than the account's credit, 0.00 USD
hint: to take a payment back, name the invoice that it paid
error: input/payments.csv:5: amount \"-3.00\" takes back more than payments left on INV-2020-00002, \
0.00 USD
hint: name the invoice that the money was paid on; to pay credit out, name the account alone
3 problems; nothing was published
";
    assert_eq!(refused(&workspace, "2020-02-15"), expected);
}

#[test]
fn a_payment_that_was_applied_stays_as_it_was() {
    let workspace = company();
    workspace.close("2020-01-15");
    let (first, second) =
        ("p1,2020-01-16,50.00,USD,acme,,Visa", "p2,2020-01-17,10.00,USD,globex,,");
    pay(&workspace, &[first, second]);
    workspace.close("2020-01-20");
    pay(&workspace, &["p1,2020-01-16,51.00,USD,acme,,Visa"]);
    let expected = "\
error: input/payments.csv: payment_id \"p2\" of 2020-01-17T00:00:00Z has been applied and is no \
longer in the file
hint: restore the row; if it was wrong, add a row for the difference, with an id of its own
error: input/payments.csv:2: payment_id \"p1\" has been applied and is not what it was at \
2020-01-16T00:00:00Z
hint: restore the row; if it was wrong, add a row for the difference, with an id of its own
2 problems; nothing was published
";
    assert_eq!(refused(&workspace, "2020-01-25"), expected);
    let (_, said) = workspace.fail(&["close", "--as-of", "2020-01-25", "--accept-history-change"]);
    assert_eq!(said, expected, "money that moved is not a matter of what is accepted");
    // Order, method and new rows are free.
    pay(
        &workspace,
        &[second, "p1,2020-01-16,50.00,USD,acme,,Visa •••• 4242", "p3,2020-01-18,1.00,USD,acme,,"],
    );
    workspace.close("2020-01-25");
    assert_eq!(parts(&workspace, "2020-01-25"), ["p3  1.00 credit"]);
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_file_that_vanished_is_one_problem() {
    let workspace = company();
    workspace.close("2020-01-15");
    pay(&workspace, &["p1,2020-01-16,50.00,USD,acme,,", "p2,2020-01-17,10.00,USD,globex,,"]);
    workspace.close("2020-01-20");
    std::fs::remove_file(workspace.path("input/payments.csv")).expect("it is there");
    let said = refused(&workspace, "2020-01-25");
    let expected = "\
error: input/payments.csv: has no rows; earlier closes applied 2 payments of it
hint: restore the file: rows are added to it, never taken away
1 problem; nothing was published
";
    assert_eq!(said, expected);
}

#[test]
fn verify_finds_a_payment_that_was_forged_in_the_input_later() {
    let workspace = company();
    workspace.close("2020-01-15");
    pay(&workspace, &["p1,2020-01-16,50.00,USD,acme,,"]);
    workspace.close("2020-01-20");
    pay(&workspace, &["p1,2020-01-16,49.00,USD,acme,,"]);
    workspace.succeed(&["verify"]);
    let (code, said) = workspace.fail(&["verify", "--deep"]);
    assert_eq!(code, 65);
    assert!(
        said.contains("input/payments.csv:2: payment_id \"p1\" has been applied and is not what"),
        "{said}"
    );
}
