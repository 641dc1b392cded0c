//! Series of invoice numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// For each series of invoice numbers, the next to give.
pub(crate) type Series = BTreeMap<String, u64>;

/// The numbers a close gave in one series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberRange {
    /// The first one.
    pub first: String,
    /// The last one.
    pub last: String,
    /// How many: without gaps, all from the first to the last.
    pub count: u64,
    /// The counter of the next.
    pub next: u64,
}
