//! `invoices.csv`: one row per invoice.

use crate::model::{Account, DocumentView, Invoice};
use crate::payments::look_at_documents;
use crate::table::{CsvTable, CsvWriter};

pub(crate) const COLUMNS: [&str; 23] = [
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
    "purchase_order",
    "buyer_reference",
    "reference",
];

/// The table. `pdf_path` gives the path of each PDF within the close by the invoice's index.
pub(crate) fn invoices_csv<'a>(
    invoices: &'a [Invoice],
    accounts: &'a [Account],
    pdf_path: impl Fn(usize, &Invoice) -> String + Send + Sync + 'a,
) -> CsvTable<'a> {
    CsvTable::in_pieces(&COLUMNS, invoices, move |first, invoices: &[Invoice], rows| {
        // This is the first table about these invoices, so it prefetches them.
        look_at_documents(invoices, accounts);
        for (place, invoice) in (first..).zip(invoices) {
            row(&invoice.view(invoice.account_of(accounts)), &pdf_path(place, invoice), rows);
        }
    })
}

fn row(document: &DocumentView<'_>, pdf: &str, rows: &mut CsvWriter) {
    let DocumentView { account, totals, currency, .. } = *document;
    rows.cell(document.number);
    rows.word(document.kind.as_str());
    rows.text(&account.id);
    rows.text(&account.name);
    rows.text(account.recipient_email());
    rows.word(currency.code());
    rows.date(document.issue_date);
    match document.due_date {
        Some(date) => rows.date(date),
        None => rows.word(""),
    }
    rows.money(totals.subtotal, currency);
    rows.money(totals.discount, currency);
    rows.money(totals.tax, currency);
    rows.money(totals.total, currency);
    rows.money(totals.credit_applied, currency);
    rows.money(totals.amount_due, currency);
    rows.money(totals.credit_balance, currency);
    rows.count(document.lines.len() as u64);
    rows.cell(pdf);
    rows.money(totals.tax_included, currency);
    rows.cell(document.credits_invoice.unwrap_or_default());
    rows.optional(account.tax_id.as_deref());
    rows.text(document.purchase_order());
    rows.text(account.buyer_reference());
    rows.text(account.reference());
    rows.end();
}
