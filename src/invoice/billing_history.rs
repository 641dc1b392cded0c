//! The data of the register about earlier closes that billing needs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::hash::Digest;
use crate::model::{Adjustment, CreditRules, History, Published, PublishedCharge, TaxHistory};
use crate::tax::{IssuedByNumber, Taxpayers};
use crate::value::Instant;

#[derive(Clone, Copy)]
pub(crate) struct BillingHistory<'a> {
    /// The newest close of the register.
    pub(crate) newest: Option<Instant>,
    /// By index of the subscription.
    pub(crate) subscriptions: &'a [History],
    /// The charges in force of subscriptions with new changes, by index.
    pub(crate) charged: &'a HashMap<usize, Vec<PublishedCharge>>,
    /// The lines in force of adjustments that name invoices, by id, if late rows may have changed
    /// the rest of these invoices.
    pub(crate) adjusted: &'a HashMap<Arc<str>, Published>,
    /// The billed adjustments, by id.
    pub(crate) adjustments: &'a BTreeMap<String, Digest>,
    /// The tax facts of accounts.
    pub(crate) taxpayers: &'a Taxpayers,
    /// The tax codes of prices, by `price_id`; the default code under the empty id.
    pub(crate) price_taxes: &'a BTreeMap<String, TaxHistory>,
    /// Published invoices that credits may concern.
    pub(crate) issued: &'a IssuedByNumber,
    /// The lines of the invoices that adjustments name.
    pub(crate) named: &'a BTreeMap<String, Vec<Published>>,
    /// The version of the credit rules.
    pub(crate) credits: CreditRules,
}

impl<'a> BillingHistory<'a> {
    /// Whether the past of a subscription has not changed since it was billed.
    pub(crate) fn is_unchanged(&self, subscription: usize) -> bool {
        matches!(self.subscriptions[subscription], History::Unchanged)
    }

    /// The lines in force of a subscription whose past has changed.
    pub(crate) fn standing(&self, subscription: usize) -> &'a [Published] {
        match self.subscriptions.get(subscription) {
            Some(History::Late(past)) => &past.standing,
            _ => &[],
        }
    }

    /// Every invoice with lines of a subscription whose past has changed.
    pub(crate) fn documents(&self, subscription: usize) -> Option<&'a BTreeSet<Arc<str>>> {
        match self.subscriptions.get(subscription) {
            Some(History::Late(past)) => Some(&past.documents),
            _ => None,
        }
    }

    /// The charges in force of a subscription with new changes.
    pub(crate) fn charges(&self, subscription: usize) -> &'a [PublishedCharge] {
        self.charged.get(&subscription).map_or(&[], Vec::as_slice)
    }

    /// Whether an adjustment was billed.
    pub(crate) fn has_billed(&self, adjustment: &Adjustment) -> bool {
        self.adjustments.contains_key(&*adjustment.id)
    }
}
