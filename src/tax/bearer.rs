//! The invoice and line with the credited charge.

use std::sync::Arc;

/// The place of a charge.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bearer {
    /// The number of its invoice; provisional if it belongs to this close.
    pub(crate) number: Arc<str>,
    /// The line number, from 1; 0 if it is unknown.
    pub(crate) line_number: u32,
}
