//! `refunds.csv`: credit to pay back, one row for an account and currency.

use crate::payments::Refundable;
use crate::table::{CsvTable, CsvWriter};

pub(crate) const COLUMNS: [&str; 7] = [
    "account_id",
    "account_name",
    "currency",
    "amount",
    "credit_from",
    "last_payment_id",
    "last_payment_method",
];

/// The table, by account and currency.
pub(crate) fn refunds_csv(refunds: &[Refundable]) -> CsvTable<'_> {
    CsvTable::new(&COLUMNS, refunds, row)
}

fn row(refund: &Refundable, rows: &mut CsvWriter) {
    let payment = refund.payment.as_ref();
    let sources: Vec<&str> = refund.sources.iter().map(|source| &*source.reference).collect();
    rows.text(&refund.account_id);
    rows.text(&refund.account_name);
    rows.word(refund.currency.code());
    rows.money(refund.amount, refund.currency);
    rows.text(&sources.join("; "));
    rows.text(payment.map_or("", |payment| &payment.payment_id));
    rows.text(payment.map_or("", |payment| &payment.method));
    rows.end();
}
