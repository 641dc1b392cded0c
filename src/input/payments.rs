//! `payments.csv`: money received or paid back, and what else settles invoices.

use super::known::Known;
use crate::model::{PaidAmount, Payment, PaymentKind};
use crate::table::{Column, Reported, Row, optional, required};
use crate::value::{Amount, Currency};

/// The known columns.
pub(crate) const COLUMNS: [Column; 10] = [
    required("payment_id"),
    required("at"),
    required("amount"),
    required("currency"),
    optional("account_id"),
    optional("invoice_number"),
    optional("method"),
    optional("kind"),
    optional("paid_amount"),
    optional("paid_currency"),
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
    let kind = kind(row);
    let paid = paid(row);
    let (account, invoice_number) = (account?, invoice_number?);
    if account.is_none() && invoice_number.is_none() {
        return Err(row.report(
            "account_id",
            "",
            "is empty, and so is invoice_number",
            "write who paid, or which invoice was paid, or both",
        ));
    }
    let (kind, amount, currency) = (kind?, amount?, currency?);
    if let Some(kind) = kind {
        check_sign(row, kind, (amount, currency))?;
        check_invoice(row, kind, amount, invoice_number.is_some())?;
    }
    let (kind, paid) = (kind.unwrap_or_default(), paid?);
    if let Some(paid) = paid {
        check_paid(row, kind, (amount, currency), paid)?;
    }
    Ok(Payment {
        id: id?,
        account,
        invoice_number,
        at: at?.at(known.zone_of(account)),
        amount,
        currency,
        method: method?.into(),
        kind,
        paid,
        line: row.line,
    })
}

/// The kind, if the row has one.
fn kind(row: &mut Row<'_>) -> Result<Option<PaymentKind>, Reported> {
    row.optional("kind", |row, column| row.word(column, &PaymentKind::WORDS))
}

/// The amount and currency that were really paid: both, or none.
fn paid(row: &mut Row<'_>) -> Result<Option<PaidAmount>, Reported> {
    let (amount, currency) = (row.text("paid_amount")?, row.text("paid_currency")?);
    match (amount.is_empty(), currency.is_empty()) {
        (true, true) => Ok(None),
        (true, false) => {
            let hint = "write what was paid in that currency, or leave paid_currency empty";
            Err(row.report("paid_amount", "", "is empty, yet paid_currency is given", hint))
        }
        (false, true) => {
            let hint = "write the currency that was paid, or leave paid_amount empty";
            Err(row.report("paid_currency", "", "is empty, yet paid_amount is given", hint))
        }
        (false, false) => {
            let currency = row.currency("paid_currency")?;
            let amount = row.money("paid_amount", Some(currency))?;
            Ok(Some(PaidAmount { amount, currency }))
        }
    }
}

/// Money that comes in is positive, money that goes out is negative.
fn check_sign(
    row: &mut Row<'_>,
    kind: PaymentKind,
    (amount, currency): (Amount, Currency),
) -> Result<(), Reported> {
    let (rule, hint) = match (kind, amount.is_negative()) {
        (PaymentKind::Money, true) => (
            "is negative, yet kind is payment",
            "write refund for money paid back out of credit, chargeback for money that the bank \
             took back",
        ),
        (PaymentKind::Refund, false) => {
            ("is not negative, yet kind is refund", "write money that is paid back with a minus")
        }
        (PaymentKind::Chargeback, false) => (
            "is not negative, yet kind is chargeback",
            "write money that is taken back with a minus",
        ),
        _ => return Ok(()),
    };
    let value = amount.to_decimal_string(currency);
    Err(row.report("amount", &value, rule, hint))
}

fn check_invoice(
    row: &mut Row<'_>,
    kind: PaymentKind,
    amount: Amount,
    has_invoice: bool,
) -> Result<(), Reported> {
    let (rule, hint) = match kind {
        _ if has_invoice => return Ok(()),
        PaymentKind::Money | PaymentKind::Refund => return Ok(()),
        PaymentKind::BankFee if !amount.is_negative() => return Ok(()),
        PaymentKind::Chargeback => (
            "is empty, yet kind is chargeback",
            "write the invoice that the money had paid; money that was credit goes back as refund",
        ),
        PaymentKind::WriteOff => {
            ("is empty, yet kind is write_off", "write the invoice that will not be paid")
        }
        PaymentKind::BankFee => (
            "is empty, yet a bank_fee is taken back",
            "write the invoice of the row that it corrects",
        ),
        PaymentKind::ExchangeDifference => (
            "is empty, yet kind is exchange_difference",
            "write the invoice that the payment in another currency was for",
        ),
    };
    Err(row.report("invoice_number", "", rule, hint))
}

/// What was really paid moved in the same direction, in another currency, as money.
fn check_paid(
    row: &mut Row<'_>,
    kind: PaymentKind,
    (amount, currency): (Amount, Currency),
    paid: PaidAmount,
) -> Result<(), Reported> {
    if !kind.is_money() {
        let hint = "leave it empty: only money arrives in a currency of its own";
        let value = paid.amount.to_decimal_string(paid.currency);
        let rule = format!("is given, yet kind is {}", kind.as_str());
        return Err(row.report("paid_amount", &value, &rule, hint));
    }
    if paid.currency == currency {
        let hint = "leave paid_amount and paid_currency empty, and write what was paid in amount";
        return Err(row.report(
            "paid_currency",
            currency.code(),
            "is the currency of amount",
            hint,
        ));
    }
    if paid.amount.is_negative() != amount.is_negative() {
        let value = paid.amount.to_decimal_string(paid.currency);
        let hint = "write both with the same sign: a minus for money that went back";
        return Err(row.report("paid_amount", &value, "has another sign than amount", hint));
    }
    Ok(())
}
