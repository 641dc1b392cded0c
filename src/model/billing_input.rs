//! Everything a run knows, grouped by account.

use std::hint::black_box;
use std::ops::Range;

use super::account::Account;
use super::adjustment::Adjustment;
use super::change::Change;
use super::discount::Discount;
use super::payment::Payment;
use super::price::Price;
use super::rules::Rules;
use super::subscription::Subscription;
use super::tax::TaxTable;

/// The checked input: every reference resolved, every subscription beside its account, every
/// change beside its subscription in the order in which changes apply.
#[derive(Clone, Debug, Default)]
pub struct BillingInput {
    /// In the order of `accounts.csv`.
    pub accounts: Vec<Account>,
    /// In the order of `prices.csv`, which is also the order of lines on an invoice.
    pub prices: Vec<Price>,
    /// By account, then in the order of `subscriptions.csv`.
    pub subscriptions: Vec<Subscription>,
    /// By subscription, then instant, then the order of `changes.csv`.
    pub changes: Vec<Change>,
    /// What tax codes mean.
    pub taxes: TaxTable,
    /// In the order of `discounts.csv`, in which they apply.
    pub discounts: Vec<Discount>,
    /// For each account, the discounts that may concern it, in the order of the file.
    pub discounts_of: Vec<Vec<usize>>,
    /// By account, then instant, then the order of `adjustments.csv`.
    pub adjustments: Vec<Adjustment>,
    /// By instant, then the order of `payments.csv`.
    pub payments: Vec<Payment>,
    /// For each account, its adjustments.
    pub adjustments_of: Vec<Range<usize>>,
    /// For each account, its subscriptions.
    pub subscriptions_of: Vec<Range<usize>>,
    /// For each subscription, its changes.
    pub changes_of: Vec<Range<usize>>,
    /// The rules that it is billed by.
    pub rules: Rules,
}

/// Few enough that the caches hold their ids and changes.
const AT_A_TIME: usize = 128;

/// One subscription with the changes made to it.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionLog<'a> {
    /// The opening terms.
    pub subscription: &'a Subscription,
    /// All its changes, in the order in which they apply, future ones included.
    pub changes: &'a [Change],
    /// The account that pays for it.
    pub account: &'a Account,
    /// The rules that it is billed by.
    pub rules: Rules,
}

impl BillingInput {
    /// The discounts that may concern an account, in the order in which they apply.
    pub fn discounts_for(&self, account: usize) -> impl Iterator<Item = &Discount> {
        let places = self.discounts_of.get(account).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.discounts[*place])
    }

    /// The adjustments of an account, by instant.
    pub fn adjustments_for(&self, account: usize) -> &[Adjustment] {
        self.adjustments_of.get(account).map_or(&[], |range| &self.adjustments[range.clone()])
    }

    /// Finds out which discounts may concern which account.
    pub fn index_discounts(&mut self) {
        self.discounts_of = vec![Vec::new(); self.accounts.len()];
        for (place, discount) in self.discounts.iter().enumerate() {
            match discount.account {
                Some(account) => self.discounts_of[account].push(place),
                None => self.discounts_of.iter_mut().for_each(|of| of.push(place)),
            }
        }
    }

    /// Finds out which adjustments are whose; they are sorted by account.
    pub fn index_adjustments(&mut self) {
        let first = |account: usize| self.adjustments.partition_point(|it| it.account < account);
        self.adjustments_of =
            (0..self.accounts.len()).map(|account| first(account)..first(account + 1)).collect();
    }

    /// The subscription at an index, with its changes and account.
    pub fn ledger(&self, subscription: usize) -> SubscriptionLog<'_> {
        let terms = &self.subscriptions[subscription];
        SubscriptionLog {
            subscription: terms,
            changes: &self.changes[self.changes_of[subscription].clone()],
            account: &self.accounts[terms.account],
            rules: self.rules,
        }
    }

    /// Looks at the ids of some subscriptions and of their changes, for whoever goes through all and
    /// has reached `subscription`: every so often, at those that come next. They lie anywhere in
    /// memory; looked at one after the other, the waits for them overlap.
    pub fn look_ahead(&self, subscription: usize) {
        if subscription.is_multiple_of(AT_A_TIME) {
            self.look_at(subscription..self.subscriptions.len().min(subscription + AT_A_TIME));
        }
    }

    /// The same for whoever goes through all accounts and has reached `account`.
    pub fn look_ahead_of_account(&self, account: usize) {
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
