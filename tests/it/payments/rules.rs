//! What a payment pays.

use super::{company, documents, parts, pay, receivables, refused};

#[test]
fn a_payment_for_an_invoice_pays_that_one_and_the_rest_is_credit_for_later_documents() {
    let workspace = company();
    workspace.close("2020-02-15");
    pay(&workspace, &["p1,2020-02-20T09:00:00Z,62.00,USD,acme,INV-2020-00003,Visa •••• 4242"]);
    workspace.close("2020-03-15");
    assert_eq!(
        parts(&workspace, "2020-03-15"),
        ["p1 INV-2020-00003 50.00 payment", "p1  12.00 credit"]
    );
    // January stays open: the payment was not for it. March is paid from credit as far as it goes.
    assert_eq!(
        receivables(&workspace, "2020-03-15"),
        [
            "INV-2020-00001 0.00 50.00 open",
            "INV-2020-00003 50.00 0.00 paid",
            "INV-2020-00005 0.00 38.00 open",
            "INV-2020-00002 0.00 10.00 open",
            "INV-2020-00004 0.00 10.00 open",
            "INV-2020-00006 0.00 10.00 open",
        ]
    );
    assert_eq!(documents(&workspace, "2020-03-15")[0], "INV-2020-00005 50.00 12.00 38.00 0.00");
    // What was settled then is no longer listed.
    workspace.close("2020-03-16");
    assert!(!workspace.read("output/2020-03-16/receivables.csv").contains("INV-2020-00003"));
}

#[test]
fn a_payment_for_an_account_pays_the_oldest_first_and_the_rest_is_credit() {
    let workspace = company();
    workspace.close("2020-02-15");
    pay(
        &workspace,
        &["p1,2020-02-16,70.00,USD,acme,,", "p2,2020-02-17,25.00,USD,globex,,transfer"],
    );
    workspace.close("2020-02-20");
    assert_eq!(documents(&workspace, "2020-02-20"), [""; 0]);
    assert_eq!(
        parts(&workspace, "2020-02-20"),
        [
            "p1 INV-2020-00001 50.00 payment",
            "p1 INV-2020-00003 20.00 payment",
            "p2 INV-2020-00002 10.00 payment",
            "p2 INV-2020-00004 10.00 payment",
            "p2  5.00 credit",
        ]
    );
    assert_eq!(
        receivables(&workspace, "2020-02-20"),
        [
            "INV-2020-00001 50.00 0.00 paid",
            "INV-2020-00003 20.00 30.00 partly_paid",
            "INV-2020-00002 10.00 0.00 paid",
            "INV-2020-00004 10.00 0.00 paid",
        ]
    );
}

#[test]
fn money_paid_back_for_an_invoice_takes_what_was_overpaid_and_then_opens_it_again() {
    let workspace = company();
    workspace.close("2020-01-15");
    pay(
        &workspace,
        &[
            "p1,2020-01-16,62.00,USD,,INV-2020-00001,Visa",
            "p2,2020-01-17,-5.00,USD,,INV-2020-00001,Visa",
            "p3,2020-01-18,-57.00,USD,,INV-2020-00001,chargeback",
        ],
    );
    workspace.close("2020-01-20");
    assert_eq!(
        parts(&workspace, "2020-01-20"),
        [
            "p1 INV-2020-00001 50.00 payment",
            "p1  12.00 credit",
            "p2  -5.00 credit_refund",
            "p3 INV-2020-00001 -50.00 refund",
            "p3  -7.00 credit_refund",
        ]
    );
    assert_eq!(receivables(&workspace, "2020-01-20")[0], "INV-2020-00001 0.00 50.00 open");
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn an_invoice_paid_long_ago_is_still_known_when_its_money_is_taken_back() {
    let workspace = company();
    workspace.close("2020-01-15");
    pay(&workspace, &["p1,2020-01-16,50.00,USD,,INV-2020-00001,Visa"]);
    for as_of in ["2020-01-17", "2020-01-18", "2020-02-15"] {
        workspace.close(as_of);
    }
    let paid = "p1,2020-01-16,50.00,USD,,INV-2020-00001,Visa";
    pay(&workspace, &[paid, "p2,2020-02-16,-50.01,USD,,INV-2020-00001,"]);
    let said = refused(&workspace, "2020-02-20");
    assert!(said.contains("takes back more than payments left on INV-2020-00001, 50.00 USD"));
    pay(
        &workspace,
        &[
            paid,
            "p2,2020-02-16,-50.00,USD,,INV-2020-00001,",
            "p3,2020-02-17,8.00,USD,,INV-2020-00001,",
        ],
    );
    workspace.close("2020-02-20");
    assert_eq!(receivables(&workspace, "2020-02-20")[0], "INV-2020-00001 8.00 42.00 partly_paid");
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn money_paid_back_to_an_account_comes_out_of_its_credit() {
    let workspace = company();
    workspace.close("2020-01-15");
    pay(&workspace, &["p1,2020-01-16,80.00,USD,acme,,", "p2,2020-01-17,-20.00,USD,acme,,SEPA"]);
    workspace.close("2020-02-15");
    assert_eq!(parts(&workspace, "2020-02-15")[2], "p2  -20.00 credit_refund");
    assert_eq!(documents(&workspace, "2020-02-15")[0], "INV-2020-00003 50.00 10.00 40.00 0.00");
    workspace.succeed(&["verify"]);
}

#[test]
fn credit_is_spent_on_later_documents_and_never_on_published_ones() {
    let workspace = company();
    workspace.close("2020-01-15");
    // Eight of ten seats fewer on 16 January: 8 × 5.00 × 16 ÷ 31 come back as credit.
    workspace.append("input/changes.csv", "c1,2020-01-16,s1,quantity,2");
    workspace.close("2020-01-20");
    assert_eq!(documents(&workspace, "2020-01-20"), ["INV-2020-00003 -20.65 0.00 0.00 20.65"]);
    assert_eq!(receivables(&workspace, "2020-01-20")[0], "INV-2020-00001 0.00 50.00 open");
    // Moved by hand: paid out of the credit, and paid in for the invoice.
    pay(
        &workspace,
        &[
            "m1,2020-01-21,-20.65,USD,acme,,credit used",
            "m2,2020-01-21,20.65,USD,acme,INV-2020-00001,credit used",
        ],
    );
    workspace.close("2020-01-25");
    assert_eq!(receivables(&workspace, "2020-01-25")[0], "INV-2020-00001 20.65 29.35 partly_paid");
}

#[test]
fn payments_after_the_close_wait_and_late_ones_keep_their_date() {
    let workspace = company();
    pay(&workspace, &["p1,2020-01-20,50.00,USD,acme,,Visa"]);
    workspace.close("2020-01-15");
    assert_eq!(parts(&workspace, "2020-01-15"), [""; 0]);
    workspace.close("2020-01-25");
    assert_eq!(parts(&workspace, "2020-01-25"), ["p1 INV-2020-00001 50.00 payment"]);
    pay(&workspace, &["p1,2020-01-20,50.00,USD,acme,,Visa", "p0,2020-01-10,4.00,USD,globex,,cash"]);
    workspace.close("2020-02-15");
    let row = workspace.rows("output/2020-02-15/payments_applied.csv").pop().expect("one part");
    assert_eq!(
        row.cells(["payment_id", "at", "invoice_number", "amount", "method"]),
        ["p0", "2020-01-10T00:00:00Z", "INV-2020-00002", "4.00", "cash"]
    );
    // Nothing is applied twice.
    workspace.close("2020-02-16");
    assert_eq!(parts(&workspace, "2020-02-16"), [""; 0]);
}

#[test]
fn nightly_and_at_once_come_to_the_same() {
    let payments = [
        "p1,2020-01-01,50.00,USD,,INV-2020-00001,for an invoice of that very day",
        "p2,2020-01-20T10:00:00Z,17.00,USD,globex,,",
        "p3,2020-02-03,100.00,USD,acme,,",
        "p4,2020-02-04,-10.00,USD,acme,,",
    ];
    let nightly = company();
    for (as_of, known) in
        [("2020-01-02", 0), ("2020-01-15", 1), ("2020-02-01", 2), ("2020-02-15", 4)]
    {
        pay(&nightly, &payments[..known]);
        nightly.close(as_of);
    }
    pay(&nightly, &payments);
    nightly.close("2020-03-15");
    let at_once = company();
    pay(&at_once, &payments);
    at_once.close("2020-03-15");
    assert_eq!(
        documents(&at_once, "2020-03-15"),
        [
            "INV-2020-00001 50.00 0.00 50.00 0.00",
            "INV-2020-00002 10.00 0.00 10.00 0.00",
            "INV-2020-00003 50.00 0.00 50.00 0.00",
            "INV-2020-00004 10.00 7.00 3.00 0.00",
            "INV-2020-00005 50.00 40.00 10.00 0.00",
            "INV-2020-00006 10.00 0.00 10.00 0.00",
        ]
    );
    let statements = [&nightly, &at_once].map(|workspace| {
        workspace.succeed(&["verify", "--deep"]);
        ["acme", "globex"].map(|account| workspace.succeed(&["statement", "--account", account]))
    });
    assert_eq!(statements[0], statements[1]);
    let owed = [&nightly, &at_once].map(|workspace| workspace.succeed(&["owed"]));
    assert_eq!(owed[0], owed[1]);
}

#[test]
fn what_was_paid_before_the_opening_was_applied_elsewhere() {
    let workspace = company();
    workspace.write("input/balances.csv", "account_id,currency,amount\nacme,USD,20.00\n");
    pay(&workspace, &["old,2019-12-31,999.00,USD,acme,,", "old2,2020-01-05,1.00,USD,,OLD-77,"]);
    workspace.succeed(&["open", "--as-of", "2020-01-15"]);
    workspace.close("2020-02-15");
    assert_eq!(parts(&workspace, "2020-02-15"), [""; 0]);
    assert_eq!(documents(&workspace, "2020-02-15")[0], "INV-2020-00001 50.00 20.00 30.00 0.00");
    workspace.succeed(&["verify", "--deep"]);
}
