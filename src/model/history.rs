//! What the register knows of one subscription.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::model::{CorrectionRole, LineKey, Published};

/// How a subscription's past compares with what was billed.
#[derive(Clone, Debug)]
pub enum History {
    /// Never billed: everything up to now is due.
    New,
    /// What was known at the last close has not changed since: only what fell due later is due.
    Unchanged,
    /// The past that was billed on is not the past that the log tells now.
    /// It takes up much, and few have it.
    Late(Box<BilledLines>),
}

/// What was billed of a subscription, and what has become known since.
#[derive(Clone, Debug, Default)]
pub struct BilledLines {
    /// The lines that stand in the register.
    pub standing: Vec<Published>,
    /// Every document with lines of it, also with those that do not stand.
    pub documents: BTreeSet<Arc<str>>,
    /// `change_id`s that the last close did not know.
    pub arrived: HashSet<Arc<str>>,
    /// `discount_id`s that the last close did not know.
    pub arrived_discounts: BTreeSet<Arc<str>>,
}

/// From all lines published for a subscription, oldest close first, those that hold.
///
/// Within a close a reversal may stand after the replacement of the same line: they can be on
/// documents in two currencies. So a reversal takes away the very line it names, not its key.
pub fn lines_in_force(published: impl IntoIterator<Item = Published>) -> Vec<Published> {
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
