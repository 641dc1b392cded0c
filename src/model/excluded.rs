//! Accounts that a run leaves out whole: none of their rows is looked at.
//!
//! A row that is left out is treated as one that was reported: what refers to it is left out as
//! well, without another word.

use std::collections::{BTreeSet, HashSet};

/// What a run leaves out.
#[derive(Clone, Debug, Default)]
pub struct ExcludedAccounts {
    /// The accounts, by id.
    pub accounts: BTreeSet<String>,
    /// Numbers of their invoices by which rows of `payments.csv` may name them.
    pub invoices: BTreeSet<String>,
    /// Ids of their rows in `subscriptions.csv`, as far as that was read.
    pub subscriptions: HashSet<String>,
    /// In `discounts.csv`.
    pub discounts: HashSet<String>,
    /// In `adjustments.csv`.
    pub adjustments: HashSet<String>,
    /// In `payments.csv`.
    pub payments: HashSet<String>,
}

impl ExcludedAccounts {
    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Whether a row belongs to an excluded account, by the values of its columns.
    pub fn leaves_out<'v, V: AsRef<str> + 'v>(&self, value: impl Fn(&'static str) -> V) -> bool {
        !self.is_empty()
            && (self.accounts.contains(value("account_id").as_ref().trim())
                || self.subscriptions.contains(value("subscription_id").as_ref().trim())
                || self.invoices.contains(value("invoice_number").as_ref().trim()))
    }
}
