//! What an account was billed in the last close that billed it any.

use crate::value::{Amount, Currency, Instant};

/// What an account was billed in a currency, in the last close that billed it any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastBilled {
    /// The currency.
    pub currency: Currency,
    /// The instant of that close.
    pub as_of: Instant,
    /// What its documents in that close came to.
    pub total: Amount,
}
