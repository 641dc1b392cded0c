//! Old invoices as a plain CSV file, for every system without an import.

use std::collections::BTreeMap;
use std::path::Path;

use super::export_table::{ExportFolder, Row, export_row};
use super::old_invoice::{OldInvoice, OldLine};
use super::values::{Cells, NotTaken};
use crate::problem::Problems;

export_row!(
    /// A line of an old invoice, or the whole invoice.
    PlainRow of "invoices.csv";
    required: invoice, account_id, currency, total;
    optional: tax, issued_at, subscription_id, amount, quantity, period_start, period_end;
    unused:
);

/// Reads the file. Rows of one invoice repeat its total and its tax.
pub(super) fn invoices(path: &Path, ignored: &[String]) -> Result<Vec<OldInvoice>, Problems> {
    let mut folder = ExportFolder::of_one_file(path, ignored);
    let mut invoices: BTreeMap<String, OldInvoice> = BTreeMap::new();
    for row in &folder.read::<PlainRow>(path) {
        let cells = Cells { row, folder: &mut folder };
        // What failed has been reported.
        let _ = add(cells, &mut invoices);
    }
    folder.finish()?;
    Ok(invoices.into_values().collect())
}

fn add(
    mut cells: Cells<'_, '_, PlainRow>,
    invoices: &mut BTreeMap<String, OldInvoice>,
) -> Result<(), NotTaken> {
    let row: &Row<PlainRow> = cells.row;
    let it = &row.cells;
    let currency = cells.currency("currency", &it.currency)?;
    let total = cells.amount("total", &it.total, currency)?;
    let tax = if it.tax.is_empty() { None } else { Some(cells.amount("tax", &it.tax, currency)?) };
    let invoice = OldInvoice {
        id: it.invoice.clone(),
        account: it.account_id.clone(),
        currency,
        issued: cells.optional_instant("issued_at", &it.issued_at)?,
        total,
        tax,
        lines: Vec::new(),
    };
    let line = line(&mut cells, currency)?;
    let known = invoices.entry(it.invoice.clone()).or_insert_with(|| invoice.clone());
    let is_same = OldInvoice { lines: Vec::new(), ..known.clone() } == invoice;
    known.lines.extend(line);
    if !is_same {
        let rule = "has another account, currency, total, tax or date than a row of it before";
        cells.report("invoice", &it.invoice, rule, "repeat them in every row of an invoice");
    }
    Ok(())
}

fn line(
    cells: &mut Cells<'_, '_, PlainRow>,
    currency: crate::value::Currency,
) -> Result<Option<OldLine>, NotTaken> {
    let it = &cells.row.cells;
    if it.subscription_id.is_empty() {
        return Ok(None);
    }
    let amount = cells.amount("amount", &it.amount, currency)?;
    let quantity = cells.optional_decimal("quantity", &it.quantity)?;
    let start = cells.optional_instant("period_start", &it.period_start)?;
    let end = cells.optional_instant("period_end", &it.period_end)?;
    let subscription = it.subscription_id.clone();
    let period = start.zip(end);
    Ok(Some(OldLine { subscription, amount, quantity, period, is_proration: None }))
}
