//! Money received, or paid back.

use std::sync::Arc;

use crate::value::{Amount, Currency, Instant};

/// One row of `payments.csv`.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    /// `payment_id`.
    pub(crate) id: Arc<str>,
    /// Index of the account, if the row has one.
    pub(crate) account: Option<usize>,
    /// The paid invoice, if the row has one. A row has an account, an invoice or both.
    pub(crate) invoice_number: Option<Arc<str>>,
    /// When the money moved.
    pub(crate) at: Instant,
    /// The received amount; negative if it was paid back. Never zero.
    pub(crate) amount: Amount,
    pub(crate) currency: Currency,
    /// The method as printed: "Visa •••• 4242"; may be empty.
    pub(crate) method: Box<str>,
    /// The line in the file.
    pub(crate) line: u64,
}
