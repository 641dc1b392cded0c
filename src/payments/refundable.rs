//! Credit that can be paid back, because its account has ended and owes nothing.

use std::sync::Arc;

use crate::value::{Amount, Currency};

/// One row of `refunds.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refundable {
    pub(crate) account_id: Arc<str>,
    /// The name of the account.
    pub(crate) account_name: Arc<str>,
    pub(crate) currency: Currency,
    /// The whole credit of the account in this currency.
    pub(crate) amount: Amount,
    /// The documents and payments that the credit comes from, the newest first, as far as the
    /// register has them.
    pub(crate) sources: Vec<CreditSource>,
    /// The last payment of the account in this currency.
    pub(crate) payment: Option<LastPayment>,
}

/// A document that granted credit, or a payment that exceeded what was open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CreditSource {
    /// The number of the document, or `payment_id`.
    pub(crate) reference: String,
    pub(crate) amount: Amount,
}

/// A payment to which the credit could go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastPayment {
    pub(crate) payment_id: String,
    pub(crate) method: String,
}

impl Refundable {
    /// Keeps the newest sources that together explain the amount.
    pub(crate) fn keep_newest(&mut self) {
        let mut left = self.amount;
        self.sources.retain(|source| {
            let is_needed = left > Amount::ZERO;
            left = left.checked_sub(source.amount).unwrap_or_default();
            is_needed
        });
    }
}
