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
mod content;
mod damage;
mod discount_terms;
mod discounts;
mod exceptions;
mod fault;
mod field;
mod foreign;
mod form;
mod group;
mod header;
mod index;
mod joined;
mod known;
mod marks;
mod meanings;
mod nulls;
#[cfg(test)]
mod parallel_tests;
pub mod parquet;
mod payments;
mod price_terms;
mod prices;
mod rates_alone;
mod reader;
mod record;
mod remedy;
mod rows;
mod source;
mod subscriptions;
mod table;
mod tax_codes;
mod tax_number;
mod tax_rates;
mod taxpayers;
#[cfg(test)]
mod tests;
mod tiers;
pub use balances::{Balances, load_balances};
pub use concerned::{Concerned, Concerning};
pub use form::display_name;
pub use group::arrange;
pub use rates_alone::load_tax_rates;
pub use reader::{Loaded, Warning, load, sort};
pub use record::{Record, Records};
pub use source::{Source, SourceError, SourceErrors, hexadecimal, hexadecimal_byte, sha256_hex};
pub use table::Column;

/// The tables of an input folder, in the order in which they are read, by the names that they have
/// in their plain form.
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

/// Every table that is read, with the columns its reader knows; the last one by `prorata open` alone.
pub fn tables() -> [(&'static str, &'static [Column]); 10] {
    [
        ("tax_rates.csv", &tax_rates::COLUMNS),
        ("accounts.csv", &accounts::COLUMNS),
        ("prices.csv", &prices::COLUMNS),
        (tiers::FILE, &tiers::COLUMNS),
        ("subscriptions.csv", &subscriptions::COLUMNS),
        ("changes.csv", &changes::COLUMNS),
        ("discounts.csv", &discounts::COLUMNS),
        ("adjustments.csv", &adjustments::COLUMNS),
        ("payments.csv", &payments::COLUMNS),
        (balances::FILE, &balances::COLUMNS),
    ]
}
pub use field::Row;
