//! Why a payment cannot be applied, or a document not be settled.

use std::sync::Arc;

use crate::value::{Amount, Currency};

/// What cannot be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettlementError {
    /// The credit that a document leaves does not fit 64 bits.
    Balance {
        /// Index of the account.
        account: usize,
    },
    /// A payment.
    Payment {
        /// Its index among those that were to be applied.
        index: usize,
        /// Why.
        refusal: PaymentError,
    },
}

/// Why a payment cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentError {
    /// No close published an invoice of that number.
    UnknownInvoice {
        /// An open one of the account that resembles it.
        nearest: Option<Arc<str>>,
    },
    /// The document grants credit: there is nothing to pay on it.
    GrantsCredit,
    /// The invoice is another account's.
    OtherAccount {
        /// Whose.
        account_id: Arc<str>,
    },
    /// The invoice is in another currency.
    OtherCurrency {
        /// In which.
        currency: Currency,
    },
    /// More is to be taken back from an invoice than payments brought.
    BeyondPaid {
        /// What payments paid on it.
        paid: Amount,
        /// What payments for it exceeded it by.
        overpaid: Amount,
        /// What of that has not been spent.
        left_as_credit: Amount,
    },
    /// More is to be paid out than the account has credit.
    BeyondCredit {
        /// What it has.
        credit: Amount,
    },
    /// The sums do not fit 64 bits.
    TooLarge,
}

impl PaymentError {
    /// Whether it may come of another payment being refused, and so says nothing of its own.
    pub const fn may_be_a_consequence(&self) -> bool {
        matches!(self, Self::BeyondPaid { .. } | Self::BeyondCredit { .. })
    }
}
