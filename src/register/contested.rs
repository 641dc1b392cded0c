//! Accounts whose credits share the rest of invoices.

use std::collections::BTreeSet;

use crate::model::BillingInput;
use crate::value::Instant;

/// The accounts with adjustments that name invoices. The rest of an invoice for one credit depends
/// on the other credits.
#[derive(Debug, Default)]
pub(super) struct Contested {
    pub(super) accounts: BTreeSet<usize>,
}

impl Contested {
    /// The accounts whose adjustments are due at an instant.
    pub(crate) fn of(book: &BillingInput, through: Instant) -> Self {
        let named = book
            .adjustments
            .iter()
            .filter(|adjustment| adjustment.credits_invoice.is_some() && adjustment.at <= through);
        Self { accounts: named.map(|adjustment| adjustment.account).collect() }
    }

    /// Whether an account is included.
    pub(crate) fn has(&self, account: usize) -> bool {
        self.accounts.contains(&account)
    }
}
