//! What earlier closes billed, as far as billing needs it: the register hands it out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::hash::Digest;
use crate::model::{Adjustment, CreditRules, History, Published, PublishedCharge, TaxHistory};
use crate::tax::{IssuedByNumber, Taxpayers};

/// What earlier closes billed.
#[derive(Clone, Copy)]
pub struct BillingHistory<'a> {
    /// Of each subscription, by its index.
    pub subscriptions: &'a [History],
    /// The charges that stand of subscriptions that have new changes, by index.
    pub charged: &'a HashMap<usize, Vec<PublishedCharge>>,
    /// What stands of adjustments that name invoices, by id, where late rows may have changed what
    /// these have left.
    pub adjusted: &'a HashMap<Arc<str>, Published>,
    /// The adjustments that were billed, by id.
    pub adjustments: &'a BTreeMap<String, Digest>,
    /// What decides about the taxes of accounts.
    pub taxpayers: &'a Taxpayers,
    /// The tax codes of prices, by `price_id`; the default one under the empty id.
    pub price_taxes: &'a BTreeMap<String, TaxHistory>,
    /// Published invoices that credits may concern.
    pub issued: &'a IssuedByNumber,
    /// The lines of those that adjustments name.
    pub named: &'a BTreeMap<String, Vec<Published>>,
    /// The rules that credits follow.
    pub credits: CreditRules,
}

impl<'a> BillingHistory<'a> {
    /// Whether nothing that was billed of a subscription has changed since.
    pub fn is_unchanged(&self, subscription: usize) -> bool {
        matches!(self.subscriptions[subscription], History::Unchanged)
    }

    /// The lines that stand of a subscription whose past has changed.
    pub fn standing(&self, subscription: usize) -> &'a [Published] {
        match self.subscriptions.get(subscription) {
            Some(History::Late(past)) => &past.standing,
            _ => &[],
        }
    }

    /// Every document with lines of a subscription whose past has changed.
    pub fn documents(&self, subscription: usize) -> Option<&'a BTreeSet<Arc<str>>> {
        match self.subscriptions.get(subscription) {
            Some(History::Late(past)) => Some(&past.documents),
            _ => None,
        }
    }

    /// The charges that stand of a subscription that has new changes.
    pub fn charges(&self, subscription: usize) -> &'a [PublishedCharge] {
        self.charged.get(&subscription).map_or(&[], Vec::as_slice)
    }

    /// Whether an adjustment was billed.
    pub fn has_billed(&self, adjustment: &Adjustment) -> bool {
        self.adjustments.contains_key(&*adjustment.id)
    }
}
