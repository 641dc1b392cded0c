//! Up to which instant accounts are billed: to the close, unless documents below the minimum wait.

use std::collections::BTreeMap;

use super::context::CloseContext;
use crate::invoice::AccountBill;
use crate::model::BillingInput;
use crate::value::Instant;

/// Accounts with documents that wait, by id: the second since 1970 up to which each is billed, if it
/// was ever billed.
pub(crate) type CarriedAccounts = BTreeMap<String, Option<i64>>;

/// The accounts whose documents wait for the next one.
pub(super) fn carried(bills: &[AccountBill], book: &BillingInput) -> CarriedAccounts {
    let carried = book.accounts.iter().zip(bills).filter_map(|(account, bill)| {
        let billed = bill.carried.as_ref()?.billed_through;
        Some((account.id.to_string(), billed.map(Instant::unix_seconds)))
    });
    carried.collect()
}

/// Up to which instant each account is billed after a close.
pub(crate) struct BilledThrough<'a> {
    book: &'a BillingInput,
    carried: &'a CarriedAccounts,
    through: Instant,
}

impl<'a> BilledThrough<'a> {
    pub(crate) fn of(context: &'a CloseContext, carried: &'a CarriedAccounts) -> Self {
        Self { book: &context.loaded.book, carried, through: context.through }
    }

    /// The instant for the account of a subscription; `None` if it was never billed.
    pub(super) fn subscription(&self, index: usize) -> Option<Instant> {
        if self.carried.is_empty() {
            return Some(self.through);
        }
        let account = &self.book.accounts[self.book.subscriptions[index].account];
        match self.carried.get(&*account.id) {
            Some(seconds) => seconds.map(Instant::from_unix_seconds),
            None => Some(self.through),
        }
    }
}
