//! The checked input of a run, grouped by account.

use std::hint::black_box;
use std::ops::Range;

use super::account::Account;
use super::adjustment::Adjustment;
use super::change::Change;
use super::discount::Discount;
use super::payment::Payment;
use super::price::Price;
use super::price_change::PriceChange;
use super::rules::Rules;
use super::subscription::Subscription;
use super::tax::TaxTable;
use super::void::Void;

/// The checked input: every reference is resolved. Subscriptions are sorted by account, and changes
/// by subscription in the order in which they apply.
#[derive(Clone, Debug, Default)]
pub(crate) struct BillingInput {
    /// In the order of `accounts.csv`.
    pub(crate) accounts: Vec<Account>,
    /// In the order of `prices.csv`, which is also the order of lines on an invoice.
    pub(crate) prices: Vec<Price>,
    /// By account, then in the order of `subscriptions.csv`.
    pub(crate) subscriptions: Vec<Subscription>,
    /// By subscription, then instant, then the order of `changes.csv`.
    pub(crate) changes: Vec<Change>,
    /// The tax rates by code.
    pub(crate) taxes: TaxTable,
    /// In the order of `discounts.csv`. They apply in this order.
    pub(crate) discounts: Vec<Discount>,
    /// For each account, the discounts that may apply, in the order of the file.
    pub(crate) discounts_of: Vec<Vec<usize>>,
    /// By account, then instant, then the order of `adjustments.csv`.
    pub(crate) adjustments: Vec<Adjustment>,
    /// In the order of `voids.csv`. Their credits are among the adjustments.
    pub(crate) voids: Vec<Void>,
    /// By instant, then the order of `payments.csv`.
    pub(crate) payments: Vec<Payment>,
    /// For each account, its adjustments.
    pub(crate) adjustments_of: Vec<Range<usize>>,
    /// For each account, its subscriptions.
    pub(crate) subscriptions_of: Vec<Range<usize>>,
    /// For each subscription, its changes.
    pub(crate) changes_of: Vec<Range<usize>>,
    /// In the order of `price_changes.csv`. The changes have them already.
    pub(crate) price_changes: Vec<PriceChange>,
    /// The billing rules.
    pub(crate) rules: Rules,
}

/// Small enough that the caches hold the ids and changes.
const AT_A_TIME: usize = 128;

/// One subscription with its changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SubscriptionLog<'a> {
    /// The subscription with its opening terms.
    pub(crate) subscription: &'a Subscription,
    /// All its changes, in the order in which they apply, including future ones.
    pub(crate) changes: &'a [Change],
    /// The account that pays.
    pub(crate) account: &'a Account,
    /// The billing rules.
    pub(crate) rules: Rules,
}

impl BillingInput {
    /// The discounts that may apply to an account, in order.
    pub(crate) fn discounts_for(&self, account: usize) -> impl Iterator<Item = &Discount> {
        let places = self.discounts_of.get(account).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.discounts[*place])
    }

    /// The adjustments of an account, by instant.
    pub(crate) fn adjustments_for(&self, account: usize) -> &[Adjustment] {
        self.adjustments_of.get(account).map_or(&[], |range| &self.adjustments[range.clone()])
    }

    /// The same input with some of the changes. Each is given with the index of its subscription.
    pub(crate) fn with_some_changes(&self, is_kept: impl Fn(usize, &Change) -> bool) -> Self {
        let (mut changes, mut changes_of) = (Vec::new(), Vec::with_capacity(self.changes_of.len()));
        for (index, range) in self.changes_of.iter().enumerate() {
            let first = changes.len();
            let own = self.changes[range.clone()].iter().filter(|change| is_kept(index, change));
            changes.extend(own.cloned());
            changes_of.push(first..changes.len());
        }
        Self { changes, changes_of, ..self.clone() }
    }

    /// Fills `discounts_of`.
    pub(crate) fn index_discounts(&mut self) {
        self.discounts_of = vec![Vec::new(); self.accounts.len()];
        for (place, discount) in self.discounts.iter().enumerate() {
            match discount.account {
                Some(account) => self.discounts_of[account].push(place),
                None => self.discounts_of.iter_mut().for_each(|of| of.push(place)),
            }
        }
    }

    /// Fills `adjustments_of`. The adjustments must be sorted by account.
    pub(crate) fn index_adjustments(&mut self) {
        let first = |account: usize| self.adjustments.partition_point(|it| it.account < account);
        self.adjustments_of =
            (0..self.accounts.len()).map(|account| first(account)..first(account + 1)).collect();
    }

    /// The subscription at an index, with its changes and account.
    pub(crate) fn ledger(&self, subscription: usize) -> SubscriptionLog<'_> {
        let terms = &self.subscriptions[subscription];
        SubscriptionLog {
            subscription: terms,
            changes: &self.changes[self.changes_of[subscription].clone()],
            account: &self.accounts[terms.account],
            rules: self.rules,
        }
    }

    /// Call this for each subscription in a loop over all. From time to time it reads the ids of
    /// the next subscriptions and their changes. They are scattered in memory, so reading them
    /// together overlaps the waits.
    pub(crate) fn look_ahead(&self, subscription: usize) {
        if subscription.is_multiple_of(AT_A_TIME) {
            self.look_at(subscription..self.subscriptions.len().min(subscription + AT_A_TIME));
        }
    }

    /// The same for a loop over all accounts.
    pub(crate) fn look_ahead_of_account(&self, account: usize) {
        if account.is_multiple_of(AT_A_TIME) {
            let last = self.accounts.len().min(account + AT_A_TIME) - 1;
            self.look_at(self.subscriptions_of[account].start..self.subscriptions_of[last].end);
        }
    }

    fn look_at(&self, subscriptions: Range<usize>) {
        for index in subscriptions {
            black_box(self.subscriptions[index].id.as_bytes().first());
            for change in &self.changes[self.changes_of[index].clone()] {
                black_box(change.id.as_bytes().first());
            }
        }
    }
}
