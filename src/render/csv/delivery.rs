//! `delivery.csv`: the recipient and the subject of every PDF, for the program that sends the mail.

use crate::model::{Account, EInvoiceFormat, Invoice};
use crate::table::{CsvTable, CsvWriter};
use crate::value::Amount;
use crate::wording::{DeliveryStatus, invoice_subject, receipt_subject};

pub(crate) const COLUMNS: [&str; 16] = [
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
    "einvoice",
    "einvoice_format",
    "copies",
];

/// The kind of a row for the receipt of a paid invoice.
pub(crate) const RECEIPT: &str = "receipt";

/// A PDF to send. It exists only while its row is written, because there are as many as invoices.
#[derive(Clone, Debug)]
pub(crate) struct Delivery<'a> {
    /// The invoice, or the invoice of the receipt.
    pub(crate) invoice: &'a Invoice,
    /// On a receipt, the money received.
    pub(crate) received: Option<Amount>,
    /// The open amount.
    pub(crate) open: Amount,
    /// The path of the PDF within the close; empty if none is made.
    pub(crate) pdf: String,
    /// The path of the e-invoice within the close; empty if there is none, or if the PDF carries it.
    pub(crate) einvoice: String,
    /// The format of the e-invoice, if there is one.
    pub(crate) format: Option<EInvoiceFormat>,
}

/// The table of PDFs to send. `of` gives each by its index, and the subjects name `seller`.
pub(crate) fn delivery_csv<'a, T: Sync + 'a>(
    items: &'a [T],
    of: impl Fn(usize) -> Delivery<'a> + Send + Sync + 'a,
    accounts: &'a [Account],
    seller: &'a str,
) -> CsvTable<'a> {
    CsvTable::in_pieces(&COLUMNS, items, move |first, items: &[T], rows| {
        for delivery in (first..first + items.len()).map(&of) {
            row(&delivery, &accounts[delivery.invoice.account], seller, rows);
        }
    })
}

fn row(delivery: &Delivery<'_>, account: &Account, seller: &str, rows: &mut CsvWriter) {
    let Delivery { invoice, received, open, pdf, einvoice, format } = delivery;
    let currency = invoice.currency;
    rows.cell(&invoice.number);
    rows.word(if received.is_some() { RECEIPT } else { invoice.kind.as_str() });
    rows.text(&account.id);
    rows.text(&account.name);
    rows.text(account.recipient_email());
    rows.cell(account.language());
    rows.composed(|subject| {
        if let Some(received) = received {
            receipt_subject(subject, invoice, (seller, *received), account.locale);
        } else {
            invoice_subject(subject, invoice, *open, seller, account.locale);
        }
    });
    rows.cell(pdf);
    rows.word(currency.code());
    rows.money(invoice.totals.amount_due, currency);
    rows.money(*open, currency);
    rows.word(DeliveryStatus::of(invoice, *open).as_str());
    if open.is_zero() {
        rows.word("");
    } else {
        rows.date(invoice.due_date);
    }
    rows.cell(einvoice);
    rows.word(format.map_or("", EInvoiceFormat::as_str));
    rows.text(account.copies());
    rows.end();
}
