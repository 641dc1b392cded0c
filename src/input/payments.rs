//! `payments.csv`: money received or paid back.

use super::known::Known;
use crate::model::Payment;
use crate::table::{Column, Reported, Row, optional, required};

/// The known columns.
pub(crate) const COLUMNS: [Column; 7] = [
    required("payment_id"),
    required("at"),
    required("amount"),
    required("currency"),
    optional("account_id"),
    optional("invoice_number"),
    optional("method"),
];

/// Reads one row. The register checks later whether its invoice exists.
pub(crate) fn parse(row: &mut Row<'_>, known: &Known<'_>) -> Result<Payment, Reported> {
    let id = row.id("payment_id");
    let at = row.moment("at");
    let account = known.account(row);
    let invoice_number = row.optional("invoice_number", Row::id);
    let currency = row.currency("currency");
    let amount = row.money("amount", currency.as_ref().ok().copied());
    let method = row.text("method");
    let (account, invoice_number) = (account?, invoice_number?);
    if account.is_none() && invoice_number.is_none() {
        return Err(row.report(
            "account_id",
            "",
            "is empty, and so is invoice_number",
            "write who paid, or which invoice was paid, or both",
        ));
    }
    Ok(Payment {
        id: id?,
        account,
        invoice_number,
        at: at?.at(known.zone_of(account)),
        amount: amount?,
        currency: currency?,
        method: method?.into(),
        line: row.line,
    })
}
