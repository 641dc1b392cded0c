//! `prorata history`: the documents of one account, oldest first.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;

use super::RunError;
use super::published::{Row, each_row};
use crate::register::Register;

/// How the list is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// Aligned columns for people.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// An array of objects.
    Json,
}

/// One document in the list.
#[derive(Clone, Debug, Serialize)]
struct Entry {
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

const TITLES: [&str; 8] =
    ["number", "date", "period", "currency", "total", "credit used", "due", "file"];

/// Lists an account's documents in all closes.
///
/// # Errors
/// The register cannot be read, or has nothing on the account.
pub fn history(output: &Path, account_id: &str, format: HistoryFormat) -> Result<String, RunError> {
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
        HistoryFormat::Table => table(&entries),
        HistoryFormat::Csv => csv_text(&entries),
        HistoryFormat::Json => {
            serde_json::to_string_pretty(&entries).expect("entries are texts") + "\n"
        }
    })
}

fn entries_of(close: &Path, account_id: &str) -> Result<Vec<Entry>, RunError> {
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

fn entry(row: &Row<'_>, close: &Path) -> Entry {
    let text = |column: &str| row.get(column).to_owned();
    Entry {
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

/// Widens an invoice's period to the dates of one of its lines.
fn widen(periods: &mut BTreeMap<String, (String, String)>, row: &Row<'_>) {
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

fn table(entries: &[Entry]) -> String {
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
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            // Amounts stand to the right, so that their digits do.
            if (4..7).contains(&column) {
                format!("{cell:>width$}")
            } else {
                format!("{cell:width$}")
            }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

fn csv_text(entries: &[Entry]) -> String {
    const INFALLIBLE: &str = "writing to memory does not fail";
    let mut writer = csv::Writer::from_writer(Vec::new());
    for entry in entries {
        writer.serialize(entry).expect(INFALLIBLE);
    }
    String::from_utf8(writer.into_inner().expect(INFALLIBLE)).expect("entries are UTF-8")
}
