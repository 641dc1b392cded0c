//! Invoices that another system issued.

use rust_decimal::Decimal;

use crate::value::{Amount, Currency, Instant};

/// An invoice of another system.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OldInvoice {
    /// Its id or number.
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) currency: Currency,
    /// When it was issued, if that is known.
    pub(crate) issued: Option<Instant>,
    /// With tax.
    pub(crate) total: Amount,
    /// `None` if the file does not say.
    pub(crate) tax: Option<Amount>,
    /// Its lines, as far as they are known.
    pub(crate) lines: Vec<OldLine>,
}

/// A line of such an invoice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OldLine {
    pub(crate) subscription: String,
    /// Without tax.
    pub(crate) amount: Amount,
    pub(crate) quantity: Option<Decimal>,
    /// Start and end of the service.
    pub(crate) period: Option<(Instant, Instant)>,
    /// Whether it is a proration: a part of a period, or credit for one. `None` if the file does not say.
    pub(crate) is_proration: Option<bool>,
}
