//! Tax rates, and which of them a line is taxed at.
//!
//! A *code* names a rate across countries and time: `standard` may be 19 % in Germany and 20 % in
//! France, and another percentage from next year on. Accounts and prices choose codes; the rows of
//! `tax_rates.csv` say what a code means where and when.

use std::sync::Arc;

use chrono::NaiveDate;
use hashbrown::HashMap;
use rust_decimal::Decimal;
use thiserror::Error;

use crate::value::Instant;

/// What a line is taxed at, as it is printed and kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TaxTerms {
    /// The code in `tax_rates.csv`.
    pub(crate) code: Arc<str>,
    /// The name on the invoice ("VAT").
    pub(crate) name: Box<str>,
    /// The rate, in percent; zero unless [`TaxTreatment::Taxable`].
    pub(crate) percent: Decimal,
    /// Whether prices hold the tax already.
    pub(crate) behavior: TaxBehavior,
    /// Whether the line is taxed at all.
    pub(crate) treatment: TaxTreatment,
    /// What the law asks to be said on the invoice; may be empty.
    pub(crate) note: Box<str>,
}

impl TaxTerms {
    /// Whether the tax is part of the amount.
    pub(crate) fn is_inclusive(&self) -> bool {
        self.behavior == TaxBehavior::Inclusive
    }
}

/// Whether an amount holds its tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TaxBehavior {
    /// Tax is added.
    Exclusive,
    /// Tax is part of it.
    Inclusive,
}

impl TaxBehavior {
    /// The word in files.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Exclusive => "exclusive",
            Self::Inclusive => "inclusive",
        }
    }

    /// Reads what [`TaxBehavior::as_str`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Exclusive, Self::Inclusive].into_iter().find(|it| it.as_str() == text)
    }
}

/// Whether and by whom tax is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TaxTreatment {
    /// At the rate.
    Taxable,
    /// Not at all; the note says why.
    Exempt,
    /// By the buyer, whose tax number must be on the invoice.
    ReverseCharge,
}

impl TaxTreatment {
    /// The word in files.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Taxable => "taxable",
            Self::Exempt => "exempt",
            Self::ReverseCharge => "reverse_charge",
        }
    }

    /// Reads what [`TaxTreatment::as_str`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Taxable, Self::Exempt, Self::ReverseCharge]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// One row of `tax_rates.csv`: what a code means in a place, for a while.
#[derive(Clone, Debug)]
pub(crate) struct TaxRate {
    /// What lines are taxed at.
    pub(crate) terms: Arc<TaxTerms>,
    /// The country it is for, as accounts write it, without blanks around it; empty for all.
    pub(crate) country: Box<str>,
    /// The state or county it is for, likewise; empty for all.
    pub(crate) region: Box<str>,
    /// The first day it is for; `None` for since ever.
    pub(crate) valid_from: Option<NaiveDate>,
    /// The last day it is for; `None` for ever.
    pub(crate) valid_to: Option<NaiveDate>,
    /// The line of the file it stands in.
    pub(crate) line: u64,
}

/// What decides about the taxes of an account. It may change; what was billed before keeps the tax
/// it was billed with, and so does what is credited of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TaxFacts {
    /// The account's own code, which goes before those of prices if it exempts.
    pub(crate) code: Option<Arc<str>>,
    /// Where the account is.
    pub(crate) country: Box<str>,
    /// Where in that country.
    pub(crate) region: Box<str>,
}

/// What decided about the taxes of an account, and from when on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TaxHistory {
    versions: Vec<(Option<Instant>, TaxFacts)>,
}

impl TaxHistory {
    /// The history of an account that has always been what it is.
    pub(crate) fn always(facts: TaxFacts) -> Self {
        Self { versions: vec![(None, facts)] }
    }

    /// Adds what is so for everything that falls due after `last`, if it is anything new.
    pub(crate) fn add(&mut self, last: Option<Instant>, facts: TaxFacts) {
        if self.versions.last().is_none_or(|(_, known)| *known != facts) {
            self.versions.push((last, facts));
        }
    }

    /// What was so for a charge that fell due at an instant.
    pub(crate) fn at(&self, due: Instant) -> Option<&TaxFacts> {
        let mut versions = self.versions.iter().rev();
        versions.find(|(after, _)| after.is_none_or(|after| after < due)).map(|(_, facts)| facts)
    }

    /// What is so now.
    pub(crate) fn latest(&self) -> Option<&TaxFacts> {
        self.versions.last().map(|(_, facts)| facts)
    }

    /// Every version, with the instant after which it held.
    pub(crate) fn versions(&self) -> &[(Option<Instant>, TaxFacts)] {
        &self.versions
    }
}

/// All rates, by code.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaxTable {
    rates: Vec<TaxRate>,
    /// Where the rows are that may be for a country, in small letters, or for all of them. Those that
    /// are for all stand under the empty name as well, for countries that no row names.
    by_country: HashMap<String, Vec<usize>>,
}

/// Why no rate is found.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum TaxError {
    /// No row of this code is for the place.
    #[error("has no row in tax_rates.csv for {place}")]
    Place {
        /// The code.
        code: Arc<str>,
        /// The country, with the region.
        place: String,
    },
    /// No row of this code for the place is for the date.
    #[error("has no row in tax_rates.csv that is valid on {date}")]
    Date {
        /// The code.
        code: Arc<str>,
        /// The tax point.
        date: NaiveDate,
    },
    /// Under reverse charge the buyer's tax number must be known.
    #[error("is reverse charge, and the account has no tax_id")]
    BuyerUnknown {
        /// The code.
        code: Arc<str>,
    },
}

impl TaxError {
    /// The code that it is about.
    pub(crate) fn code(&self) -> &Arc<str> {
        match self {
            Self::Place { code, .. } | Self::Date { code, .. } | Self::BuyerUnknown { code } => {
                code
            }
        }
    }
}

impl TaxTable {
    /// The rows in the order of the file.
    pub(crate) fn new(rates: Vec<TaxRate>) -> Self {
        let countries = rates.iter().map(|rate| rate.country.to_lowercase());
        let mut by_country: HashMap<String, Vec<usize>> =
            countries.chain([String::new()]).map(|country| (country, Vec::new())).collect();
        for (place, rate) in rates.iter().enumerate() {
            let country = rate.country.to_lowercase();
            let of_place = by_country.iter_mut();
            for (_, places) in of_place.filter(|(of, _)| country.is_empty() || **of == country) {
                places.push(place);
            }
        }
        Self { rates, by_country }
    }

    /// The rows in the order of the file.
    pub(crate) fn rates(&self) -> &[TaxRate] {
        &self.rates
    }

    /// Whether some row has this code.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.rates.iter().any(|rate| &*rate.terms.code == code)
    }

    #[cfg(test)]
    /// What a code means for an account on a date: see [`TaxesHere::find`].
    ///
    /// # Errors
    /// As there.
    pub(crate) fn find(
        &self,
        code: &Arc<str>,
        facts: &TaxFacts,
        date: NaiveDate,
    ) -> Result<&TaxRate, TaxError> {
        self.rates_at(facts).find(code, facts, date)
    }

    /// The rows that are for a place, or for all of them, in the order of the file.
    pub(crate) fn rates_at(&self, facts: &TaxFacts) -> TaxesHere<'_> {
        let (country, region) = (facts.country.trim(), facts.region.trim());
        let places = self.by_country.get(&country.to_lowercase());
        let places = places.or_else(|| self.by_country.get("")).into_iter().flatten();
        let is_here =
            |rate: &&TaxRate| is_place(&rate.country, country) && is_place(&rate.region, region);
        TaxesHere(places.map(|place| &self.rates[*place]).filter(is_here).collect())
    }
}

/// The rates that are for one place.
#[derive(Clone, Debug)]
pub(crate) struct TaxesHere<'t>(Vec<&'t TaxRate>);

impl<'t> TaxesHere<'t> {
    /// What a code may mean there, whatever the date.
    pub(crate) fn terms(&self, code: &str) -> impl Iterator<Item = &'t TaxTerms> {
        self.0.iter().map(|rate| &*rate.terms).filter(move |terms| *terms.code == *code)
    }

    /// What a code means on a date for an account that is there. The row that names the place most
    /// exactly counts: country and region, then country, then anywhere.
    ///
    /// # Errors
    /// No row is for that place, or none of them for that date.
    pub(crate) fn find(
        &self,
        code: &Arc<str>,
        facts: &TaxFacts,
        date: NaiveDate,
    ) -> Result<&'t TaxRate, TaxError> {
        let mut most_exact: Option<u8> = None;
        let mut found: Option<&TaxRate> = None;
        for rate in self.0.iter().filter(|rate| *rate.terms.code == **code) {
            let exactness = rate.exactness();
            if most_exact < Some(exactness) {
                (most_exact, found) = (Some(exactness), None);
            }
            if most_exact == Some(exactness) && found.is_none() && rate.is_valid_on(date) {
                found = Some(rate);
            }
        }
        match (found, most_exact) {
            (Some(rate), _) => Ok(rate),
            (None, Some(_)) => Err(TaxError::Date { code: Arc::clone(code), date }),
            (None, None) => Err(TaxError::Place { code: Arc::clone(code), place: place(facts) }),
        }
    }
}

impl TaxRate {
    /// How exactly the row names a place.
    fn exactness(&self) -> u8 {
        u8::from(!self.country.is_empty()) + u8::from(!self.region.is_empty())
    }

    /// Whether the row is for a date; both ends are.
    pub(crate) fn is_valid_on(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// Whether a row that is for a place, or for all of them, is for the one that an account has.
fn is_place(wanted: &str, has: &str) -> bool {
    wanted.is_empty()
        || wanted.eq_ignore_ascii_case(has)
        || (!wanted.is_ascii() && wanted.to_lowercase() == has.to_lowercase())
}

fn place(facts: &TaxFacts) -> String {
    match (&*facts.country, &*facts.region) {
        ("", _) => "an account without a country".to_owned(),
        (country, "") => country.to_owned(),
        (country, region) => format!("{country}, {region}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(code: &str, country: &str, percent: u32, valid: [Option<&str>; 2]) -> TaxRate {
        let date = |text: Option<&str>| text.map(|text| text.parse().expect("a date"));
        TaxRate {
            terms: Arc::new(TaxTerms {
                code: code.into(),
                name: "VAT".into(),
                percent: percent.into(),
                behavior: TaxBehavior::Exclusive,
                treatment: TaxTreatment::Taxable,
                note: "".into(),
            }),
            country: country.into(),
            region: "".into(),
            valid_from: date(valid[0]),
            valid_to: date(valid[1]),
            line: 2,
        }
    }

    #[test]
    fn the_most_exact_place_and_the_date_decide() {
        let table = TaxTable::new(vec![
            rate("standard", "", 20, [None, None]),
            rate("standard", "Germany", 19, [None, Some("2020-06-30")]),
            rate("standard", "Germany", 16, [Some("2020-07-01"), Some("2020-12-31")]),
        ]);
        let percent = |country: &str, date: &str| {
            let facts = TaxFacts { country: country.into(), ..TaxFacts::default() };
            let date = date.parse().expect("a date");
            table.find(&"standard".into(), &facts, date).map(|rate| rate.terms.percent.to_string())
        };
        assert_eq!(percent("France", "2020-07-01"), Ok("20".to_owned()));
        assert_eq!(percent("germany", "2020-06-30"), Ok("19".to_owned()));
        assert_eq!(percent("Germany", "2020-07-01"), Ok("16".to_owned()));
        assert!(matches!(percent("Germany", "2021-01-01"), Err(TaxError::Date { .. })));
    }
}
