//! Reads published tables into documents.
//!
//! Older closes may lack columns that were added later: a line then has no tax, and its amount is
//! the net amount. The result adds up from lines to documents; otherwise reading fails.

use std::collections::HashMap;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::document::{Document, DocumentLine};
use super::{ExportError, one_line};
use crate::config::BilledRate;
use crate::model::{DocumentKind, LineKind, TaxTreatment};
use crate::table::plain_text;
use crate::value::{Amount, Currency};

const INVOICES: &str = "invoices.csv";
const LINES: &str = "invoice_lines.csv";

#[derive(Deserialize)]
struct InvoiceRow<'a> {
    invoice_number: &'a str,
    kind: &'a str,
    account_id: &'a str,
    account_name: &'a str,
    billing_email: &'a str,
    currency: &'a str,
    issue_date: &'a str,
    due_date: &'a str,
    tax: &'a str,
    total: &'a str,
    amount_due: &'a str,
    #[serde(default)]
    credits_invoice: &'a str,
    #[serde(default)]
    tax_id: &'a str,
}

#[derive(Deserialize)]
struct LineRow<'a> {
    invoice_number: &'a str,
    kind: &'a str,
    description: &'a str,
    service_start: &'a str,
    service_end: &'a str,
    quantity: &'a str,
    unit_amount: &'a str,
    prorated_numerator: &'a str,
    prorated_denominator: &'a str,
    amount: &'a str,
    tax_amount: &'a str,
    product: &'a str,
    #[serde(default)]
    tax_code: &'a str,
    #[serde(default)]
    tax_rate: &'a str,
    #[serde(default)]
    tax_treatment: &'a str,
    #[serde(default)]
    net_amount: &'a str,
}

/// Reads `invoices.csv` and `invoice_lines.csv`.
///
/// # Errors
/// A table that prorata did not write, or that does not add up.
pub(crate) fn documents(invoices: &[u8], lines: &[u8]) -> Result<Vec<Document>, ExportError> {
    let mut documents = Vec::new();
    each_record(INVOICES, invoices, |record, header| {
        documents.push(document(&deserialized(record, header)?)?);
        Ok(())
    })?;
    let places: HashMap<String, usize> =
        documents.iter().map(|it| it.number.clone()).zip(0..).collect();
    each_record(LINES, lines, |record, header| {
        let row: LineRow<'_> = deserialized(record, header)?;
        let place = places.get(row.invoice_number).ok_or("is of no document")?;
        let document: &mut Document = &mut documents[*place];
        document.lines.push(line(&row, document.currency)?);
        Ok(())
    })?;
    documents.iter().try_for_each(check_sums)?;
    Ok(documents)
}

/// Calls `visit` with every record of a table. Errors name the row.
pub(super) fn each_record(
    table: &'static str,
    content: &[u8],
    mut visit: impl FnMut(&csv::StringRecord, &csv::StringRecord) -> Result<(), String>,
) -> Result<(), ExportError> {
    let damaged = |reason: String| ExportError::Damaged { table, reason };
    let mut reader = csv::Reader::from_reader(content);
    let header = reader.headers().map_err(|error| damaged(error.to_string()))?.clone();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| damaged(error.to_string()))? {
        let line = record.position().map_or(0, csv::Position::line);
        visit(&record, &header).map_err(|reason| damaged(format!("line {line} {reason}")))?;
    }
    Ok(())
}

pub(super) fn deserialized<'a, T: Deserialize<'a>>(
    record: &'a csv::StringRecord,
    header: &'a csv::StringRecord,
) -> Result<T, String> {
    record.deserialize(Some(header)).map_err(|error| error.to_string())
}

fn document(row: &InvoiceRow<'_>) -> Result<Document, String> {
    let currency = parsed_currency(row.currency)?;
    let amount = |column, text| parsed_amount(column, text, currency);
    let (tax, total) = (amount("tax", row.tax)?, amount("total", row.total)?);
    Ok(Document {
        number: row.invoice_number.to_owned(),
        kind: kind(row.kind)?,
        account_id: text(row.account_id),
        account_name: text(row.account_name),
        email: text(row.billing_email),
        tax_id: text(row.tax_id),
        currency,
        issue_date: parsed("issue_date", row.issue_date)?,
        due_date: match row.due_date {
            "" => None,
            date => Some(parsed("due_date", date)?),
        },
        credits_invoice: row.credits_invoice.to_owned(),
        net: total.checked_sub(tax).ok_or("has a total that does not fit")?,
        tax,
        total,
        amount_due: amount("amount_due", row.amount_due)?,
        lines: Vec::new(),
    })
}

fn line(row: &LineRow<'_>, currency: Currency) -> Result<DocumentLine, String> {
    let amount = |column, text| parsed_amount(column, text, currency);
    let net = if row.net_amount.is_empty() { row.amount } else { row.net_amount };
    let is_whole = row.prorated_numerator == row.prorated_denominator;
    LineKind::parse(row.kind).ok_or_else(|| odd("kind", row.kind))?;
    Ok(DocumentLine {
        description: text(row.description),
        product: text(row.product),
        service_start: day("service_start", row.service_start)?,
        service_end: day("service_end", row.service_end)?,
        quantity: parsed("quantity", row.quantity)?,
        unit_amount: match row.unit_amount {
            unit if is_whole && !unit.is_empty() => Some(parsed::<Decimal>("unit_amount", unit)?),
            _ => None,
        },
        net: amount("net_amount", net)?,
        tax: amount("tax_amount", row.tax_amount)?,
        tax_code: text(row.tax_code),
        tax_rate: tax_rate(row)?,
        tax_treatment: TaxTreatment::parse(row.tax_treatment),
    })
}

/// The billed rate of a line, if it has a code. Closes without a treatment column taxed every line
/// with a code.
fn tax_rate(row: &LineRow<'_>) -> Result<Option<BilledRate>, String> {
    if row.tax_code.is_empty() {
        return Ok(None);
    }
    let percent = match row.tax_rate {
        "" => Decimal::ZERO,
        rate => parsed("tax_rate", rate)?,
    };
    let treatment = TaxTreatment::parse(row.tax_treatment).unwrap_or(TaxTreatment::Taxable);
    Ok(Some(BilledRate::new(treatment, percent)))
}

/// Checks that the lines of a document add up to it.
fn check_sums(document: &Document) -> Result<(), ExportError> {
    let sum =
        |part: fn(&DocumentLine) -> Amount| Amount::checked_sum(document.lines.iter().map(part));
    if sum(|line| line.net) == Some(document.net) && sum(|line| line.tax) == Some(document.tax) {
        return Ok(());
    }
    Err(ExportError::Mismatch(format!(
        "the lines of {} do not come to its total without tax and its tax",
        document.number
    )))
}

fn kind(word: &str) -> Result<DocumentKind, String> {
    [DocumentKind::Invoice, DocumentKind::Credit, DocumentKind::CreditNote]
        .into_iter()
        .find(|kind| kind.to_string() == word)
        .ok_or_else(|| odd("kind", word))
}

/// A text without its guard, on one line.
pub(super) fn text(cell: &str) -> String {
    one_line(plain_text(cell))
}

pub(super) fn parsed_currency(code: &str) -> Result<Currency, String> {
    Currency::from_code(code).ok_or_else(|| odd("currency", code))
}

pub(super) fn parsed_amount(
    column: &str,
    text: &str,
    currency: Currency,
) -> Result<Amount, String> {
    Amount::parse(text, currency)
        .ok()
        // Some programs need negated credits, so the one amount without a negation is refused.
        .filter(|amount| amount.checked_neg().is_some())
        .ok_or_else(|| odd(column, text))
}

pub(super) fn parsed<T: FromStr>(column: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| odd(column, text))
}

/// The date of an instant in its own offset, which is the account's.
fn day(column: &str, text: &str) -> Result<NaiveDate, String> {
    text.get(..10).and_then(|date| date.parse().ok()).ok_or_else(|| odd(column, text))
}

fn odd(column: &str, text: &str) -> String {
    format!("has the {column} {text:?}")
}
