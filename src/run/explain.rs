//! `prorata explain`: why every line of an invoice is what it is, in words and arithmetic that can
//! be read to a customer.

use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr as _;

use rust_decimal::Decimal;

use super::RunError;
use super::published::{Row, each_row};
use crate::register::Register;
use crate::render::format::grouped;
use crate::value::TimeUnit;

/// Explains a published invoice.
///
/// # Errors
/// The register cannot be read, or there is no such invoice.
pub fn explain(output: &Path, number: &str) -> Result<String, RunError> {
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

fn head(row: &Row<'_>) -> String {
    format!(
        "{} {} of {}, for {} ({})\n",
        if row.get("kind") == "credit" { "Credit" } else { "Invoice" },
        row.get("invoice_number"),
        row.get("issue_date"),
        row.get("account_name"),
        row.get("account_id"),
    )
}

fn line(row: &Row<'_>) -> String {
    let mut text = format!(
        "\n{}. {}   {} {}\n",
        row.get("line_number"),
        row.get("description"),
        row.get("amount"),
        row.get("currency")
    );
    let service = |column: &str| row.get(column).replace('T', " ");
    let _ = writeln!(text, "   from {} to {}", service("service_start"), service("service_end"));
    if !row.get("change_id").is_empty() {
        let _ = writeln!(text, "   because of change {}", row.get("change_id"));
    }
    if !row.get("corrects_invoice").is_empty() {
        let _ = writeln!(
            text,
            "   because line {} of invoice {} was billed before {}",
            row.get("corrects_line"),
            row.get("corrects_invoice"),
            row.get("correction_reason")
                .trim_start_matches("the ")
                .replace("arrived later", "was known")
        );
    }
    let _ = writeln!(text, "   {}", arithmetic(row));
    text
}

/// "3 × 20.00 = 60.00 a month; 666,540 of 2,678,400 seconds were left;
/// 60.00 × 666,540 ÷ 2,678,400 = 14.93, given back"
fn arithmetic(row: &Row<'_>) -> String {
    let whole = whole_price(row);
    let gives_back = row.get("amount").starts_with('-');
    let back = if gives_back { ", given back" } else { "" };
    let (numerator, denominator) = (row.get("prorated_numerator"), row.get("prorated_denominator"));
    if numerator == denominator {
        return format!("{whole}{back}");
    }
    let units = match TimeUnit::parse(row.get("prorated_unit")) {
        Some(TimeUnit::Day) => "days",
        _ => "seconds",
    };
    let verb = if row.get("kind") == "recurring" { "are billed" } else { "were left" };
    let price = row.get("price_amount").trim_start_matches('-');
    let amount = row.get("amount").trim_start_matches('-');
    let (part, all) = (grouped(numerator), grouped(denominator));
    format!(
        "{whole}; {part} of {all} {units} {verb}; {} × {part} ÷ {all} = {}{back}",
        grouped(price),
        grouped(amount)
    )
}

/// What the quantity costs for a whole period.
fn whole_price(row: &Row<'_>) -> String {
    let quantity = row.get("quantity");
    let price = row.get("price_amount").trim_start_matches('-');
    let per = match row.get("interval") {
        "" => String::new(),
        interval if interval.contains(' ') => format!(" every {interval}"),
        interval => format!(" a {interval}"),
    };
    let unit = row.get("unit_amount");
    let product = |unit: Decimal| Decimal::from_str(quantity).ok()?.checked_mul(unit);
    let uniform = Decimal::from_str(unit).ok().and_then(product);
    if quantity == "1" {
        format!("{}{per}", grouped(price))
    } else if uniform == Decimal::from_str(price).ok() {
        format!("{} × {} = {}{per}", grouped(quantity), grouped(unit), grouped(price))
    } else if unit.is_empty() {
        format!("{} cost {}{per} by the price list", grouped(quantity), grouped(price))
    } else {
        format!("{}{per}, whatever the quantity", grouped(price))
    }
}

fn foot(row: &Row<'_>) -> String {
    let currency = row.get("currency");
    let mut text = format!("\nTotal {} {currency}", row.get("total"));
    let used = row.get("credit_applied");
    if Decimal::from_str(used).is_ok_and(|used| !used.is_zero()) {
        let _ = write!(text, "; {used} was paid from credit");
    }
    if row.get("kind") == "credit" {
        let _ = write!(text, "; it was added to the account's credit");
    } else {
        let _ = write!(text, "; {} is due on {}", row.get("amount_due"), row.get("due_date"));
    }
    let left = row.get("credit_balance");
    if Decimal::from_str(left).is_ok_and(|left| !left.is_zero()) {
        let _ = write!(text, "; credit left: {left}");
    }
    text + "\n"
}
