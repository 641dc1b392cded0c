//! A line where it was published.

use std::sync::Arc;

use super::Line;
use crate::value::Instant;

/// A line of an invoice that has been published.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Published {
    /// The invoice it is on.
    pub(crate) invoice_number: Arc<str>,
    /// Its number there, from 1.
    pub(crate) line_number: u32,
    /// The line.
    pub(crate) line: Line,
}

/// A charge in advance that was published and stands: as much of it as a credit needs to find the
/// invoice that it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublishedCharge {
    /// The start of its billing period.
    pub(crate) period_start: Instant,
    /// The time it bills; the end is exclusive.
    pub(crate) service: (Instant, Instant),
    /// `price_id`.
    pub(crate) price_id: Arc<str>,
    /// The quantity that was charged.
    pub(crate) quantity: u64,
    /// The invoice it is on.
    pub(crate) invoice_number: Arc<str>,
    /// Its number there, from 1.
    pub(crate) line_number: u32,
}
