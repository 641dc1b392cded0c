//! From files to a [`Book`]: every row read, typed, referenced and grouped, or named as a problem.
//!
//! What comes out has no doubtful value left in it: later stages trust it. Nothing stops at the
//! first problem; all of them, of all files, are reported together.

mod accounts;
mod adjustments;
mod amounts;
mod balances;
mod changes;
mod chunks;
mod concerned;
mod discount_terms;
mod discounts;
mod field;
mod group;
mod header;
mod index;
mod joined;
mod known;
#[cfg(test)]
mod parallel_tests;
mod payments;
mod places;
mod price_terms;
mod prices;
mod reader;
mod record;
mod remedy;
mod rows;
mod source;
mod subscriptions;
mod table;
mod tax_codes;
mod tax_rates;
#[cfg(test)]
mod tests;
mod tiers;
mod withheld;

use std::path::Path;

pub use balances::{Balances, load_balances};
pub use concerned::{Concerned, concerned};
pub use reader::{Loaded, Warning, load, sort};
pub use source::{Source, SourceError, SourceErrors, sha256_hex};
pub use withheld::Withheld;

/// The files of an input folder beside `billing.toml`, in the order in which they are read.
pub const FILES: [&str; 9] = [
    "tax_rates.csv",
    "accounts.csv",
    "prices.csv",
    "price_tiers.csv",
    "subscriptions.csv",
    "changes.csv",
    "discounts.csv",
    "adjustments.csv",
    "payments.csv",
];

/// How a file of the input folder is named in messages.
pub fn display_name(input: &Path, file: &str) -> String {
    input.join(file).display().to_string()
}
