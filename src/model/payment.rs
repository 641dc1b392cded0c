//! Money received, or paid back.

use std::sync::Arc;

use crate::value::{Amount, Currency, Instant};

/// One row of `payments.csv`.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    /// `payment_id`.
    pub(crate) id: Arc<str>,
    /// Index of the account, if the row names it.
    pub(crate) account: Option<usize>,
    /// The invoice it is for, if the row names one. A row names an account, an invoice or both.
    pub(crate) invoice_number: Option<Arc<str>>,
    /// When the money moved.
    pub(crate) at: Instant,
    /// What was received; negative if it was paid back. Never zero.
    pub(crate) amount: Amount,
    /// Its currency.
    pub(crate) currency: Currency,
    /// How it was paid, as it is printed: "Visa •••• 4242"; may be empty.
    pub(crate) method: Box<str>,
    /// The line of the file it stands in.
    pub(crate) line: u64,
}
