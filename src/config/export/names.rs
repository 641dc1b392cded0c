//! The names of an accounting program for ours.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::config::invalid::Invalid;
use crate::value::parse_decimal;

/// Our name, and the name of the accounting program.
pub(crate) type Names = BTreeMap<String, String>;

/// Exchange rates are positive decimals.
pub(crate) fn check_rates(key: &'static str, rates: &Names) -> Result<(), Invalid> {
    let is_rate = |text: &str| parse_decimal(text).is_ok_and(|rate| rate > Decimal::ZERO);
    match rates.iter().find(|(_, rate)| !is_rate(rate)) {
        Some((_, rate)) => Err(invalid(
            key,
            rate,
            "is no rate",
            "write a plain decimal in quotes: USD = \"1.0832\"",
        )),
        None => Ok(()),
    }
}

pub(crate) fn invalid(key: &'static str, value: &str, rule: &str, hint: &str) -> Invalid {
    Invalid { key, value: value.to_owned(), rule: rule.to_owned(), hint: hint.to_owned() }
}
