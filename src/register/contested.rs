//! Accounts whose credits draw on what invoices have left.

use std::collections::BTreeSet;

use crate::model::BillingInput;
use crate::value::Instant;

/// The accounts with adjustments that name invoices: what an invoice has left for one credit depends
/// on the others.
#[derive(Debug, Default)]
pub(super) struct Contested {
    pub(super) accounts: BTreeSet<usize>,
}

impl Contested {
    /// Those whose adjustments fall due up to an instant.
    pub fn of(book: &BillingInput, through: Instant) -> Self {
        let named = book
            .adjustments
            .iter()
            .filter(|adjustment| adjustment.credits_invoice.is_some() && adjustment.at <= through);
        Self { accounts: named.map(|adjustment| adjustment.account).collect() }
    }

    /// Whether an account is one of them.
    pub fn has(&self, account: usize) -> bool {
        self.accounts.contains(&account)
    }
}
