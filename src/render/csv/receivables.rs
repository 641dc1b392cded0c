//! `receivables.csv`: the receivables after a close and those settled in it, one row per invoice.

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::ids::sorted_by_id;
use crate::model::{Account, Age, Receivable};
use crate::payments::{AccountId, look_at_receivables};
use crate::table::{CsvTable, CsvWriter};

pub(crate) const COLUMNS: [&str; 13] = [
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

/// The table, by account with the oldest invoices first. It takes receivables and their debtors;
/// `today` is the date of the close. Invoices without an amount due are left out.
pub(crate) fn receivables_csv<'a>(
    (receivables, debtors): (&'a [Receivable], &'a [AccountId]),
    accounts: &'a [Account],
    today: NaiveDate,
) -> CsvTable<'a> {
    let owed: Vec<usize> =
        (0..receivables.len()).filter(|it| !receivables[*it].amount_due.is_zero()).collect();
    let by_account = sorted_by_id(&owed, |place| &receivables[*place].account_id);
    let mut owed: Vec<usize> = by_account.into_iter().copied().collect();
    owed.par_chunk_by_mut(|a, b| debtors[*a] == debtors[*b])
        .for_each(|of_account| of_account.sort_by_key(|place| receivables[*place].seniority()));
    CsvTable::in_pieces(&COLUMNS, owed, move |_, owed: &[usize], rows| {
        look_at_receivables(owed.iter().map(|place| &receivables[*place]));
        // An account removed from accounts.csv may still have debts.
        let name = |place: &usize| accounts.get(debtors[*place]).map_or("", |it| &it.name);
        let names: Vec<&str> = owed.iter().map(name).collect();
        for (place, name) in owed.iter().zip(names) {
            row(&receivables[*place], name, today, rows);
        }
    })
}

fn row(receivable: &Receivable, name: &str, today: NaiveDate, rows: &mut CsvWriter) {
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
