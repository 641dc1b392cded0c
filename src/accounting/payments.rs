//! The postings of payments: cash, or what stands for it, on one side, invoices and credit on the other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::chart::Chart;
use super::{JournalEntry, JournalError};
use crate::model::PaymentKind;
use crate::payments::AppliedPayment;
use crate::value::{Amount, Currency};

/// A payment and its parts: `amount = Σ to_receivable + to_credit`. All amounts are negative for a
/// repayment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PaymentPosting {
    /// `payment_id`.
    pub(crate) payment_id: Arc<str>,
    /// The day of the payment.
    pub(crate) date: NaiveDate,
    /// The payer.
    pub(crate) account_id: Arc<str>,
    /// The method: "Visa •••• 4242"; may be empty.
    pub(crate) method: Box<str>,
    pub(crate) currency: Currency,
    pub(crate) kind: PaymentKind,
    /// The document that a refund names.
    pub(crate) refunds: Option<Arc<str>>,
    pub(crate) amount: Amount,
    /// The part for each invoice, by number.
    pub(crate) to_receivable: Vec<(Arc<str>, Amount)>,
    /// The part that became credit.
    pub(crate) to_credit: Amount,
}

impl PaymentPosting {
    /// The posting of an applied payment.
    pub(crate) fn of(payment: &AppliedPayment) -> Self {
        Self {
            payment_id: Arc::clone(&payment.payment_id),
            date: payment.date,
            account_id: Arc::clone(&payment.account_id),
            method: payment.method.clone(),
            currency: payment.currency,
            kind: payment.kind,
            refunds: payment.refunds.clone(),
            amount: payment.amount,
            to_receivable: payment.to_invoices.clone(),
            to_credit: payment.to_credit,
        }
    }
}

/// The entry of a payment, if it has postings.
pub(crate) fn payment_entry(
    payment: &PaymentPosting,
    chart: &Chart<'_>,
) -> Result<Option<JournalEntry<'static>>, JournalError> {
    let mut entry = JournalEntry {
        id: format!("PAY-{}", payment.payment_id).into(),
        date: payment.date,
        account_id: Some(payment.account_id.to_string().into()),
        currency: payment.currency,
        memo: memo(payment),
        postings: Vec::new(),
    };
    let account = chart.of_payment(payment.kind, &payment.method);
    entry.debit(Cow::Owned(account), payment.amount)?;
    for (number, amount) in &payment.to_receivable {
        if let Some(posting) = entry.credit(Cow::Owned(chart.receivable.clone()), *amount)? {
            posting.document = Some(number.to_string().into());
        }
    }
    let credit = Cow::Owned(chart.customer_credit.clone());
    if let Some(posting) = entry.credit(credit, payment.to_credit)? {
        posting.document = payment.refunds.as_ref().map(|number| number.to_string().into());
    }
    Ok(Some(entry).filter(|entry| !entry.postings.is_empty()))
}

fn memo(payment: &PaymentPosting) -> String {
    let is_back = payment.amount.is_negative();
    let what = match payment.kind {
        _ if payment.amount.is_zero() => "Applied to its invoice",
        PaymentKind::Money | PaymentKind::Refund if is_back => "Paid back",
        PaymentKind::Money | PaymentKind::Refund => "Payment",
        PaymentKind::Chargeback => "Charged back",
        PaymentKind::WriteOff if is_back => "Write-off taken back",
        PaymentKind::WriteOff => "Written off",
        PaymentKind::BankFee if is_back => "Bank fee taken back",
        PaymentKind::BankFee => "Bank fee",
        PaymentKind::ExchangeDifference => "Exchange difference",
    };
    match &*payment.method {
        "" => what.to_owned(),
        method => format!("{what}, {method}"),
    }
}

/// The entries of the credit that a register opens with.
pub(crate) fn credit_entries(
    credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
    date: NaiveDate,
    chart: &Chart<'_>,
) -> Result<Vec<JournalEntry<'static>>, JournalError> {
    let mut entries = Vec::new();
    for (account_id, balances) in credit {
        for (currency, amount) in balances {
            let mut entry = JournalEntry {
                id: format!("OPEN-{account_id}-{currency}").into(),
                date,
                account_id: Some(account_id.clone().into()),
                currency: *currency,
                memo: "Credit brought along".to_owned(),
                postings: Vec::new(),
            };
            entry.debit(Cow::Owned(chart.opening_balance.clone()), *amount)?;
            entry.credit(Cow::Owned(chart.customer_credit.clone()), *amount)?;
            entries.extend(Some(entry).filter(|entry| !entry.postings.is_empty()));
        }
    }
    Ok(entries)
}
