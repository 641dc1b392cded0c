//! What one locale's numbers and dates look like, read from the file of its language.
//!
//! A country's table says only what differs from the language's own. A locale is read when it is
//! first asked for, and kept.

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use super::date_pattern::DatePattern;
use super::plural::PluralRules;
use super::tag::{self, SOURCES};

/// The formats of one locale.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formats {
    /// Before the decimals of a number.
    pub decimal: Box<str>,
    /// Between groups of digits.
    pub group: Box<str>,
    /// The same in amounts of money, where some countries differ.
    pub money_decimal: Box<str>,
    pub money_group: Box<str>,
    /// How many digits the last group has, and the others.
    pub grouping: [usize; 2],
    /// Numbers of fewer digits before the point are not grouped.
    pub least_grouped: usize,
    /// `#` stands for the number; the second is for negative ones.
    pub percent: [Box<str>; 2],
    /// The same with `¤` for the currency.
    pub money: [Box<str>; 2],
    pub date: DatePattern,
    pub day: DatePattern,
    pub range_in_month: DatePattern,
    pub range_in_year: DatePattern,
    pub range: DatePattern,
    /// Short names, as they stand in a date.
    pub months: [Box<str>; 12],
    /// The currency of the country; empty where the locale has none.
    pub home: Box<str>,
    pub home_symbol: Box<str>,
    pub plural: PluralRules,
}

/// The formats of the locale of this place.
pub fn of(place: u16) -> &'static Formats {
    static READ: LazyLock<Vec<OnceLock<Formats>>> =
        LazyLock::new(|| tag::known().map(|_| OnceLock::new()).collect());
    READ[usize::from(place)].get_or_init(|| read(tag::tag(place)))
}

fn read(tag: &str) -> Formats {
    let mut table: toml::Table =
        SOURCES[tag::source_of(tag)].formats.parse().expect("a test reads every file");
    let regions = table.remove("regions").and_then(|regions| regions.try_into().ok());
    let mut regions: toml::Table = regions.unwrap_or_default();
    let own = tag.split('-').nth(1).and_then(|region| regions.remove(region));
    if let Some(toml::Value::Table(own)) = own {
        table.extend(own);
    }
    table.try_into().expect("a test reads every locale")
}
