//! Tax names of accounting programs: by code; by rate, if a code has several rates; and by place,
//! if a rate has several places.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::{Names, invalid};
use crate::config::invalid::Invalid;
use crate::model::TaxTreatment;
use crate::value::parse_decimal;

/// The names of taxes, by tax code.
pub(crate) type TaxNames = BTreeMap<String, TaxName>;

/// The name of a tax code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum TaxName {
    /// One name, for a code that has one rate.
    Same(String),
    /// The name of each rate: a number of percent, or exempt or `reverse_charge`.
    ByRate(BTreeMap<String, RateName>),
}

/// The name of a tax code at a rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum RateName {
    /// One name, wherever the account is.
    Same(String),
    /// The name by the account's country, or country and region with a comma and a blank between;
    /// default for the others.
    ByPlace(Names),
}

/// The rate of a billed line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BilledRate {
    Percent(Decimal),
    /// Exempt from tax.
    Exempt,
    ReverseCharge,
}

impl BilledRate {
    pub(crate) fn new(treatment: TaxTreatment, percent: Decimal) -> Self {
        match treatment {
            TaxTreatment::Taxable => Self::Percent(percent.normalize()),
            TaxTreatment::Exempt => Self::Exempt,
            TaxTreatment::ReverseCharge => Self::ReverseCharge,
        }
    }

    /// Reads a key of `billing.toml`.
    pub(crate) fn parse(key: &str) -> Option<Self> {
        match TaxTreatment::parse(key) {
            Some(TaxTreatment::Taxable) => None,
            Some(treatment) => Some(Self::new(treatment, Decimal::ZERO)),
            None => parse_decimal(key).ok().map(|it| Self::new(TaxTreatment::Taxable, it)),
        }
    }

    /// The key in `billing.toml`.
    pub(crate) fn key(self) -> String {
        match self {
            Self::Percent(percent) => percent.to_string(),
            Self::Exempt => TaxTreatment::Exempt.as_str().to_owned(),
            Self::ReverseCharge => TaxTreatment::ReverseCharge.as_str().to_owned(),
        }
    }
}

impl fmt::Display for BilledRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent} %"),
            other => f.write_str(&other.key()),
        }
    }
}

/// Checks that every rate is valid.
pub(super) fn check_tax_names(key: &'static str, names: &TaxNames) -> Result<(), Invalid> {
    let tables = names.values().filter_map(|name| match name {
        TaxName::Same(_) => None,
        TaxName::ByRate(rates) => Some(rates),
    });
    match tables.flat_map(BTreeMap::keys).find(|rate| BilledRate::parse(rate).is_none()) {
        Some(rate) => {
            let hint = "write the percent, as in \"19\", or exempt or reverse_charge";
            Err(invalid(key, rate, "is no rate", hint))
        }
        None => Ok(()),
    }
}

/// Whether any name depends on the place of the account.
pub(crate) fn has_places(names: &TaxNames) -> bool {
    names.values().any(|name| match name {
        TaxName::Same(_) => false,
        TaxName::ByRate(rates) => rates.values().any(|it| matches!(it, RateName::ByPlace(_))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_they_are_written() {
        for (key, rate) in [
            ("19", Some("19 %")),
            ("19.00", Some("19 %")),
            ("9.975", Some("9.975 %")),
            ("0", Some("0 %")),
            ("reverse_charge", Some("reverse_charge")),
            ("exempt", Some("exempt")),
            ("taxable", None),
            ("19 %", None),
            ("", None),
        ] {
            let read = BilledRate::parse(key);
            assert_eq!(read.map(|rate| rate.to_string()).as_deref(), rate, "{key}");
            assert_eq!(read.and_then(|rate| BilledRate::parse(&rate.key())), read, "{key}");
        }
    }
}
