//! Documents that share a change: with credit notes on documents of their own, an invoice has what a
//! change charges and a credit note what it gives back.

use std::sync::Arc;

use super::{DocumentKind, Line};
use crate::value::Amount;

/// What a document says of documents of the same moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Related {
    /// Those that share a change or a correction with it.
    pub(crate) documents: Vec<RelatedDocument>,
    /// What is left to pay of invoices that a credit note concerns, just after the note.
    pub(crate) left_to_pay: Vec<LeftToPay>,
}

/// A document with the other parts of shared changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RelatedDocument {
    pub(crate) number: Arc<str>,
    pub(crate) kind: DocumentKind,
    /// Its lines that belong to these changes, in print order.
    pub(crate) lines: Vec<Line>,
}

/// The open amount of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftToPay {
    pub(crate) invoice_number: Arc<str>,
    pub(crate) amount: Amount,
}
