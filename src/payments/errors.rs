//! The reasons why a payment or an invoice cannot be settled.

use std::sync::Arc;

use crate::model::PaymentKind;
use crate::value::{Amount, Currency};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SettlementError {
    /// The credit after an invoice does not fit 64 bits.
    Balance {
        /// Index of the account.
        account: usize,
    },
    /// A payment was refused.
    Payment {
        /// Its index among the due payments.
        index: usize,
        refusal: PaymentError,
    },
}

/// The reason why a payment cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PaymentError {
    /// No close published an invoice with that number.
    UnknownInvoice {
        /// The open invoice of the account with the most similar number.
        nearest: Option<Arc<str>>,
    },
    /// The document grants credit, so it cannot be paid.
    GrantsCredit,
    /// The invoice belongs to another account.
    OtherAccount {
        /// `account_id` of that account.
        account_id: Arc<str>,
    },
    /// The invoice is in another currency.
    OtherCurrency {
        /// The currency of the invoice.
        currency: Currency,
    },
    /// A repayment for an invoice exceeds its payments.
    BeyondPaid {
        /// The sum paid on it.
        paid: Amount,
        /// The sum overpaid on it.
        overpaid: Amount,
        /// The unspent part of the overpayment.
        left_as_credit: Amount,
    },
    /// A write-off or an exchange difference exceeds what is open.
    BeyondOpen {
        /// The amount that it may have.
        open: Amount,
    },
    /// More of a kind is taken back than its rows came to.
    BeyondKind {
        kind: PaymentKind,
        /// The amount that may be taken back.
        left: Amount,
    },
    /// A payment exceeds the open part of an invoice whose rest is written off.
    WrittenOff {
        /// The amount written off.
        amount: Amount,
    },
    /// A repayment exceeds the credit of the account.
    BeyondCredit {
        /// The available credit.
        credit: Amount,
    },
    /// The sums do not fit 64 bits.
    TooLarge,
}

impl PaymentError {
    /// Whether it may result from another refusal, and need not be reported.
    pub(crate) const fn may_be_a_consequence(&self) -> bool {
        matches!(
            self,
            Self::BeyondPaid { .. }
                | Self::BeyondCredit { .. }
                | Self::BeyondOpen { .. }
                | Self::BeyondKind { .. }
                | Self::WrittenOff { .. }
        )
    }
}
