//! Settles a close: joins the register, the payments and the invoices, and reports every payment
//! that cannot be applied.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::context::CloseContext;
use super::error::RunError;
use crate::input;
use crate::model::{BillingInput, Invoice, Payment, PaymentKind, Receivable};
use crate::payments::{
    AccountIds, Balances, PaymentError, PaymentSums, Refundable, Settlement, SettlementError,
    open_by_currency, payment_sums, settle_all,
};
use crate::problem::{Problem, Problems};
use crate::publish::ProofError;
use crate::table::display_name;
use crate::value::{Amount, Currency};

/// A settled close.
#[derive(Default)]
pub(crate) struct SettledClose {
    /// The receivables before the close.
    pub(crate) opening_receivable: BTreeMap<Currency, Amount>,
    /// The result of the settlement.
    pub(crate) settlement: Settlement,
    /// The credit to be paid back, if it is listed.
    pub(crate) refunds: Vec<Refundable>,
}

impl SettledClose {
    /// The payment sums of each currency.
    pub(crate) fn sums(&self) -> Result<BTreeMap<Currency, PaymentSums>, ProofError> {
        let Settlement { applied, balances, .. } = &self.settlement;
        let sums = payment_sums(&self.opening_receivable, applied, &balances.receivables);
        let mut sums = sums.map_err(ProofError::TooLarge)?;
        for refund in &self.refunds {
            let sum = &mut sums.entry(refund.currency).or_default().refundable;
            let added = sum.checked_add(refund.amount);
            *sum = added.ok_or(ProofError::TooLarge(refund.currency))?;
        }
        Ok(sums)
    }
}

/// The receivables before a close, including closed ones that payments name.
///
/// # Errors
/// The register cannot be read.
pub(crate) fn receivables_before(context: &CloseContext) -> Result<Vec<Receivable>, RunError> {
    let due = context.payments.due(&context.loaded.book, context.through);
    let named: BTreeSet<&str> =
        due.iter().filter_map(|payment| payment.invoice_number.as_deref()).collect();
    let mut receivables = context.register.receivables(&named, context.billing.shard)?;
    note_otherwise(&mut receivables, context)?;
    Ok(receivables)
}

/// Notes what earlier closes settled otherwise than by money. The log of payments tells it, because
/// its rows are never altered, and such a row settles the invoice that it names or nothing.
fn note_otherwise(receivables: &mut [Receivable], context: &CloseContext) -> Result<(), RunError> {
    let rows = context.payments.applied_otherwise(&context.loaded.book);
    if rows.is_empty() {
        return Ok(());
    }
    for receivable in receivables {
        for payment in rows.get(&*receivable.invoice_number).into_iter().flatten() {
            let sums = receivable.otherwise.get_or_insert_default();
            let added = sums.add(payment.kind, payment.amount);
            added.ok_or(ProofError::TooLarge(receivable.currency))?;
        }
    }
    Ok(())
}

/// Settles numbered invoices and due payments.
///
/// # Errors
/// Some payments cannot be applied.
pub(crate) fn settle(
    context: &CloseContext,
    invoices: &[Invoice],
    (receivables, holders): (Vec<Receivable>, AccountIds<'_>),
) -> Result<SettledClose, RunError> {
    let book = &context.loaded.book;
    let due = context.payments.due(book, context.through);
    let opening_receivable = open_by_currency(&receivables).map_err(ProofError::TooLarge)?;
    let before = Balances { credit: context.state.credit.clone(), receivables };
    let settlement = settle_all(invoices, holders, &due, before).map_err(|errors| {
        let mut problems = Problems::default();
        problems.extend(errors.iter().map(|error| problem(error, &due, book, &context.input)));
        input::sort(&mut problems);
        RunError::of_input(problems)
    })?;
    Ok(SettledClose { opening_receivable, settlement, refunds: Vec::new() })
}

fn problem(
    error: &SettlementError,
    due: &[&Payment],
    book: &BillingInput,
    input: &Path,
) -> Problem {
    match error {
        SettlementError::Balance { account } => Problem {
            file: display_name(input, "accounts.csv"),
            line: Some(book.accounts[*account].line),
            column: Some("account_id"),
            value: Some(book.accounts[*account].id.to_string()),
            rule: "has credit that does not fit 64 bits".to_owned(),
            hint: "check its prices, quantities and adjustments".to_owned(),
        },
        SettlementError::Payment { index, refusal } => {
            let payment = due[*index];
            let (rule, hint) = words(payment, refusal, book);
            let (column, value) = place(payment, refusal);
            Problem {
                file: display_name(input, "payments.csv"),
                line: Some(payment.line),
                column: Some(column),
                value: Some(value),
                rule,
                hint,
            }
        }
    }
}

/// The problem of a payment without an account for an invoice that is nowhere.
pub(crate) fn unknown_invoice(number: &str, line: u64, input: &Path) -> Problem {
    let (rule, hint) = of_unknown_invoice(None);
    Problem {
        file: display_name(input, "payments.csv"),
        line: Some(line),
        column: Some("invoice_number"),
        value: Some(number.to_owned()),
        rule,
        hint,
    }
}

/// The rule and its remedy, with the open invoice of the account that is nearest to the number.
fn of_unknown_invoice(nearest: Option<&str>) -> (String, String) {
    (
        "is not an invoice of the register".to_owned(),
        match nearest {
            Some(open) => format!("write {open} if that is meant, which the account has open"),
            None => "take it from invoices.csv; a row with account_id alone pays what the account \
                     has open, oldest first"
                .to_owned(),
        },
    )
}

/// The column and the text of a refusal.
fn place(payment: &Payment, refusal: &PaymentError) -> (&'static str, String) {
    match refusal {
        PaymentError::UnknownInvoice { .. }
        | PaymentError::GrantsCredit
        | PaymentError::OtherAccount { .. } => ("invoice_number", number(payment).to_owned()),
        PaymentError::OtherCurrency { .. } => ("currency", payment.currency.to_string()),
        PaymentError::BeyondPaid { .. }
        | PaymentError::BeyondCredit { .. }
        | PaymentError::BeyondOpen { .. }
        | PaymentError::BeyondKind { .. }
        | PaymentError::WrittenOff { .. }
        | PaymentError::TooLarge => ("amount", payment.amount.to_decimal_string(payment.currency)),
    }
}

fn number(payment: &Payment) -> &str {
    payment.invoice_number.as_deref().unwrap_or_default()
}

/// The broken rule and its remedy.
fn words(payment: &Payment, refusal: &PaymentError, book: &BillingInput) -> (String, String) {
    let number = number(payment);
    let money = |amount: Amount| {
        format!("{} {}", amount.to_decimal_string(payment.currency), payment.currency)
    };
    let (rule, hint) = match refusal {
        PaymentError::UnknownInvoice { nearest } => of_unknown_invoice(nearest.as_deref()),
        PaymentError::GrantsCredit => (
            "grants credit: there is nothing to pay on it".to_owned(),
            "to pay credit out, name the account alone".to_owned(),
        ),
        PaymentError::OtherAccount { account_id } => {
            let own = payment.account.map_or("", |account| &*book.accounts[account].id);
            let rule = format!("is an invoice of account {account_id}, not of {own}");
            (rule, "correct one of the two, or leave account_id empty".to_owned())
        }
        PaymentError::OtherCurrency { currency } => (
            format!("is not the currency of invoice {number}, which is {currency}"),
            format!(
                "write what was paid in {currency}; to keep it as credit, name the account alone"
            ),
        ),
        PaymentError::BeyondPaid { paid, overpaid, left_as_credit } => {
            let available = paid.checked_add(*left_as_credit).unwrap_or(*paid);
            let spent = overpaid.checked_sub(*left_as_credit).unwrap_or_default();
            let rule =
                format!("takes back more than payments left on {number}, {}", money(available));
            let hint = if spent.is_zero() {
                "name the invoice that the money was paid on; to pay credit out, name the account \
                 alone"
                    .to_owned()
            } else {
                format!(
                    "{} that was overpaid has been spent as credit; charge it again in \
                     adjustments.csv, and take back the rest",
                    money(spent)
                )
            };
            (rule, hint)
        }
        PaymentError::BeyondCredit { credit } if payment.kind == PaymentKind::Refund => (
            format!("pays back more than the account's credit, {}", money(*credit)),
            "write first what gives the credit: a row of adjustments.csv with credits_invoice for \
             something that is not owed, or kind chargeback if the bank took the money back"
                .to_owned(),
        ),
        PaymentError::BeyondOpen { open } => (
            format!("is more than is open on {number}, {}", money(*open)),
            "write at most what is open; what was paid too much is credit".to_owned(),
        ),
        PaymentError::BeyondKind { kind: PaymentKind::ExchangeDifference, left } => (
            format!("takes more than was paid too much on {number}, {}", money(*left)),
            "a gain takes the excess that a payment left as credit; a loss has no minus".to_owned(),
        ),
        PaymentError::BeyondKind { kind, left } => (
            format!(
                "takes back more than rows of kind {} came to on {number}, {}",
                kind.as_str(),
                money(*left)
            ),
            "a minus takes back earlier rows of the same kind; write the amount without it otherwise"
                .to_owned(),
        ),
        PaymentError::WrittenOff { amount } => (
            format!("is more than is open on {number}, of which {} is written off", money(*amount)),
            "take the write-off back by a row before it: the same invoice, kind write_off, a \
             negative amount"
                .to_owned(),
        ),
        PaymentError::BeyondCredit { credit } => (
            format!("pays out more than the account's credit, {}", money(*credit)),
            "to take a payment back, name the invoice that it paid".to_owned(),
        ),
        PaymentError::TooLarge => {
            ("leads to sums that do not fit 64 bits".to_owned(), "check the amount".to_owned())
        }
    };
    (rule, hint)
}
