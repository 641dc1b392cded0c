//! Invoices that Stripe issued: to compare with, and to tell what they have that an import lacks.

use std::collections::BTreeMap;

use super::rows::{items, subscription_id};
use super::tables::{InvoiceRow, ItemRow, LineRow};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::old_invoice::{OldInvoice, OldLine};
use crate::import::values::{Cells, NotTaken, first_of};
use crate::value::Amount;

/// Reads the invoices that were issued.
pub(crate) fn invoices(folder: &mut ExportFolder<'_>) -> Vec<OldInvoice> {
    let rows = folder.required::<InvoiceRow>();
    let items_of = items(folder);
    let mut lines: BTreeMap<String, Vec<OldLine>> = BTreeMap::new();
    for row in &folder.required::<LineRow>() {
        let mut cells = Cells { row, folder: &mut *folder };
        if let Ok(line) = line(&mut cells, &items_of) {
            lines.entry(row.cells.invoice_id.clone()).or_default().extend(line);
        }
    }
    let issued = rows.iter().filter(|row| is_issued(&row.cells));
    issued
        .filter_map(|row| {
            let lines = lines.remove(&row.cells.id).unwrap_or_default();
            invoice(&mut Cells { row, folder: &mut *folder }, lines).ok()
        })
        .collect()
}

/// Drafts and voided invoices ask for nothing.
fn is_issued(it: &InvoiceRow) -> bool {
    !matches!(it.status.as_str(), "draft" | "void" | "deleted")
        && !it.is_deleted.eq_ignore_ascii_case("true")
}

fn invoice(
    cells: &mut Cells<'_, '_, InvoiceRow>,
    lines: Vec<OldLine>,
) -> Result<OldInvoice, NotTaken> {
    let it = &cells.row.cells;
    let currency = cells.currency("currency", &it.currency)?;
    let tax = match it.tax.as_str() {
        "" => Amount::from_minor(0),
        tax => cells.units("tax", tax, currency)?,
    };
    Ok(OldInvoice {
        id: it.id.clone(),
        account: it.customer_id.clone(),
        currency,
        issued: cells.optional_instant("created", &first_of([&it.created, &it.date]))?,
        total: cells.units("total", &it.total, currency)?,
        tax: Some(tax),
        lines,
    })
}

/// A line of a subscription; others have nothing to compare but their invoice.
fn line(
    cells: &mut Cells<'_, '_, LineRow>,
    items: &BTreeMap<String, Vec<Row<ItemRow>>>,
) -> Result<Option<OldLine>, NotTaken> {
    let it = &cells.row.cells;
    if it.subscription_id.is_empty() {
        return Ok(None);
    }
    let count = items.get(&it.subscription_id).map_or(1, Vec::len);
    let currency = cells.currency("currency", &it.currency)?;
    let quantity = cells.optional_decimal("quantity", &it.quantity)?;
    let start = cells.optional_instant("period_start", &it.period_start)?;
    let end = cells.optional_instant("period_end", &it.period_end)?;
    Ok(Some(OldLine {
        subscription: subscription_id(&it.subscription_id, &it.subscription_item_id, count),
        amount: cells.units("amount", &it.amount, currency)?,
        quantity,
        period: start.zip(end),
        is_proration: Some(cells.truth("proration", &it.proration)?),
    }))
}

/// Notes what invoices have and an import does not: taxes, and what is still to be paid.
pub(super) fn look(folder: &mut ExportFolder<'_>) {
    let Some(rows) = folder.optional::<InvoiceRow>() else {
        let what = [
            "without invoices nothing tells whether Stripe charges tax",
            "export them as well, or write tax_rates.csv if it does",
        ];
        return folder.cannot_tell("invoice.csv", what);
    };
    // Read for their columns: the lines themselves are for comparisons.
    drop(folder.optional::<LineRow>());
    let is_nothing = |text: &str| text.trim_matches(['0', '.', '-']).is_empty();
    if let Some(row) = rows.iter().find(|row| !is_nothing(&row.cells.tax)) {
        let what = [
            "Stripe charged tax; tax rates are not in the export",
            "write tax_rates.csv, and its codes into prices.csv and accounts.csv",
        ];
        folder.findings.push(row.finding("tax", &row.cells.tax, Effect::BillsDiffer, what));
    }
    let open = rows
        .iter()
        .filter(|row| row.cells.status == "open" && !is_nothing(&row.cells.amount_remaining));
    for row in open {
        let what = ["invoices of Stripe stay there", "collect it in Stripe"];
        let value = &row.cells.amount_remaining;
        folder.findings.push(row.finding("amount_remaining", value, Effect::None, what));
    }
}
