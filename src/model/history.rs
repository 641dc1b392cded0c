//! The billing history of one subscription in the register.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::model::{CorrectionRole, LineKey, Published};

/// Compares the past of a subscription with the billed lines.
#[derive(Clone, Debug)]
pub(crate) enum History {
    /// Never billed: everything up to now is due.
    New,
    /// The past has not changed since the last close: only later dues are due.
    Unchanged,
    /// The past has changed since it was billed. It is boxed because it is large and rare.
    Late(Box<BilledLines>),
}

/// The billed lines of a subscription, and what is new since the last close.
#[derive(Clone, Debug, Default)]
pub(crate) struct BilledLines {
    /// The lines in force in the register.
    pub(crate) standing: Vec<Published>,
    /// Every invoice with lines of it, in force or not.
    pub(crate) documents: BTreeSet<Arc<str>>,
    /// Each `change_id` that is new since the last close.
    pub(crate) arrived: HashSet<Arc<str>>,
    /// Each `discount_id` that is new since the last close.
    pub(crate) arrived_discounts: BTreeSet<Arc<str>>,
}

/// The lines in force among all published lines of a subscription, oldest close first.
///
/// A reversal can come after the replacement of the same line, if their invoices differ in
/// currency. So a reversal removes exactly the line it names, not all lines with its key.
pub(crate) fn lines_in_force(published: impl IntoIterator<Item = Published>) -> Vec<Published> {
    let mut by_key: HashMap<LineKey, Published> = HashMap::new();
    for entry in published {
        match &entry.line.correction {
            Some(correction) if correction.role == CorrectionRole::Reversal => {
                let is_named = |held: &Published| {
                    held.invoice_number == correction.invoice_number
                        && held.line_number == correction.line_number
                };
                if by_key.get(&entry.line.key).is_some_and(is_named) {
                    by_key.remove(&entry.line.key);
                }
            }
            _ => {
                by_key.insert(entry.line.key.clone(), entry);
            }
        }
    }
    let mut standing: Vec<Published> = by_key.into_values().collect();
    standing.sort_by(|a, b| a.line.key.cmp(&b.line.key));
    standing
}
