//! The totals of a close for each account and currency.

use rayon::prelude::*;

use crate::model::{DocumentKind, Invoice, LastBilled};
use crate::value::{Amount, Currency, Instant};

/// The total of an account in one currency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccountTotal {
    pub(crate) account: usize,
    pub(crate) currency: Currency,
    /// Index of its first invoice; without one, of its first credit note. An invoice represents the
    /// account better, but credit notes come first at one instant.
    pub(crate) document: usize,
    /// The number of its invoices.
    pub(crate) documents: usize,
    /// The sum of its invoices.
    pub(crate) total: Amount,
}

impl AccountTotal {
    /// The same, for the register.
    pub(crate) fn last_billed(&self, as_of: Instant) -> LastBilled {
        LastBilled { currency: self.currency, as_of, total: self.total }
    }
}

/// The totals of all accounts with invoices, by account and currency.
pub(crate) fn account_totals(invoices: &[Invoice]) -> Vec<AccountTotal> {
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
    // The invoices of an account stay in the order of their numbers.
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
            // Invoices that cannot be added up are reviewed one by one anyway.
            kept.total = kept.total.checked_add(next.total).unwrap_or(next.total);
        }
        is_same
    });
    all
}
