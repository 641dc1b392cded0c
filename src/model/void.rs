//! Invoices that should not have been issued.

use std::sync::Arc;

use super::tax::TaxTerms;
use super::wording::Billed;
use crate::value::{Instant, Moment};

/// One row of `voids.csv`.
#[derive(Clone, Debug)]
pub(crate) struct Void {
    /// The invoice.
    pub(crate) invoice_number: Arc<str>,
    /// When it was found to be wrong. A date is a day of its account.
    pub(crate) at: Moment,
    /// The reason, as printed; may be empty.
    pub(crate) reason: Box<str>,
    /// The line in the file.
    pub(crate) line: u64,
}

/// A charge of a void invoice. Its credit has the same rate, service time and product.
#[derive(Clone, Debug)]
pub(crate) struct VoidedCharge {
    pub(crate) terms: Option<Arc<TaxTerms>>,
    pub(crate) service_start: Instant,
    pub(crate) service_end: Instant,
    pub(crate) billed: Billed,
}
