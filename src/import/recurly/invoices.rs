//! Invoices that Recurly issued: to compare with, and to tell what they have that an import lacks.

use std::collections::BTreeMap;

use super::subscriptions::add_on_id;
use super::tables::{AccountRow, InvoiceRow, LineRow};
use super::versions::newest;
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::old_invoice::{OldInvoice, OldLine};
use crate::import::values::{Cells, NotTaken};
use crate::value::Amount;

/// Reads the invoices.
pub(crate) fn invoices(folder: &mut ExportFolder<'_>) -> Vec<OldInvoice> {
    let accounts = folder.required::<AccountRow>();
    let accounts = newest(folder, accounts);
    let codes: BTreeMap<&str, &str> =
        accounts.iter().map(|row| (row.cells.id.as_str(), row.cells.code.as_str())).collect();
    let rows = folder.required::<LineRow>();
    let mut lines: BTreeMap<String, Vec<OldLine>> = BTreeMap::new();
    for row in &newest(folder, rows) {
        if let Ok(line) = line(&mut Cells { row, folder: &mut *folder }) {
            lines.entry(row.cells.invoice_id.clone()).or_default().extend(line);
        }
    }
    let rows = folder.required::<InvoiceRow>();
    let rows = newest(folder, rows);
    let issued = rows.iter().filter(|row| row.cells.state != "voided");
    issued
        .filter_map(|row| {
            let lines = lines.remove(&row.cells.id).unwrap_or_default();
            invoice(&mut Cells { row, folder: &mut *folder }, &codes, lines).ok()
        })
        .collect()
}

fn invoice(
    cells: &mut Cells<'_, '_, InvoiceRow>,
    codes: &BTreeMap<&str, &str>,
    lines: Vec<OldLine>,
) -> Result<OldInvoice, NotTaken> {
    let it = &cells.row.cells;
    let Some(account) = codes.get(it.account_id.as_str()) else {
        let hint = "export the accounts at the same time";
        return Err(cells.report(
            "account_id",
            &it.account_id,
            "is not in account_history.csv",
            hint,
        ));
    };
    let currency = cells.currency("currency", &it.currency)?;
    let tax = match it.tax.as_str() {
        "" => Amount::from_minor(0),
        tax => cells.amount("tax", tax, currency)?,
    };
    Ok(OldInvoice {
        id: it.id.clone(),
        account: (*account).to_owned(),
        currency,
        issued: cells.optional_instant("created_at", &it.created_at)?,
        total: cells.amount("total", &it.total, currency)?,
        tax: Some(tax),
        lines,
    })
}

/// A line of a subscription; others have nothing to compare but their invoice.
fn line(cells: &mut Cells<'_, '_, LineRow>) -> Result<Option<OldLine>, NotTaken> {
    let it = &cells.row.cells;
    if it.subscription_id.is_empty() {
        return Ok(None);
    }
    let currency = cells.currency("currency", &it.currency)?;
    let quantity = cells.optional_decimal("quantity", &it.quantity)?;
    let start = cells.optional_instant("start_date", &it.start_date)?;
    let end = cells.optional_instant("end_date", &it.end_date)?;
    let subscription = match it.add_on_id.as_str() {
        "" => it.subscription_id.clone(),
        add_on => add_on_id(&it.subscription_id, add_on),
    };
    Ok(Some(OldLine {
        subscription,
        amount: cells.amount("subtotal", &it.subtotal, currency)?,
        quantity,
        period: start.zip(end),
        is_proration: Some(!it.proration_rate.is_empty()),
    }))
}

/// Notes what invoices have and an import does not: taxes, and what is still to be paid.
pub(super) fn look(folder: &mut ExportFolder<'_>) {
    look_at_lines(folder);
    let Some(rows) = folder.optional::<InvoiceRow>() else {
        let what = [
            "without invoices nothing tells whether Recurly charges tax",
            "export them as well, or write tax_rates.csv if it does",
        ];
        return folder.cannot_tell("invoice_history.csv", what);
    };
    let rows: Vec<Row<InvoiceRow>> = newest(folder, rows);
    let is_nothing = |text: &str| text.trim_matches(['0', '.', '-']).is_empty();
    if let Some(row) = rows.iter().find(|row| !is_nothing(&row.cells.tax)) {
        let what = [
            "Recurly charged tax; tax rates are not in the export",
            "write tax_rates.csv, and its codes into prices.csv and accounts.csv",
        ];
        folder.findings.push(row.finding("tax", &row.cells.tax, Effect::BillsDiffer, what));
    }
    for row in rows.iter().filter(|row| !is_nothing(&row.cells.balance)) {
        let what = ["invoices of Recurly stay there", "collect it in Recurly"];
        folder.findings.push(row.finding("balance", &row.cells.balance, Effect::None, what));
    }
}

/// Lines that no invoice has yet.
fn look_at_lines(folder: &mut ExportFolder<'_>) {
    let Some(rows) = folder.optional::<LineRow>() else {
        let what = [
            "without lines nothing tells whether charges wait for the next invoice",
            "export them as well, or write such charges into adjustments.csv",
        ];
        return folder.cannot_tell("line_item_history.csv", what);
    };
    for row in newest(folder, rows).iter().filter(|row| row.cells.state == "pending") {
        let what = ["it waits for the next invoice", "write it into adjustments.csv"];
        let finding = row.finding("subtotal", &row.cells.subtotal, Effect::BillsDiffer, what);
        folder.findings.push(finding);
    }
}
