//! A line where it was published.

use std::sync::Arc;

use super::Line;

/// A line of an invoice that has been published.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The invoice it is on.
    pub invoice_number: Arc<str>,
    /// Its number there, from 1.
    pub line_number: u32,
    /// The line.
    pub line: Line,
}
