//! Laws that do not hold.

use thiserror::Error;

use crate::value::Currency;

/// A law that does not hold: a bug, not a fault of the input. Nothing is published.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// A document whose own sums are wrong.
    #[error("invoice {number} does not add up: {law}")]
    Document {
        /// Its number.
        number: String,
        /// Which law.
        law: &'static str,
    },
    /// Files that say something else than the invoices.
    #[error("{file} does not add up to the invoices: {what} is {found}, not {expected}")]
    File {
        /// The file.
        file: &'static str,
        /// The sum.
        what: String,
        /// What the file adds up to.
        found: String,
        /// What the invoices add up to.
        expected: String,
    },
    /// Credit appeared or vanished.
    #[error("credit in {currency} does not reconcile: {arithmetic}")]
    Credit {
        /// The currency.
        currency: Currency,
        /// What does not come to what is left.
        arithmetic: String,
    },
    /// Payments that went nowhere, or came from nowhere.
    #[error("payments in {0} are not the sum of their parts")]
    Payments(Currency),
    /// What is owed appeared or vanished.
    #[error("what is owed in {currency} does not reconcile: {arithmetic}")]
    Receivable {
        /// The currency.
        currency: Currency,
        /// What does not come to what is open.
        arithmetic: String,
    },
    /// Sums beyond 64 bits of minor units.
    #[error("the sums in {0} do not fit")]
    TooLarge(Currency),
}
