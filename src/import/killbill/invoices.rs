//! Invoices that Kill Bill issued: to compare with, and to tell what they have that an import lacks.

use std::collections::BTreeMap;

use super::accounts::Accounts;
use super::tables::{InvoiceRow, ItemRow};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::old_invoice::{OldInvoice, OldLine};
use crate::import::values::{Cells, NotTaken};
use crate::value::{Amount, Currency, Instant, Zone};

/// The invoices that were issued, with the sums of their items.
pub(super) fn issued(
    folder: &mut ExportFolder<'_>,
    accounts: &Accounts,
    rows: &[Row<InvoiceRow>],
    items: &[Row<ItemRow>],
) -> Vec<OldInvoice> {
    let mut by_invoice: BTreeMap<&str, Vec<&Row<ItemRow>>> = BTreeMap::new();
    for item in items {
        by_invoice.entry(&item.cells.invoice_id).or_default().push(item);
    }
    let issued = rows.iter().filter(|row| matches!(row.cells.status.as_str(), "" | "COMMITTED"));
    issued
        .filter_map(|row| {
            let items = by_invoice.remove(row.cells.id.as_str()).unwrap_or_default();
            invoice(&mut Cells { row, folder: &mut *folder }, accounts, &items).ok()
        })
        .collect()
}

fn invoice(
    cells: &mut Cells<'_, '_, InvoiceRow>,
    accounts: &Accounts,
    items: &[&Row<ItemRow>],
) -> Result<OldInvoice, NotTaken> {
    let it = &cells.row.cells;
    let Some(account) = accounts.by_id.get(&it.account_id) else {
        let hint = "export the account anew";
        return Err(cells.report(
            "account_id",
            &it.account_id,
            "is no account of the exports",
            hint,
        ));
    };
    let currency = cells.currency("currency", &it.currency)?;
    let mut invoice = OldInvoice {
        id: it.id.clone(),
        account: account.key.clone(),
        currency,
        issued: Some(cells.instant("invoice_date", &it.invoice_date)?),
        total: Amount::from_minor(0),
        tax: Some(Amount::from_minor(0)),
        lines: Vec::new(),
    };
    for row in items {
        let mut item = Cells { row, folder: &mut *cells.folder };
        add(&mut item, &mut invoice, account.zone, currency)?;
    }
    Ok(invoice)
}

/// Adds an item. Credit of the account pays an invoice, and is no part of its total.
fn add(
    item: &mut Cells<'_, '_, ItemRow>,
    invoice: &mut OldInvoice,
    zone: Zone,
    currency: Currency,
) -> Result<(), NotTaken> {
    let it = &item.row.cells;
    if matches!(it.type_.as_str(), "CBA_ADJ" | "PARENT_SUMMARY") {
        return Ok(());
    }
    let amount = item.amount("amount", &it.amount, currency)?;
    let too_large = |item: &mut Cells<'_, '_, ItemRow>| {
        item.report("amount", &it.amount, "is too large", "check the amounts")
    };
    invoice.total = invoice.total.checked_add(amount).ok_or_else(|| too_large(item))?;
    if it.type_ == "TAX" {
        let tax = invoice.tax.unwrap_or_default().checked_add(amount);
        invoice.tax = Some(tax.ok_or_else(|| too_large(item))?);
    } else if !it.subscription_id.is_empty() {
        let rate = item.optional_decimal("rate", &it.rate)?;
        let is_whole = it.type_ == "RECURRING"
            && rate
                .is_some_and(|rate| rate.normalize().to_string() == plain_amount(amount, currency));
        // A date is a midnight of the account.
        let start = item.optional_instant("start_date", &it.start_date)?;
        let end = item.optional_instant("end_date", &it.end_date)?;
        let at = |midnight: Instant| zone.midnight(Zone::UTC.date(midnight));
        invoice.lines.push(OldLine {
            subscription: it.subscription_id.clone(),
            amount,
            quantity: item.optional_decimal("quantity", &it.quantity)?,
            period: start.map(at).zip(end.map(at)),
            is_proration: Some(!is_whole),
        });
    }
    Ok(())
}

fn plain_amount(amount: Amount, currency: Currency) -> String {
    let text = amount.to_decimal_string(currency);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Notes what invoices have and an import does not.
pub(super) fn look(
    folder: &mut ExportFolder<'_>,
    rows: &[Row<InvoiceRow>],
    items: &[Row<ItemRow>],
) {
    if let Some(row) = items.iter().find(|row| row.cells.type_ == "TAX") {
        let what = [
            "Kill Bill charged tax; tax rates are not in the export",
            "write tax_rates.csv, and its codes into prices.csv and accounts.csv",
        ];
        folder.findings.push(row.finding("amount", &row.cells.amount, Effect::BillsDiffer, what));
    }
    for row in rows.iter().filter(|row| row.cells.status == "DRAFT") {
        let what =
            ["it is a draft", "commit it in Kill Bill, or write its items into adjustments.csv"];
        folder.findings.push(row.finding("status", &row.cells.status, Effect::BillsDiffer, what));
    }
}
