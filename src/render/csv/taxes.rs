//! `invoice_taxes.csv`: one row per invoice and rate, for tax returns.

use crate::model::{Invoice, TaxTotal};
use crate::table::{CsvTable, CsvWriter};

pub(crate) const COLUMNS: [&str; 11] = [
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
    "tax_base",
];

pub(crate) fn taxes_csv(invoices: &[Invoice]) -> CsvTable<'_> {
    CsvTable::new(&COLUMNS, invoices, |invoice: &Invoice, rows| {
        for total in &invoice.taxes {
            row(invoice, total, rows);
        }
    })
}

fn row(invoice: &Invoice, TaxTotal { terms, net, base, tax }: &TaxTotal, rows: &mut CsvWriter) {
    rows.cell(&invoice.number);
    rows.text(&terms.code);
    rows.text(&terms.name);
    rows.decimal(terms.percent);
    rows.word(terms.behavior.as_str());
    rows.word(terms.treatment.as_str());
    rows.money(*net, invoice.currency);
    rows.money(*tax, invoice.currency);
    rows.word(invoice.currency.code());
    rows.text(&terms.note);
    rows.money(*base, invoice.currency);
    rows.end();
}
