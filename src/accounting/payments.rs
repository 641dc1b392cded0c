//! What payments post: money in the bank on one side, and what it paid on the other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::chart::Chart;
use super::{JournalEntry, JournalError};
use crate::value::{Amount, Currency};

/// A payment, and what became of it:
/// `amount = Σ to_receivable + to_credit`. All of it is negative where money is paid back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPosting {
    /// `payment_id`.
    pub payment_id: Arc<str>,
    /// The day the money moved.
    pub date: NaiveDate,
    /// Who paid.
    pub account_id: Arc<str>,
    /// How: "Visa •••• 4242"; may be empty.
    pub method: Box<str>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What was received.
    pub amount: Amount,
    /// What it paid of which invoice, by number.
    pub to_receivable: Vec<(Arc<str>, Amount)>,
    /// What became credit of the customer.
    pub to_credit: Amount,
}

/// The entry of a payment, if it posts anything.
pub fn payment_entry(
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
    entry.debit(Cow::Owned(chart.cash(&payment.method)), payment.amount)?;
    for (number, amount) in &payment.to_receivable {
        if let Some(posting) = entry.credit(Cow::Owned(chart.receivable.clone()), *amount)? {
            posting.document = Some(number.to_string().into());
        }
    }
    entry.credit(Cow::Owned(chart.customer_credit.clone()), payment.to_credit)?;
    Ok(Some(entry).filter(|entry| !entry.postings.is_empty()))
}

fn memo(payment: &PaymentPosting) -> String {
    let what = match payment.amount {
        amount if amount.is_zero() => "Applied to its invoice",
        amount if amount.is_negative() => "Paid back",
        _ => "Payment",
    };
    match &*payment.method {
        "" => what.to_owned(),
        method => format!("{what}, {method}"),
    }
}

/// The entries of the credit that customers bring along when a register is opened.
pub fn credit_entries(
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
