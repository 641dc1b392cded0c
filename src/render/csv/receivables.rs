//! `receivables.csv`: what is owed after a close, and what was settled in it, one row an invoice.

use chrono::NaiveDate;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::ahead::look_at_receivables;
use super::{Rows, Sheet};
use crate::model::{Account, Age, Receivable};
use crate::register::sorted_by_id;

/// Its columns.
pub const COLUMNS: [&str; 13] = [
    "invoice_number",
    "account_id",
    "account_name",
    "currency",
    "issue_date",
    "due_date",
    "total",
    "amount_due",
    "paid",
    "open",
    "status",
    "days_overdue",
    "bucket",
];

/// The table, by account, oldest invoices first; `today` is the date of the close. Documents on
/// which nothing was ever due are not in it.
pub fn receivables_csv<'a>(
    receivables: &'a [Receivable],
    accounts: &'a [Account],
    today: NaiveDate,
) -> Sheet<'a> {
    let names: HashMap<&str, &str> =
        accounts.iter().map(|account| (&*account.id, &*account.name)).collect();
    let mut owed = sorted_by_id(receivables, |receivable| &receivable.account_id);
    owed.retain(|receivable| !receivable.amount_due.is_zero());
    owed.par_chunk_by_mut(|a, b| a.account_id == b.account_id)
        .for_each(|of_account| of_account.sort_by(|a, b| a.seniority().cmp(&b.seniority())));
    Sheet::in_pieces(&COLUMNS, owed, move |_, owed: &[&Receivable], rows| {
        look_at_receivables(owed);
        // An account that left accounts.csv still owes what it owes.
        let name = |it: &&Receivable| names.get(&*it.account_id).copied().unwrap_or_default();
        let names: Vec<&str> = owed.iter().map(name).collect();
        for (receivable, name) in owed.iter().zip(names) {
            row(receivable, name, today, rows);
        }
    })
}

fn row(receivable: &Receivable, name: &str, today: NaiveDate, rows: &mut Rows) {
    let currency = receivable.currency;
    rows.cell(&receivable.invoice_number);
    rows.text(&receivable.account_id);
    rows.text(name);
    rows.word(currency.code());
    rows.date(receivable.issue_date);
    rows.date(receivable.due_date);
    rows.money(receivable.total, currency);
    rows.money(receivable.amount_due, currency);
    rows.money(receivable.paid, currency);
    rows.money(receivable.open(), currency);
    rows.word(receivable.status().as_str());
    rows.whole(receivable.days_overdue(today));
    rows.word(receivable.age(today).map_or("", Age::as_str));
    rows.end();
}
