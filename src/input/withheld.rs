//! Accounts that a run leaves out whole: none of their rows is looked at.
//!
//! A row that is left out is treated as one that was reported: what refers to it is left out as
//! well, without another word.

use std::collections::{BTreeSet, HashSet};

use super::field::Row;

/// What a run leaves out.
#[derive(Clone, Debug, Default)]
pub struct Withheld {
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

impl Withheld {
    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Whether a row names what is left out.
    pub(super) fn leaves_out(&self, row: &Row<'_>) -> bool {
        !self.is_empty()
            && (self.accounts.contains(row.glimpse("account_id").trim())
                || self.subscriptions.contains(row.glimpse("subscription_id").trim())
                || self.invoices.contains(row.glimpse("invoice_number").trim()))
    }
}
