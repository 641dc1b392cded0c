//! `invoices.csv`: one row a document.

use std::borrow::Cow;

use super::{table, text_cell};
use crate::invoice::{DocumentKind, Invoice};
use crate::model::Account;
use crate::value::Amount;

/// Its columns.
pub const COLUMNS: [&str; 20] = [
    "invoice_number",
    "kind",
    "account_id",
    "account_name",
    "billing_email",
    "currency",
    "issue_date",
    "due_date",
    "subtotal",
    "discount",
    "tax",
    "total",
    "credit_applied",
    "amount_due",
    "credit_balance",
    "line_count",
    "pdf",
    "tax_included",
    "credits_invoice",
    "tax_id",
];

/// The bytes of the file; `pdf_path` names each document's PDF within the close, by its place among
/// the documents.
pub fn invoices_csv(
    invoices: &[Invoice],
    accounts: &[Account],
    pdf_path: impl Fn(usize, &Invoice) -> String,
) -> Vec<u8> {
    let rows = invoices
        .iter()
        .enumerate()
        .map(|(place, invoice)| row(invoice, &accounts[invoice.account], pdf_path(place, invoice)));
    table(COLUMNS, rows)
}

/// A credit asks for nothing, by no date.
fn due_date(invoice: &Invoice) -> Cow<'static, str> {
    match invoice.kind {
        DocumentKind::Invoice => Cow::Owned(invoice.due_date.to_string()),
        DocumentKind::Credit | DocumentKind::CreditNote => Cow::Borrowed(""),
    }
}

fn row<'a>(invoice: &'a Invoice, account: &'a Account, pdf: String) -> [Cow<'a, str>; 20] {
    let money = |amount: Amount| Cow::Owned(amount.to_decimal_string(invoice.currency));
    let totals = &invoice.totals;
    [
        Cow::Borrowed(&invoice.number),
        Cow::Owned(invoice.kind.to_string()),
        text_cell(&account.id),
        text_cell(&account.name),
        text_cell(account.recipient_email()),
        Cow::Borrowed(invoice.currency.code()),
        Cow::Owned(invoice.issue_date.to_string()),
        due_date(invoice),
        money(totals.subtotal),
        money(totals.discount),
        money(totals.tax),
        money(totals.total),
        money(totals.credit_applied),
        money(totals.amount_due),
        money(totals.credit_balance),
        Cow::Owned(invoice.lines.len().to_string()),
        Cow::Owned(pdf),
        money(totals.tax_included),
        invoice.credits_invoice.as_deref().map_or(Cow::Borrowed(""), Cow::Borrowed),
        account.tax_id.as_deref().map_or(Cow::Borrowed(""), text_cell),
    ]
}
