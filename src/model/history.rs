//! The billing history of one subscription in the register.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::{CorrectionRole, LineKey, Published, Reason};
use crate::value::Instant;

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
    /// When the account had other tax facts than its charges were taxed by.
    pub(crate) retaxed: Vec<Retaxed>,
}

impl BilledLines {
    /// Why the tax of a billed charge may differ, if it fell due while the account had other facts.
    pub(crate) fn retaxed_at(&self, due: Instant) -> Option<&Retaxed> {
        self.retaxed.iter().find(|range| range.holds(due))
    }
}

/// A time for which charges were taxed by facts that `account_changes.csv` contradicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Retaxed {
    /// Charges that fell due after this instant; `None`: from the beginning.
    pub(crate) after: Option<Instant>,
    /// The last instant.
    pub(crate) through: Instant,
    /// The column that changes at the start, and the day; `None` if a row was removed or altered.
    pub(crate) cause: Option<(&'static str, NaiveDate)>,
}

impl Retaxed {
    pub(crate) fn holds(&self, due: Instant) -> bool {
        self.after.is_none_or(|after| after < due) && due <= self.through
    }

    /// The reason of a correction.
    pub(crate) fn reason(&self) -> Reason {
        match self.cause {
            Some((column, on)) => Reason::AccountChangeArrived { column: column.into(), on },
            None => Reason::HistoryChanged,
        }
    }
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
