//! `receivables.csv`: what is owed after a close, and what was settled in it, one row an invoice.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::{table, text_cell};
use crate::model::{Account, Age, Receivable};
use crate::value::Amount;

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

/// The bytes of the file, by account, oldest invoices first; `today` is the date of the close.
/// Documents on which nothing was ever due are not in it.
pub fn receivables_csv(
    receivables: &[Receivable],
    accounts: &[Account],
    today: NaiveDate,
) -> Vec<u8> {
    let names: HashMap<&str, &str> =
        accounts.iter().map(|account| (&*account.id, &*account.name)).collect();
    let mut owed: Vec<&Receivable> =
        receivables.iter().filter(|receivable| !receivable.amount_due.is_zero()).collect();
    owed.sort_by(|a, b| (&a.account_id, a.seniority()).cmp(&(&b.account_id, b.seniority())));
    let rows = owed.into_iter().map(|receivable| {
        // An account that left accounts.csv still owes what it owes.
        let name = names.get(&*receivable.account_id).copied().unwrap_or_default();
        row(receivable, name, today)
    });
    table(COLUMNS, rows)
}

fn row<'a>(receivable: &'a Receivable, name: &'a str, today: NaiveDate) -> [Cow<'a, str>; 13] {
    let money = |amount: Amount| Cow::Owned(amount.to_decimal_string(receivable.currency));
    [
        Cow::Borrowed(&receivable.invoice_number),
        text_cell(&receivable.account_id),
        text_cell(name),
        Cow::Borrowed(receivable.currency.code()),
        Cow::Owned(receivable.issue_date.to_string()),
        Cow::Owned(receivable.due_date.to_string()),
        money(receivable.total),
        money(receivable.amount_due),
        money(receivable.paid),
        money(receivable.open()),
        Cow::Borrowed(receivable.status().as_str()),
        Cow::Owned(receivable.days_overdue(today).to_string()),
        Cow::Borrowed(receivable.age(today).map_or("", Age::as_str)),
    ]
}
