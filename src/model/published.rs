//! A published line with its place.

use std::sync::Arc;

use super::Line;
use crate::value::Instant;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Published {
    pub(crate) invoice_number: Arc<str>,
    /// Its number on the invoice, from 1.
    pub(crate) line_number: u32,
    pub(crate) line: Line,
}

/// A published charge in advance that is in force, with the fields that a credit needs to find its
/// invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublishedCharge {
    /// The start of its billing period.
    pub(crate) period_start: Instant,
    /// The billed time; the end is exclusive.
    pub(crate) service: (Instant, Instant),
    /// `price_id`.
    pub(crate) price_id: Arc<str>,
    /// The charged quantity.
    pub(crate) quantity: u64,
    pub(crate) invoice_number: Arc<str>,
    /// Its number on the invoice, from 1.
    pub(crate) line_number: u32,
}
