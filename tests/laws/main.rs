//! The laws of the design, tried on invented subscriptions: see docs/design.md for their words.
//!
//! 1 exact until rounded once, 2 sums, 3 conservation, 4 determinism (in `tests/close.rs`, on the
//! binary), that discounts, taxes and credit notes keep within their bounds, and that neither missed nights nor late arrivals change what is billed in the end.

#![expect(clippy::single_range_in_vec_init, reason = "a book of one account has one range")]

#[path = "../support/mod.rs"]
mod support;

mod accounting;
mod around;
mod arrival;
mod company;
mod conservation;
mod credits;
mod exactness;
mod payments;
mod pricing;
mod standing;

/// How many companies each law is tried on: 500, or what `PROPTEST_CASES` says.
fn cases() -> proptest::test_runner::Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    proptest::test_runner::Config::with_cases(asked.unwrap_or(500))
}
