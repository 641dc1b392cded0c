//! `adjustments.csv`: one-off charges and credits.

use std::sync::Arc;

use super::known::Known;
use crate::model::{Adjustment, AdjustmentTiming};
use crate::table::{Column, Reported, Row, optional, required};
use crate::value::Amount;

/// The known columns.
pub(crate) const COLUMNS: [Column; 11] = [
    required("adjustment_id"),
    required("account_id"),
    required("at"),
    required("currency"),
    required("amount"),
    required("description"),
    optional("product"),
    optional("taxable"),
    optional("tax_code"),
    optional("timing"),
    optional("credits_invoice"),
];

/// The product of an adjustment without one.
const PRODUCT: &str = "Adjustments";

const TIMINGS: [(&str, AdjustmentTiming); 2] =
    [("next_invoice", AdjustmentTiming::NextInvoice), ("immediate", AdjustmentTiming::Immediate)];

pub(crate) fn parse(row: &mut Row<'_>, known: &Known<'_>) -> Result<Adjustment, Reported> {
    let id = row.id("adjustment_id");
    let account = known.account_index.find(row, "account_id");
    let at = row.moment("at");
    let currency = row.currency("currency");
    let amount = row.money("amount", currency.as_ref().ok().copied());
    let description = row.required("description");
    let product = row.text("product");
    let timing = row.word("timing", &TIMINGS);
    let tax = tax(row, known);
    let credits_invoice = credits_invoice(row, amount.as_ref().ok().copied());
    let account = account?;
    let (taxable, tax_code) = tax?;
    Ok(Adjustment {
        id: id?,
        account,
        at: at?.at(known.accounts[account].zone),
        currency: currency?,
        amount: amount?,
        description: description?.into(),
        product: Some(product?).filter(|text| !text.is_empty()).unwrap_or(PRODUCT).into(),
        taxable,
        tax_code,
        timing: timing?,
        credits_invoice: credits_invoice?,
        voids: None,
        line: row.line,
    })
}

/// Whether it is taxed, and its tax code if it is not the account's.
fn tax(row: &mut Row<'_>, known: &Known<'_>) -> Result<(bool, Option<Arc<str>>), Reported> {
    let taxable = row.truth("taxable", true);
    let code = row.optional("tax_code", |row, column| known.tax_codes.find(row, column));
    match (taxable?, code?) {
        (false, Some(code)) => Err(row.report(
            "tax_code",
            &code,
            "is given, yet taxable is false",
            "leave it empty, or write true in taxable",
        )),
        tax => Ok(tax),
    }
}

/// The invoice to credit. The register checks later whether it exists.
fn credits_invoice(
    row: &mut Row<'_>,
    amount: Option<Amount>,
) -> Result<Option<Arc<str>>, Reported> {
    let number = row.optional("credits_invoice", Row::id)?;
    match (number, amount) {
        (Some(number), Some(amount)) if !amount.is_negative() => Err(row.report(
            "credits_invoice",
            &number,
            "is given, yet the amount is a charge",
            "write a negative amount to credit that invoice, or leave it empty",
        )),
        (number, _) => Ok(number),
    }
}
