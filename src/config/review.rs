//! The `[review]` table: the limits for a second look. It affects only lists for people.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::invalid::Invalid;
use crate::value::{Amount, Currency};

/// The limits for a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReviewSettings {
    /// A total counts as moved above this percentage.
    pub(crate) moved_by_percent: u32,
    /// A line is very large above this multiple of the median line of its currency.
    pub(crate) large_line: u32,
    /// Smaller amounts are ignored.
    pub(crate) at_least: BTreeMap<Currency, Amount>,
}

impl ReviewSettings {
    /// The least amount to look at. The default is 1,000 minor units: USD 10.00 and JPY 1000.
    pub(crate) fn at_least(&self, currency: Currency) -> Amount {
        self.at_least.get(&currency).copied().unwrap_or(Amount::from_minor(1_000))
    }
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self { moved_by_percent: 25, large_line: 100, at_least: BTreeMap::new() }
    }
}

/// The table as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ReviewTable {
    /// An account's total is listed if it moved by more than this share of what it was.
    moved_by_percent: u32,
    /// A line is listed if it is more than so many times the median line of its currency.
    large_line: u32,
    /// What moves or costs less than this is not listed, by currency.
    at_least: BTreeMap<String, String>,
}

impl Default for ReviewTable {
    fn default() -> Self {
        let ReviewSettings { moved_by_percent, large_line, .. } = ReviewSettings::default();
        Self { moved_by_percent, large_line, at_least: BTreeMap::new() }
    }
}

impl ReviewTable {
    pub(crate) fn validate(self) -> Result<ReviewSettings, Invalid> {
        let at_least =
            self.at_least.into_iter().map(|(code, text)| least("review.at_least", &code, &text));
        Ok(ReviewSettings {
            moved_by_percent: self.moved_by_percent,
            large_line: self.large_line,
            at_least: at_least.collect::<Result<_, _>>()?,
        })
    }
}

/// A least amount in a currency.
pub(super) fn least(
    key: &'static str,
    code: &str,
    text: &str,
) -> Result<(Currency, Amount), Invalid> {
    let invalid = |value: &str, rule: String| Invalid {
        key,
        value: value.to_owned(),
        rule,
        hint: "write a currency and an amount in it, such as USD = \"25.00\"".to_owned(),
    };
    let currency = Currency::from_code(code)
        .ok_or_else(|| invalid(code, "is no currency of ISO 4217".to_owned()))?;
    let amount = Amount::parse(text, currency).map_err(|error| invalid(text, error.to_string()))?;
    if amount.is_negative() {
        return Err(invalid(text, "is less than nothing".to_owned()));
    }
    Ok((currency, amount))
}
