//! Reads the changes of an account's balances in a close from the published tables, and sorts them
//! in the order of settlement.

use std::collections::HashMap;
use std::path::Path;

use super::error::RunError;
use super::published::{PublishedRow, damaged, each_row};
use crate::payments::{CREDIT_NOTE, CREDIT_REFUND};
use crate::register::read_receivables;
use crate::value::{Amount, Currency, Instant, Moment, Zone};

/// A change of an account's debt or credit.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    /// The day, in the account's calendar.
    pub(crate) date: String,
    /// The kind, as the tables name it.
    pub(crate) kind: String,
    /// The number of the document, or the payment's id.
    pub(crate) reference: String,
    /// Further details.
    pub(crate) details: String,
    /// The currency of the amounts.
    pub(crate) currency: Currency,
    /// The change of the debt.
    pub(crate) owed: Amount,
    /// The change of the credit.
    pub(crate) credit: Amount,
}

/// The sort key within a close. At one instant, invoices that grant credit come first, then the
/// others, then payments.
type MovementRank = (Instant, u8);

/// The movements of an account in a close.
///
/// # Errors
/// The tables cannot be read.
pub(crate) fn movements(close: &Path, account_id: &str) -> Result<Vec<Movement>, RunError> {
    let documents = rows_of(close, "invoices.csv", account_id, document)?;
    let parts = rows_of(close, "payments_applied.csv", account_id, part)?;
    if documents.is_empty() && parts.is_empty() {
        return Ok(Vec::new());
    }
    let receivables = read_receivables(close)?.into_iter();
    let instants: HashMap<String, Instant> = receivables
        .filter(|receivable| *receivable.account_id == *account_id)
        .map(|receivable| (receivable.invoice_number.to_string(), receivable.instant))
        .collect();
    let mut ranked: Vec<(MovementRank, Movement)> = Vec::new();
    for document in documents {
        let instant = instants.get(&document.reference).ok_or_else(|| {
            damaged(&close.join("invoices.csv"), "has a document that the state does not know")
        })?;
        ranked.push(((*instant, u8::from(document.kind == "invoice")), document));
    }
    let mut earliest = Instant::from_unix_seconds(0);
    for payment in parts.chunk_by(|a, b| a.payment_id == b.payment_id) {
        // A payment for an invoice was settled no earlier than the invoice. Later rows of the table
        // were settled later.
        let invoices = payment.iter().filter_map(|part| instants.get(&part.invoice_number));
        earliest = invoices.copied().chain([payment[0].at, earliest]).max().unwrap_or(earliest);
        let movement = put_together(payment)
            .ok_or_else(|| damaged(&close.join("payments_applied.csv"), "does not add up"))?;
        ranked.push(((earliest, 2), movement));
    }
    // A stable sort keeps the table order within a rank.
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, movement)| movement).collect())
}

/// Applies `read` to the rows of an account.
fn rows_of<T>(
    close: &Path,
    table: &str,
    account_id: &str,
    read: fn(&PublishedRow<'_>) -> Option<T>,
) -> Result<Vec<T>, RunError> {
    let mut found = Vec::new();
    each_row(close, table, |row| {
        if row.text("account_id") == account_id {
            found.push(read(row));
        }
    })?;
    let found: Option<Vec<T>> = found.into_iter().collect();
    found.ok_or_else(|| damaged(&close.join(table), "has a row that makes no sense"))
}

fn document(row: &PublishedRow<'_>) -> Option<Movement> {
    let currency = row.currency()?;
    let (total, used) = (row.money("total")?, row.money("credit_applied")?);
    let due = row.money("amount_due")?;
    let mut details = Vec::new();
    if !used.is_zero() {
        details.push(format!("{} paid from credit", used.to_decimal_string(currency)));
    }
    if !due.is_zero() {
        details.push(format!("due {}", row.get("due_date")));
    }
    Some(Movement {
        date: row.get("issue_date").to_owned(),
        kind: row.get("kind").to_owned(),
        reference: row.get("invoice_number").to_owned(),
        details: details.join(", "),
        currency,
        owed: due,
        // A negative total becomes credit.
        credit: Amount::ZERO.checked_sub(total.min(Amount::ZERO))?.checked_sub(used)?,
    })
}

/// A row of `payments_applied.csv`.
struct AppliedPart {
    payment_id: String,
    date: String,
    at: Instant,
    method: String,
    currency: Currency,
    /// The document that it names. Empty if it went to the credit, unless a refund names one.
    invoice_number: String,
    amount: Amount,
    /// As the table has it.
    kind: String,
}

impl AppliedPart {
    /// Whether it went to the credit, or came from there.
    fn is_credit(&self) -> bool {
        self.invoice_number.is_empty() || self.kind == CREDIT_REFUND
    }
}

fn part(row: &PublishedRow<'_>) -> Option<AppliedPart> {
    let at = row.get("at");
    Some(AppliedPart {
        payment_id: row.text("payment_id").to_owned(),
        date: at.get(..10)?.to_owned(),
        at: Moment::parse(at).ok()?.at(Zone::UTC),
        method: row.text("method").to_owned(),
        currency: row.currency()?,
        invoice_number: row.get("invoice_number").to_owned(),
        amount: row.money("amount")?,
        kind: row.get("kind").to_owned(),
    })
}

/// Joins the parts of a payment. A payment has at least one part. `None` if their sum overflows.
fn put_together(parts: &[AppliedPart]) -> Option<Movement> {
    let sum = |is_counted: fn(&AppliedPart) -> bool| {
        let counted = parts.iter().filter(|part| is_counted(part));
        Amount::checked_sum(counted.map(|part| part.amount))
    };
    let first = &parts[0];
    let ways: Vec<String> = parts.iter().map(|part| way(part, parts.len() > 1)).collect();
    let method = [first.method.as_str()].into_iter().filter(|method| !method.is_empty());
    let details: Vec<&str> = method.chain(ways.iter().map(String::as_str)).collect();
    Some(Movement {
        date: first.date.clone(),
        kind: kind(first).to_owned(),
        reference: first.payment_id.clone(),
        details: details.join(", "),
        currency: first.currency,
        owed: sum(|part| !part.is_credit())?.checked_neg()?,
        credit: sum(AppliedPart::is_credit)?,
    })
}

fn kind(part: &AppliedPart) -> &str {
    match (&*part.kind, part.amount.is_negative()) {
        (CREDIT_NOTE, _) => "allocation",
        (kind @ ("chargeback" | "write_off" | "bank_fee" | "exchange_difference"), _) => kind,
        (_, true) => "refund",
        (_, false) => "payment",
    }
}

/// The destination or source of a part: "for INV-2020-00019", "4.95 to credit".
fn way(part: &AppliedPart, is_one_of_several: bool) -> String {
    let word = match (part.amount.is_negative(), part.is_credit()) {
        (true, _) => "from",
        (false, true) => "to",
        (false, false) => "for",
    };
    let place = match (&*part.invoice_number, part.is_credit()) {
        ("", _) => "credit".to_owned(),
        (number, true) => format!("credit, for {number}"),
        (number, false) => number.to_owned(),
    };
    if is_one_of_several {
        let amount = part.amount.to_decimal_string(part.currency);
        format!("{} {word} {place}", amount.trim_start_matches('-'))
    } else {
        format!("{word} {place}")
    }
}
