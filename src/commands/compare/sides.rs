//! Reads the two sides: the tables of a close or a preview, and old invoices.

use std::path::Path;

use super::classify::Sides;
use super::difference::SideLine;
use crate::import::OldInvoice;
use crate::pipeline::{PublishedRow, RunError, damaged, each_row};
use crate::value::{Amount, Moment, Zone, parse_decimal};

pub(super) const INVOICES: &str = "invoices.csv";
pub(super) const LINES: &str = "invoice_lines.csv";

/// What a close, or the folder of a preview, billed.
pub(super) fn here(folder: &Path) -> Result<Sides, RunError> {
    let mut sides = Sides::new();
    let mut is_sound = true;
    each_row(folder, INVOICES, |row| {
        is_sound &= add_invoice(&mut sides, row).is_some();
    })?;
    if !is_sound {
        return Err(damaged(&folder.join(INVOICES), "has an amount that cannot be read"));
    }
    each_row(folder, LINES, |row| {
        is_sound &= add_line(&mut sides, row).is_some();
    })?;
    if !is_sound {
        return Err(damaged(&folder.join(LINES), "has an amount that cannot be read"));
    }
    Ok(sides)
}

fn add_invoice(sides: &mut Sides, row: &PublishedRow<'_>) -> Option<()> {
    let key = (row.text("account_id").to_owned(), row.currency()?.code());
    let side = sides.entry(key).or_default();
    side.documents.push(row.text("invoice_number").to_owned());
    side.total = side.total.checked_add(row.money("total")?)?;
    side.tax = Some(side.tax.unwrap_or_default().checked_add(row.money("tax")?)?);
    Some(())
}

/// Discounts and adjustments belong to no period, so the totals have them alone.
fn add_line(sides: &mut Sides, row: &PublishedRow<'_>) -> Option<()> {
    let kind = row.get("kind");
    if matches!(kind, "discount" | "adjustment") {
        return Some(());
    }
    let at = |column: &str| Some(Moment::parse(row.get(column)).ok()?.at(Zone::UTC));
    let key = (row.text("account_id").to_owned(), row.currency()?.code());
    let is_part = row.get("prorated_numerator") != row.get("prorated_denominator");
    let line = SideLine {
        subscription: row.text("subscription_id").to_owned(),
        amount: row.money("net_amount").or_else(|| row.money("amount"))?,
        quantity: parse_decimal(row.get("quantity")).ok(),
        period: at("service_start").zip(at("service_end")),
        is_proration: Some(kind != "recurring" || is_part),
    };
    sides.entry(key).or_default().lines.push(line);
    Some(())
}

/// The old invoices by account and currency. `None` if their sums are too large.
pub(super) fn there(invoices: Vec<OldInvoice>) -> Option<Sides> {
    let mut sides = Sides::new();
    for invoice in invoices {
        let side = sides.entry((invoice.account, invoice.currency.code())).or_default();
        let is_first = side.documents.is_empty();
        side.documents.push(invoice.id);
        side.total = side.total.checked_add(invoice.total)?;
        // The tax of all is known if that of each is.
        let before = if is_first { Some(Amount::from_minor(0)) } else { side.tax };
        side.tax = match before.zip(invoice.tax) {
            Some((before, tax)) => Some(before.checked_add(tax)?),
            None => None,
        };
        let lines = invoice.lines.into_iter().map(|line| SideLine {
            subscription: line.subscription,
            amount: line.amount,
            quantity: line.quantity,
            period: line.period,
            is_proration: line.is_proration,
        });
        side.lines.extend(lines);
    }
    Some(sides)
}
