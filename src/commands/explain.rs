//! `prorata explain`: explains every line of an invoice in words and arithmetic for a customer.

use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr as _;

use rust_decimal::Decimal;

use crate::model::RoundPer;
use crate::pipeline::{PublishedRow, RunError, each_row};
use crate::register::Register;
use crate::value::{TimeUnit, visible_line};
use crate::wording::grouped;

/// Explains a published invoice.
///
/// # Errors
/// The register cannot be read, or has no such invoice.
pub(crate) fn explain(output: &Path, number: &str) -> Result<String, RunError> {
    let register = Register::open(output)?;
    for close in register.closes.iter().rev() {
        let mut text = String::new();
        each_row(&close.path, "invoices.csv", |row| {
            if row.get("invoice_number") == number {
                text.push_str(&head(row));
            }
        })?;
        if text.is_empty() {
            continue;
        }
        each_row(&close.path, "invoice_lines.csv", |row| {
            if row.get("invoice_number") == number {
                text.push_str(&line(row));
            }
        })?;
        each_row(&close.path, "invoices.csv", |row| {
            if row.get("invoice_number") == number {
                text.push_str(&foot(row));
            }
        })?;
        return Ok(text);
    }
    Err(RunError::NotFound {
        what: format!("invoice {number}"),
        hint: "prorata history --account ACCOUNT lists the invoices of an account",
    })
}

fn head(row: &PublishedRow<'_>) -> String {
    format!(
        "{} {} of {}, for {} ({})\n",
        if row.get("kind") == "credit" { "Credit" } else { "Invoice" },
        row.get("invoice_number"),
        row.get("issue_date"),
        visible_line(row.text("account_name")),
        visible_line(row.text("account_id")),
    )
}

fn line(row: &PublishedRow<'_>) -> String {
    let mut text = format!(
        "\n{}. {}   {} {}\n",
        row.get("line_number"),
        visible_line(row.text("description")),
        row.get("amount"),
        row.get("currency")
    );
    let service = |column: &str| row.get(column).replace('T', " ");
    let _ = writeln!(text, "   from {} to {}", service("service_start"), service("service_end"));
    if !row.get("change_id").is_empty() {
        let _ = writeln!(text, "   because of change {}", visible_line(row.text("change_id")));
    }
    if !row.get("correction_reason").is_empty() {
        let _ = writeln!(
            text,
            "   because {}: {}",
            corrected(row),
            visible_line(row.text("correction_reason"))
        );
    }
    let _ = writeln!(text, "   {}", arithmetic(row));
    text
}

fn corrected(row: &PublishedRow<'_>) -> String {
    match row.get("corrects_invoice") {
        "" => "what was billed before the register was opened is corrected".to_owned(),
        number => format!("line {} of invoice {number} is corrected", row.get("corrects_line")),
    }
}

/// "3 × 20.00 = 60.00 a month; 666,540 of 2,678,400 seconds were left;
/// 60.00 × 666,540 ÷ 2,678,400 = 14.93, given back"
fn arithmetic(row: &PublishedRow<'_>) -> String {
    let mut steps = vec![whole_price(row)];
    let (numerator, denominator) = (row.get("prorated_numerator"), row.get("prorated_denominator"));
    let is_whole = numerator == denominator;
    if !is_whole {
        let units =
            if row.get("prorated_unit") == TimeUnit::Day.as_str() { "days" } else { "seconds" };
        let verb = if is_of_period(row) { "are billed" } else { "were left" };
        steps.push(format!("{} of {} {units} {verb}", grouped(numerator), grouped(denominator)));
    }
    steps.extend(last_step(row, is_whole));
    let back = if row.get("amount").starts_with('-') { ", given back" } else { "" };
    steps.join("; ") + back
}

/// The step from the whole price to the amount, if there is one.
fn last_step(row: &PublishedRow<'_>, is_whole: bool) -> Option<String> {
    let share = format!(
        "{} ÷ {}",
        grouped(row.get("prorated_numerator")),
        grouped(row.get("prorated_denominator"))
    );
    let (price, amount) = (magnitude(row, "price_amount"), magnitude(row, "amount"));
    if cause(row).starts_with("net/") {
        return Some(format!("that share of each of the two, rounded, comes to {amount}"));
    }
    if row.get("round_per") == RoundPer::Unit.as_str() && !is_whole {
        let unit = per_unit(row)?;
        return Some(format!(
            "{} × {share} = {unit} a unit; {} × {unit} = {amount}",
            magnitude(row, "unit_amount"),
            grouped(row.get("quantity"))
        ));
    }
    match is_whole {
        true if decimal(&price) == decimal(&amount) => None,
        true => Some(format!("rounded to {amount}")),
        false => Some(format!("{price} × {share} = {amount}")),
    }
}

/// The prorated and rounded price of one unit.
fn per_unit(row: &PublishedRow<'_>) -> Option<Decimal> {
    let amount = Decimal::from_str(row.get("amount")).ok()?.abs();
    amount.checked_div(Decimal::from_str(row.get("quantity")).ok()?)
}

/// The price of a whole period, and its calculation.
fn whole_price(row: &PublishedRow<'_>) -> String {
    let per = match row.get("interval") {
        // An adjustment, or a charge of a void invoice, has none.
        "" => String::new(),
        interval if interval.contains(' ') => format!(" every {interval}"),
        interval => format!(" a {interval}"),
    };
    let detail = row.text("price_detail");
    let is_flat = decimal(detail)
        .is_some_and(|price| decimal(&magnitude(row, "price_amount")) == Some(price));
    let any = if is_flat && row.get("quantity") != "1" { ", whatever the quantity" } else { "" };
    format!("{}{per}{any}", visible_line(detail))
}

/// Whether the line bills the period itself, not the rest of it after a change.
fn is_of_period(row: &PublishedRow<'_>) -> bool {
    let cause = cause(row);
    cause == "period" || cause.starts_with("segment/")
}

/// The part of the line key after subscription and period.
fn cause<'a>(row: &'a PublishedRow<'_>) -> &'a str {
    let rest = row.text("line_key").strip_prefix(row.text("subscription_id")).unwrap_or_default();
    rest.splitn(3, '/').nth(2).unwrap_or_default()
}

/// An absolute amount, with separators.
fn magnitude(row: &PublishedRow<'_>, column: &str) -> String {
    grouped(row.get(column).trim_start_matches('-'))
}

fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str(&text.replace(',', "")).ok()
}

fn foot(row: &PublishedRow<'_>) -> String {
    let currency = row.get("currency");
    let mut text = format!("\nTotal {} {currency}", row.get("total"));
    let used = row.get("credit_applied");
    if Decimal::from_str(used).is_ok_and(|used| !used.is_zero()) {
        let _ = write!(text, "; {used} was paid from credit");
    }
    if row.get("kind") == "credit" {
        let _ = write!(text, "; it was added to the account's credit");
    } else if row.get("kind") == "credit_note" {
        let _ = write!(text, "; it credits {}", row.get("credits_invoice"));
    } else {
        let _ = write!(text, "; {} is due on {}", row.get("amount_due"), row.get("due_date"));
    }
    let left = row.get("credit_balance");
    if Decimal::from_str(left).is_ok_and(|left| !left.is_zero()) {
        let _ = write!(text, "; credit left: {left}");
    }
    text + "\n"
}
