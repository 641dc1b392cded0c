//! What the documents of a close come to for each account and currency.

use rayon::prelude::*;

use crate::model::{DocumentKind, Invoice, LastBilled};
use crate::value::{Amount, Currency, Instant};

/// What an account is billed in one currency.
#[derive(Clone, Copy, Debug)]
pub struct AccountTotal {
    /// Index of the account.
    pub account: usize,
    /// The currency.
    pub currency: Currency,
    /// Index of its first invoice or, if it has none, of its first document: credit notes come before
    /// invoices of one instant, and say less of what the account is billed.
    pub document: usize,
    /// How many documents it has.
    pub documents: usize,
    /// What its documents come to.
    pub total: Amount,
}

impl AccountTotal {
    /// The same, for the register.
    pub fn last_billed(&self, as_of: Instant) -> LastBilled {
        LastBilled { currency: self.currency, as_of, total: self.total }
    }
}

/// The totals of all accounts that have documents, by account and currency.
pub fn account_totals(invoices: &[Invoice]) -> Vec<AccountTotal> {
    let mut all: Vec<AccountTotal> = invoices
        .iter()
        .enumerate()
        .map(|(document, invoice)| AccountTotal {
            account: invoice.account,
            currency: invoice.currency,
            document,
            documents: 1,
            total: invoice.totals.total,
        })
        .collect();
    // Of one account the documents stay in the order of their numbers.
    all.par_sort_unstable_by(|a, b| {
        (a.account, a.currency, a.document).cmp(&(b.account, b.currency, b.document))
    });
    let is_credit = |document: usize| invoices[document].kind != DocumentKind::Invoice;
    all.dedup_by(|next, kept| {
        let is_same = (next.account, next.currency) == (kept.account, kept.currency);
        if is_same {
            kept.documents += 1;
            if is_credit(kept.document) && !is_credit(next.document) {
                kept.document = next.document;
            }
            // Documents that cannot be added up are looked at one by one anyway.
            kept.total = kept.total.checked_add(next.total).unwrap_or(next.total);
        }
        is_same
    });
    all
}
