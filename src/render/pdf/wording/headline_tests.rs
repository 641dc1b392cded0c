//! The first sentence of every kind of document.

use super::super::super::specimens::{account, credit, kumu, payment};
use super::super::terms;
use super::*;
use crate::model::Invoice;
use crate::render::pdf::PaymentShown;
use crate::value::Amount;

/// The amount, the rest and the remark.
fn said(invoice: &Invoice, payments: &[PaymentShown]) -> [String; 3] {
    let account = account("Acme");
    let manuscript = PdfContent::receipt(invoice, &account, payments).expect("small sums");
    let Headline { strong, rest, remark } = headline(&manuscript);
    [strong, rest, remark.unwrap_or_default()].map(|text| text.replace('\u{a0}', " "))
}

/// An invoice of which credit has paid this much.
fn credited(minor: i64) -> Invoice {
    let mut invoice = kumu();
    invoice.totals.credit_applied = Amount::from_minor(minor);
    invoice.totals.amount_due = Amount::from_minor(2005 - minor);
    invoice
}

#[test]
fn says_what_is_due() {
    assert_eq!(said(&kumu(), &[]), ["USD 20.05", "due 11 Jul 2020", ""]);
    assert_eq!(terms::credit(&kumu().view(&account("A")), Locale::default()), None);
    let part = said(&credited(500), &[]);
    assert_eq!(part, ["USD 15.05", "due 11 Jul 2020", "USD 5.00 already paid from your credit"]);
}

#[test]
fn says_what_is_credited() {
    assert_eq!(said(&credit(), &[]), ["USD 3.40", "credited to your account", ""]);
    let balance =
        terms::credit(&credit().view(&account("A")), Locale::default()).expect("a balance");
    assert_eq!(balance, "Credit balance USD\u{a0}3.40: it pays your next invoices by itself.");
}

#[test]
fn says_that_credit_paid_everything() {
    assert_eq!(
        said(&credited(2005), &[]),
        ["Nothing", "to pay", "USD 20.05 paid from your credit"]
    );
}

#[test]
fn says_when_and_how_it_was_paid() {
    let card = payment("Visa •••• 4242", 2005);
    let paid = |payments: &[PaymentShown]| said(&kumu(), payments);
    assert_eq!(paid(&[card]), ["USD 20.05", "paid 27 Jun 2020 · Visa •••• 4242", ""]);
    assert_eq!(paid(&[payment("", 2005)]), ["USD 20.05", "paid 27 Jun 2020", ""]);
    let mut last = payment("Bank transfer", 1005);
    last.date = "2020-07-03".parse().expect("a date");
    assert_eq!(
        paid(&[payment("Visa •••• 4242", 1000), last]),
        ["USD 20.05", "paid in 2 payments, last on 3 Jul 2020", ""]
    );
}

#[test]
fn says_what_is_left_of_a_part_payment() {
    assert_eq!(
        said(&kumu(), &[payment("Visa •••• 4242", 1000)]),
        ["USD 10.00", "of USD 20.05 paid", "USD 10.05 still due 11 Jul 2020"]
    );
}

#[test]
fn says_that_credit_paid_the_rest() {
    assert_eq!(
        said(&credited(500), &[payment("", 1505)]),
        ["USD 15.05", "paid 27 Jun 2020", "USD 5.00 paid from your credit"]
    );
}

/// It was shown as money that was received, under an English method.
#[test]
fn a_credit_note_is_no_payment() {
    let by = PaidBy::CreditNote("CN-7".into());
    let note = |minor| PaymentShown { by: by.clone(), ..payment("", minor) };
    assert_eq!(
        said(&kumu(), &[note(500), payment("Visa •••• 4242", 1505)]),
        ["USD 15.05", "paid 27 Jun 2020 · Visa •••• 4242", "USD 5.00 credited by credit note CN-7"]
    );
    let all = said(&kumu(), &[note(2005)]);
    assert_eq!(all, ["Nothing", "to pay", "USD 20.05 credited by credit note CN-7"]);
    assert_eq!(
        said(&kumu(), &[note(500)]),
        [
            "USD 0.00",
            "of USD 20.05 paid",
            "USD 15.05 still due 11 Jul 2020 · USD 5.00 credited by credit note CN-7"
        ]
    );
    let german = Locale::parse("de").expect("German");
    assert_eq!(terms::payment(&note(5), german), "Rechnungskorrektur CN-7 · 27. Juni 2020");
}

#[test]
fn a_payment_that_went_back_is_called_so() {
    assert_eq!(
        terms::payment(&payment("Visa •••• 4242", 5), Locale::default()),
        "Paid 27 Jun 2020 · Visa •••• 4242"
    );
    assert_eq!(terms::payment(&payment("", -5), Locale::default()), "Paid back 27 Jun 2020");
}
