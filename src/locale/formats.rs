//! The number and date formats of one locale, read from the file of its language.
//!
//! The table of a country has only the differences from its language. A locale is read at first
//! use, and kept.

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use super::date_pattern::DatePattern;
use super::plural::PluralRules;
use super::tag::{self, SOURCES};

/// The formats of one locale.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Formats {
    /// The decimal separator.
    pub(crate) decimal: Box<str>,
    /// The separator between groups of digits.
    pub(crate) group: Box<str>,
    /// The same for amounts of money, because some countries use others there.
    pub(crate) money_decimal: Box<str>,
    pub(crate) money_group: Box<str>,
    /// The number of digits in the last group and in the others.
    pub(crate) grouping: [usize; 2],
    /// Numbers with fewer digits before the point are not grouped.
    pub(crate) least_grouped: usize,
    /// Patterns with `#` for the number; the second is for negative numbers.
    pub(crate) percent: [Box<str>; 2],
    /// The same with `¤` for the currency.
    pub(crate) money: [Box<str>; 2],
    pub(crate) date: DatePattern,
    pub(crate) day: DatePattern,
    pub(crate) range_in_month: DatePattern,
    pub(crate) range_in_year: DatePattern,
    pub(crate) range: DatePattern,
    /// Short names, as used in a date.
    pub(crate) months: [Box<str>; 12],
    /// The currency of the country; empty where the locale has none.
    pub(crate) home: Box<str>,
    pub(crate) home_symbol: Box<str>,
    pub(crate) plural: PluralRules,
}

pub(crate) fn of(place: u16) -> &'static Formats {
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
