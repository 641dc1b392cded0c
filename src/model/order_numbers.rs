//! The order numbers of a document whose subscriptions have orders of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The order of a document, and those of the lines that belong to another one. A document without one
/// of these has the order of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrderNumbers {
    /// The order that all lines share, or that of the account; may be empty.
    pub(crate) whole: Box<str>,
    /// The other orders, by subscription.
    pub(crate) others: BTreeMap<Arc<str>, Box<str>>,
}

impl OrderNumbers {
    /// The order of a subscription, if it is not that of the document.
    pub(crate) fn other(&self, subscription_id: &str) -> Option<&str> {
        self.others.get(subscription_id).map(|order| &**order)
    }
}
