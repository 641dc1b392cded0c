//! `prorata history`: lists the invoices of one account, oldest first.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::list::{ListFormat, align, csv_text, json_text};
use crate::pipeline::{PublishedRow, RunError, each_row};
use crate::register::Register;

/// One invoice in the list.
#[derive(Clone, Debug, Serialize)]
struct HistoryRow {
    invoice_number: String,
    kind: String,
    issue_date: String,
    period_start: String,
    period_end: String,
    currency: String,
    total: String,
    credit_applied: String,
    amount_due: String,
    due_date: String,
    file: String,
}

/// The fields of [`HistoryRow`], in order.
const COLUMNS: [&str; 11] = [
    "invoice_number",
    "kind",
    "issue_date",
    "period_start",
    "period_end",
    "currency",
    "total",
    "credit_applied",
    "amount_due",
    "due_date",
    "file",
];

const TITLES: [&str; 8] =
    ["number", "date", "period", "currency", "total", "credit used", "due", "file"];

/// Lists an account's invoices in all closes.
///
/// # Errors
/// The register cannot be read, or has nothing for the account.
pub(crate) fn history(
    output: &Path,
    account_id: &str,
    format: ListFormat,
) -> Result<String, RunError> {
    let mut entries = Vec::new();
    for close in &Register::open(output)?.closes {
        entries.extend(entries_of(&close.path, account_id)?);
    }
    if entries.is_empty() {
        return Err(RunError::NotFound {
            what: format!("account {account_id}"),
            hint: "accounts appear here with their first invoice; see account_id in invoices.csv",
        });
    }
    Ok(match format {
        ListFormat::Table => table(&entries),
        ListFormat::Csv => csv_text(&COLUMNS, &entries),
        ListFormat::Json => json_text(&entries),
    })
}

fn entries_of(close: &Path, account_id: &str) -> Result<Vec<HistoryRow>, RunError> {
    let mut entries = Vec::new();
    each_row(close, "invoices.csv", |row| {
        if row.text("account_id") == account_id {
            entries.push(entry(row, close));
        }
    })?;
    if entries.is_empty() {
        return Ok(entries);
    }
    let mut periods: BTreeMap<String, (String, String)> = BTreeMap::new();
    each_row(close, "invoice_lines.csv", |row| {
        if row.text("account_id") == account_id {
            widen(&mut periods, row);
        }
    })?;
    for entry in &mut entries {
        if let Some((start, end)) = periods.remove(&entry.invoice_number) {
            (entry.period_start, entry.period_end) = (start, end);
        }
    }
    Ok(entries)
}

fn entry(row: &PublishedRow<'_>, close: &Path) -> HistoryRow {
    let text = |column: &str| row.get(column).to_owned();
    HistoryRow {
        invoice_number: text("invoice_number"),
        kind: text("kind"),
        issue_date: text("issue_date"),
        period_start: String::new(),
        period_end: String::new(),
        currency: text("currency"),
        total: text("total"),
        credit_applied: text("credit_applied"),
        amount_due: text("amount_due"),
        due_date: text("due_date"),
        file: close.join(row.get("pdf")).display().to_string(),
    }
}

/// Extends an invoice's period to include one of its lines.
fn widen(periods: &mut BTreeMap<String, (String, String)>, row: &PublishedRow<'_>) {
    let date = |column: &str| row.get(column).chars().take(10).collect::<String>();
    let (start, end) = (date("service_start"), date("service_end"));
    let period = periods
        .entry(row.get("invoice_number").to_owned())
        .or_insert_with(|| (start.clone(), end.clone()));
    if start < period.0 {
        period.0 = start;
    }
    if end > period.1 {
        period.1 = end;
    }
}

fn table(entries: &[HistoryRow]) -> String {
    let mut rows = vec![TITLES.map(str::to_owned)];
    rows.extend(entries.iter().map(|entry| {
        [
            entry.invoice_number.clone(),
            entry.issue_date.clone(),
            format!("{} – {}", entry.period_start, entry.period_end),
            entry.currency.clone(),
            entry.total.clone(),
            entry.credit_applied.clone(),
            entry.amount_due.clone(),
            entry.file.clone(),
        ]
    }));
    align(&rows, 4..7)
}
