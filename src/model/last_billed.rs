//! The total of an account in the last close with an invoice for it.

use crate::value::{Amount, Currency, Instant};

/// The total of an account in one currency, in the last close with an invoice for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LastBilled {
    pub(crate) currency: Currency,
    /// The instant of that close.
    pub(crate) as_of: Instant,
    /// The sum of its invoices in that close.
    pub(crate) total: Amount,
}
