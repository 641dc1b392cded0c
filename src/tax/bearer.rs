//! The document and line that bear the tax of a charge.

use std::sync::Arc;

/// Where a charge stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bearer {
    /// The number of its document; provisionally, if that belongs to this close.
    pub number: Arc<str>,
    /// Its line there, from 1; 0 if it is not known.
    pub line_number: u32,
}
