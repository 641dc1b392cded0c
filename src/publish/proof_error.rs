//! Laws that do not hold.

use thiserror::Error;

use crate::value::Currency;

/// A law that does not hold: a bug, not an error of the input. Nothing is published.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum ProofError {
    /// An invoice whose own sums are wrong.
    #[error("invoice {number} does not add up: {law}")]
    Document {
        /// Its number.
        number: String,
        /// The law.
        law: &'static str,
    },
    /// Files that disagree with the invoices.
    #[error("{file} does not add up to the invoices: {what} is {found}, not {expected}")]
    File {
        /// The file.
        file: &'static str,
        /// The name of the sum.
        what: String,
        /// The sum of the file.
        found: String,
        /// The sum of the invoices.
        expected: String,
    },
    /// Credit appeared or vanished.
    #[error("credit in {currency} does not reconcile: {arithmetic}")]
    Credit {
        /// The currency.
        currency: Currency,
        /// The equation that does not hold.
        arithmetic: String,
    },
    /// Payment parts do not add up to the payments.
    #[error("payments in {0} are not the sum of their parts")]
    Payments(Currency),
    /// Receivables appeared or vanished.
    #[error("what is owed in {currency} does not reconcile: {arithmetic}")]
    Receivable {
        /// The currency.
        currency: Currency,
        /// The equation that does not hold.
        arithmetic: String,
    },
    /// Sums that overflow 64 bits of minor units.
    #[error("the sums in {0} do not fit")]
    TooLarge(Currency),
}
