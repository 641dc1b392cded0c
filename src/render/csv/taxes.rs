//! `invoice_taxes.csv`: one row a document and rate, as a tax return wants them.

use std::borrow::Cow;

use super::{table, text_cell};
use crate::invoice::{Invoice, TaxTotal};

/// Its columns.
pub const COLUMNS: [&str; 10] = [
    "invoice_number",
    "tax_code",
    "tax_name",
    "tax_rate",
    "tax_behavior",
    "tax_treatment",
    "net_amount",
    "tax_amount",
    "currency",
    "note",
];

/// The bytes of the file.
pub fn taxes_csv(invoices: &[Invoice]) -> Vec<u8> {
    let rows = invoices
        .iter()
        .flat_map(|invoice| invoice.taxes.iter().map(move |total| row(invoice, total)));
    table(COLUMNS, rows)
}

fn row<'a>(invoice: &'a Invoice, total: &'a TaxTotal) -> [Cow<'a, str>; 10] {
    let TaxTotal { terms, net, tax } = total;
    [
        Cow::Borrowed(&invoice.number),
        text_cell(&terms.code),
        text_cell(&terms.name),
        Cow::Owned(terms.percent.to_string()),
        Cow::Borrowed(terms.behavior.as_str()),
        Cow::Borrowed(terms.treatment.as_str()),
        Cow::Owned(net.to_decimal_string(invoice.currency)),
        Cow::Owned(tax.to_decimal_string(invoice.currency)),
        Cow::Borrowed(invoice.currency.code()),
        text_cell(&terms.note),
    ]
}
