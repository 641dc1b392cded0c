//! What the register knows of one subscription.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::{CorrectionRole, LineKey, Published};

/// How a subscription's past compares with what was billed.
#[derive(Clone, Debug)]
pub enum History {
    /// Never billed: everything up to now is due.
    New,
    /// What was known at the last close has not changed since: only what fell due later is due.
    OnTime,
    /// The past that was billed on is not the past that the log tells now.
    Late {
        /// The lines that stand in the register.
        standing: Vec<Published>,
        /// `change_id`s that the last close did not know.
        arrived: HashSet<Arc<str>>,
    },
}

/// From all lines published for a subscription, in the order of publication, those that hold:
/// the last one of each key, unless it has been reversed.
pub fn standing(published: impl IntoIterator<Item = Published>) -> Vec<Published> {
    let mut by_key: HashMap<LineKey, Published> = HashMap::new();
    for entry in published {
        let role = entry.line.correction.as_ref().map(|correction| correction.role);
        if role == Some(CorrectionRole::Reversal) {
            by_key.remove(&entry.line.key);
        } else {
            by_key.insert(entry.line.key.clone(), entry);
        }
    }
    let mut standing: Vec<Published> = by_key.into_values().collect();
    standing.sort_by(|a, b| a.line.key.cmp(&b.line.key));
    standing
}
