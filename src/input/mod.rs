//! Reads files into a [`BillingInput`](crate::model::BillingInput): every row is parsed, resolved
//! and grouped, or reported as a problem.
//!
//! Later stages trust the result, because it has no doubtful value. Reading does not stop at the
//! first problem: all problems of all files are reported together.

use crate::table::Column;
mod account_changes;
mod accounts;
mod adjustments;
mod affected;
mod balances;
mod changes;
mod discount_terms;
mod discounts;
mod exceptions;
mod group;
mod known;
mod one_account;
mod other_payers;
#[cfg(test)]
mod parallel_tests;
mod payments;
mod price_changes;
mod price_terms;
mod prices;
mod proposed;
mod rates_alone;
mod reader;
mod subscriptions;
mod tax_codes;
mod tax_components;
mod tax_number;
mod tax_rates;
mod taxpayers;
#[cfg(test)]
mod tests;
mod tiers;
pub(crate) mod translated;
mod voids;
pub(crate) use affected::{AffectedAccounts, AffectedRows};
pub(crate) use balances::load_balances;
pub(crate) use one_account::{Payer, load_account, payer_of};
#[cfg(test)]
pub(crate) use price_changes::{contradictions, spread};
pub(crate) use proposed::{ProposedChange, ProposedChanges};
pub(crate) use rates_alone::load_tax_rates;
pub(crate) use reader::{Loaded, load, sort};

/// The tables of an input folder by their plain names, in the order of reading.
pub(crate) const FILES: [&str; 12] = [
    "tax_rates.csv",
    "accounts.csv",
    account_changes::FILE,
    "prices.csv",
    "price_tiers.csv",
    "price_changes.csv",
    "subscriptions.csv",
    "changes.csv",
    "discounts.csv",
    "adjustments.csv",
    "voids.csv",
    "payments.csv",
];

/// Every table with the columns of its reader. Only `prorata open` reads the last one.
pub(crate) fn tables() -> [(&'static str, &'static [Column]); 13] {
    [
        ("tax_rates.csv", &tax_rates::COLUMNS),
        ("accounts.csv", &accounts::COLUMNS),
        (account_changes::FILE, &account_changes::COLUMNS),
        ("prices.csv", &prices::COLUMNS),
        (tiers::FILE, &tiers::COLUMNS),
        (price_changes::FILE, &price_changes::COLUMNS),
        ("subscriptions.csv", &subscriptions::COLUMNS),
        ("changes.csv", &changes::COLUMNS),
        ("discounts.csv", &discounts::COLUMNS),
        ("adjustments.csv", &adjustments::COLUMNS),
        ("voids.csv", &voids::COLUMNS),
        ("payments.csv", &payments::COLUMNS),
        (balances::FILE, &balances::COLUMNS),
    ]
}
