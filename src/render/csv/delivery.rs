//! `delivery.csv`: who gets which PDF, under which subject, for whatever sends the mail.

use std::borrow::Cow;

use super::{table, text_cell};
use crate::invoice::Invoice;
use crate::model::Account;
use crate::render::subject::{DeliveryStatus, invoice_subject, receipt_subject};
use crate::value::Amount;

/// Its columns.
pub const COLUMNS: [&str; 13] = [
    "invoice_number",
    "kind",
    "account_id",
    "account_name",
    "recipient",
    "language",
    "subject",
    "pdf",
    "currency",
    "amount_due",
    "open",
    "status",
    "due_date",
];

/// The kind of a row that sends the receipt for a paid invoice.
pub const RECEIPT: &str = "receipt";

/// Something to be sent.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    /// The document, or the one that a receipt is for.
    pub invoice: &'a Invoice,
    /// Whether it is the receipt that is sent.
    pub is_receipt: bool,
    /// What of it is still to be paid.
    pub open: Amount,
    /// Where the PDF is within the close; empty if none is made.
    pub pdf: String,
}

/// The bytes of the file, in the order of the deliveries; `seller` is named in the subjects.
pub fn delivery_csv(deliveries: &[Delivery<'_>], accounts: &[Account], seller: &str) -> Vec<u8> {
    let row = |delivery| row(delivery, &accounts[delivery.invoice.account], seller);
    table(COLUMNS, deliveries.iter().map(row))
}

fn row<'a>(delivery: &'a Delivery<'_>, account: &'a Account, seller: &str) -> [Cow<'a, str>; 13] {
    let Delivery { invoice, is_receipt, open, pdf } = delivery;
    let money = |amount: Amount| Cow::Owned(amount.to_decimal_string(invoice.currency));
    let (kind, subject) = if *is_receipt {
        (RECEIPT.to_owned(), receipt_subject(invoice, seller, account.locale))
    } else {
        (invoice.kind.to_string(), invoice_subject(invoice, *open, seller, account.locale))
    };
    [
        Cow::Borrowed(&invoice.number),
        Cow::Owned(kind),
        text_cell(&account.id),
        text_cell(&account.name),
        text_cell(account.recipient_email()),
        Cow::Borrowed(account.language()),
        Cow::Owned(text_cell(&subject).into_owned()),
        Cow::Borrowed(pdf),
        Cow::Borrowed(invoice.currency.code()),
        money(invoice.totals.amount_due),
        money(*open),
        Cow::Borrowed(DeliveryStatus::of(invoice, *open).as_str()),
        if open.is_zero() { Cow::Borrowed("") } else { Cow::Owned(invoice.due_date.to_string()) },
    ]
}
