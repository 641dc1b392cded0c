//! Series of invoice numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The next number of each series.
pub(crate) type Series = BTreeMap<String, u64>;

/// The numbers that a close used in one series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberRange {
    /// The first number.
    pub first: String,
    /// The last number.
    pub last: String,
    /// The count. There are no gaps.
    pub count: u64,
    /// The counter of the next number.
    pub next: u64,
}
