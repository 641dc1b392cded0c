//! The document and line that bear the tax of a charge.

use std::sync::Arc;

/// Where a charge stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bearer {
    /// The number of its document; provisionally, if that belongs to this close.
    pub(crate) number: Arc<str>,
    /// Its line there, from 1; 0 if it is not known.
    pub(crate) line_number: u32,
}
