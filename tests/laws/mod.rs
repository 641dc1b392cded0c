//! The laws of the design, tried on invented subscriptions: see docs/design.md for their words.
//!
//! 1 exact until rounded once, 2 sums, 3 conservation, 4 determinism (in `tests/it/close.rs`, on the
//! binary), that discounts, taxes and credit notes keep within their bounds, and that neither missed nights nor late arrivals change what is billed in the end.

#![expect(clippy::single_range_in_vec_init, reason = "a book of one account has one range")]

mod accounting;
mod around;
mod arrival;
mod company;
mod conservation;
mod credits;
#[cfg(feature = "generate")]
mod dialects;
mod einvoices;
mod exactness;
mod minimum;
mod payments;
mod price_list;
mod pricing;
mod quote;
#[cfg(feature = "generate")]
mod quote_rows;
mod shards_deep;
mod shards_problems;
#[cfg(feature = "generate")]
mod shards_rows;
mod standing;

use proptest::test_runner::{Config, FileFailurePersistence};

/// Writes an invented company of some months from 2024 on.
#[cfg(feature = "generate")]
fn invent(accounts: u64, seed: u64, months: u32, to: &std::path::Path) {
    use crate::generate::{GenerateArgs, Scripts, generate};
    generate(&GenerateArgs {
        accounts,
        seed,
        to: to.to_owned(),
        months,
        start: chrono::NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date"),
        as_known_at: None,
        faults: 0,
        closes: false,
        scripts: Scripts::Bundled,
    })
    .expect("a company");
}

/// How many companies each law is tried on: 500, or what `PROPTEST_CASES` says.
fn cases() -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    Config {
        // What failed once is tried first, from the file of seeds beside the law.
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..Config::with_cases(asked.unwrap_or(500))
    }
}
