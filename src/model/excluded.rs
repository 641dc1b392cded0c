//! Accounts that a run leaves out, with all their rows.
//!
//! An excluded row counts as reported. So rows that refer to it are excluded too, without a
//! message.

use std::collections::{BTreeSet, HashSet};

/// The excluded accounts and their rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExcludedAccounts {
    /// By id.
    pub(crate) accounts: BTreeSet<String>,
    /// The numbers of their invoices, because rows of `payments.csv` may name them.
    pub(crate) invoices: BTreeSet<String>,
    /// Their ids in `subscriptions.csv`, as far as the file was read.
    pub(crate) subscriptions: HashSet<String>,
    /// In `discounts.csv`.
    pub(crate) discounts: HashSet<String>,
    /// In `adjustments.csv`.
    pub(crate) adjustments: HashSet<String>,
    /// In `payments.csv`.
    pub(crate) payments: HashSet<String>,
}

impl ExcludedAccounts {
    pub(crate) fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Whether a row belongs to an excluded account, by the values of its columns.
    pub(crate) fn leaves_out<'v, V: AsRef<str> + 'v>(
        &self,
        value: impl Fn(&'static str) -> V,
    ) -> bool {
        !self.is_empty()
            && (self.accounts.contains(value("account_id").as_ref().trim())
                || self.subscriptions.contains(value("subscription_id").as_ref().trim())
                || self.invoices.contains(value("invoice_number").as_ref().trim()))
    }
}
