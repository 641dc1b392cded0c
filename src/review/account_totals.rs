//! What the documents of a close come to for each account and currency.

use crate::invoice::Invoice;
use crate::model::Account;
use crate::register::LastBilled;
use crate::value::{Amount, Currency, Instant};

/// What an account is billed in one currency.
#[derive(Clone, Copy, Debug)]
pub struct AccountTotal<'a> {
    /// Index of the account.
    pub account: usize,
    /// The currency.
    pub currency: Currency,
    /// The number of its first document.
    pub number: &'a str,
    /// What its documents come to.
    pub total: Amount,
}

impl AccountTotal<'_> {
    /// The same, for the register.
    pub fn last_billed(&self, accounts: &[Account], as_of: Instant) -> LastBilled {
        LastBilled {
            account_id: accounts[self.account].id.clone(),
            currency: self.currency,
            as_of,
            total: self.total,
        }
    }
}

/// The totals of all accounts that have documents, by account and currency.
pub fn account_totals(invoices: &[Invoice]) -> Vec<AccountTotal<'_>> {
    let mut all: Vec<AccountTotal<'_>> = invoices
        .iter()
        .map(|invoice| AccountTotal {
            account: invoice.account,
            currency: invoice.currency,
            number: &invoice.number,
            total: invoice.totals.total,
        })
        .collect();
    // Stable: of one account the documents stay in the order of their numbers.
    all.sort_by_key(|it| (it.account, it.currency.code()));
    all.dedup_by(|next, kept| {
        let is_same = (next.account, next.currency) == (kept.account, kept.currency);
        if is_same {
            // Documents that cannot be added up are looked at one by one anyway.
            kept.total = kept.total.checked_add(next.total).unwrap_or(next.total);
        }
        is_same
    });
    all
}
