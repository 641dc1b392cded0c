//! Tax rates, and the rate of a line.
//!
//! A *code* names a rate across countries and time: `standard` may be 19 % in Germany and 20 % in
//! France, and may change next year. Accounts and prices choose codes. The rows of `tax_rates.csv`
//! give the rate of a code for a place and time.

use std::sync::Arc;

use chrono::NaiveDate;
use hashbrown::HashMap;
use rust_decimal::Decimal;
use thiserror::Error;

use super::{TaxCategory, Translated};
use crate::value::Instant;

/// The tax terms of a line, as printed and stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TaxTerms {
    /// The code in `tax_rates.csv`.
    pub(crate) code: Arc<str>,
    /// The name on the invoice ("VAT").
    pub(crate) name: Box<str>,
    /// The rate, in percent; zero unless [`TaxTreatment::Taxable`].
    pub(crate) percent: Decimal,
    /// Whether prices include the tax.
    pub(crate) behavior: TaxBehavior,
    pub(crate) treatment: TaxTreatment,
    /// A text that the law requires on the invoice; may be empty.
    pub(crate) note: Box<str>,
    /// The taxes that it consists of, if these are several.
    pub(crate) components: Box<[TaxComponent]>,
}

impl TaxTerms {
    /// Whether the amount includes the tax.
    pub(crate) fn is_inclusive(&self) -> bool {
        self.behavior == TaxBehavior::Inclusive
    }

    /// The percentage of the amount without tax that all components are together.
    pub(crate) fn percent_of_components(&self) -> Decimal {
        self.components.iter().map(|part| part.effective).sum()
    }
}

/// One of several taxes on a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TaxComponent {
    /// As printed and posted. Its code is that of the rate and its own: `qc/gst`.
    pub(crate) terms: Arc<TaxTerms>,
    /// The percentage of the amount without tax; more than that of the terms for a compound tax.
    pub(crate) effective: Decimal,
}

impl TaxComponent {
    /// Whether it is computed on the amount with the other taxes.
    pub(crate) fn is_compound(&self) -> bool {
        self.effective != self.terms.percent
    }
}

/// What makes a row of `tax_rates.csv` one of several taxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ComponentMark {
    /// The id within the code.
    pub(crate) id: Box<str>,
    /// Whether it is computed on the amount with the taxes that are not compound.
    pub(crate) is_compound: bool,
}

/// Whether an amount includes its tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TaxBehavior {
    /// The tax is added.
    Exclusive,
    /// The tax is included.
    Inclusive,
}

impl TaxBehavior {
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

/// Who pays the tax, if anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TaxTreatment {
    /// The customer pays the rate.
    Taxable,
    /// No tax; the note gives the reason.
    Exempt,
    /// The buyer owes the tax. The buyer's tax number must be on the invoice.
    ReverseCharge,
}

impl TaxTreatment {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Taxable => "taxable",
            Self::Exempt => "exempt",
            Self::ReverseCharge => "reverse_charge",
        }
    }

    /// The VAT category on e-invoices, if the rate names none.
    pub(crate) const fn usual_category(self, percent: Decimal) -> TaxCategory {
        match self {
            Self::Taxable if percent.is_zero() => TaxCategory::Z,
            Self::Taxable => TaxCategory::S,
            Self::Exempt => TaxCategory::E,
            Self::ReverseCharge => TaxCategory::AE,
        }
    }

    /// Reads what [`TaxTreatment::as_str`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Taxable, Self::Exempt, Self::ReverseCharge]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// One row of `tax_rates.csv`: the rate of a code for a place and time.
#[derive(Clone, Debug)]
pub(crate) struct TaxRate {
    pub(crate) terms: Arc<TaxTerms>,
    /// The country, as accounts write it, without surrounding blanks; empty for all.
    pub(crate) country: Box<str>,
    /// The state or county, in the same form; empty for all.
    pub(crate) region: Box<str>,
    /// The first valid day; `None` without a limit.
    pub(crate) valid_from: Option<NaiveDate>,
    /// The last valid day; `None` without a limit.
    pub(crate) valid_to: Option<NaiveDate>,
    /// The VAT category on e-invoices; `None` for that of the treatment.
    pub(crate) category: Option<TaxCategory>,
    /// The VATEX code of the exemption on e-invoices; may be empty.
    pub(crate) exemption_code: Box<str>,
    /// The note in the languages of accounts.
    pub(crate) notes: Translated,
    /// Set if the row is one of several taxes of its code.
    pub(crate) component: Option<ComponentMark>,
    /// The line in the file.
    pub(crate) line: u64,
}

/// The facts that decide the taxes of an account. They may change. Billed lines and their credits
/// keep the original tax.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TaxFacts {
    /// The account's own code. It overrides the codes of prices if it exempts.
    pub(crate) code: Option<Arc<str>>,
    /// The country of the account.
    pub(crate) country: Box<str>,
    /// The region in that country.
    pub(crate) region: Box<str>,
}

/// The tax facts of an account over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TaxHistory {
    versions: Vec<(Option<Instant>, TaxFacts)>,
}

impl TaxHistory {
    /// A history with one version.
    pub(crate) fn always(facts: TaxFacts) -> Self {
        Self { versions: vec![(None, facts)] }
    }

    /// Adds the facts for everything that falls due after `last`, if they differ.
    pub(crate) fn add(&mut self, last: Option<Instant>, facts: TaxFacts) {
        if self.versions.last().is_none_or(|(_, known)| *known != facts) {
            self.versions.push((last, facts));
        }
    }

    /// The facts for a charge that fell due at an instant.
    pub(crate) fn at(&self, due: Instant) -> Option<&TaxFacts> {
        let mut versions = self.versions.iter().rev();
        versions.find(|(after, _)| after.is_none_or(|after| after < due)).map(|(_, facts)| facts)
    }

    /// The current facts.
    pub(crate) fn latest(&self) -> Option<&TaxFacts> {
        self.versions.last().map(|(_, facts)| facts)
    }

    /// Every version, with the instant after which it applied.
    pub(crate) fn versions(&self) -> &[(Option<Instant>, TaxFacts)] {
        &self.versions
    }
}

/// All rates, by code. Several taxes of a line are one rate.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaxTable {
    rates: Vec<TaxRate>,
    /// The indices of rows for a country, in small letters. Each list includes the rows for all
    /// countries. The empty name has these alone, for countries without a row.
    by_country: HashMap<String, Vec<usize>>,
    /// The rows that are parts of rates, under codes of their own.
    components: Vec<TaxRate>,
}

/// The reason why no rate was found.
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
    /// No row of this code for the place is valid on the date.
    #[error("has no row in tax_rates.csv that is valid on {date}")]
    Date {
        /// The code.
        code: Arc<str>,
        /// The tax point.
        date: NaiveDate,
    },
    /// Reverse charge requires the buyer's tax number.
    #[error("is reverse charge, and the account has no tax_id")]
    BuyerUnknown {
        /// The code.
        code: Arc<str>,
    },
}

impl TaxError {
    pub(crate) fn code(&self) -> &Arc<str> {
        match self {
            Self::Place { code, .. } | Self::Date { code, .. } | Self::BuyerUnknown { code } => {
                code
            }
        }
    }
}

impl TaxTable {
    /// From rates, and the rows of which some rates consist.
    pub(super) fn of_rates(rates: Vec<TaxRate>, components: Vec<TaxRate>) -> Self {
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
        Self { rates, by_country, components }
    }

    pub(crate) fn rates(&self) -> &[TaxRate] {
        &self.rates
    }

    /// The rows of the file. Those of components have codes of their own.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &TaxRate> {
        let alone = self.rates.iter().filter(|rate| rate.terms.components.is_empty());
        alone.chain(&self.components)
    }

    pub(crate) fn has(&self, code: &str) -> bool {
        self.rates.iter().any(|rate| &*rate.terms.code == code)
    }

    #[cfg(test)]
    /// The rate of a code for an account on a date: see [`TaxesHere::find`].
    ///
    /// The same.
    pub(crate) fn find(
        &self,
        code: &Arc<str>,
        facts: &TaxFacts,
        date: NaiveDate,
    ) -> Result<&TaxRate, TaxError> {
        self.rates_at(facts).find(code, facts, date)
    }

    /// The rows for a place, including the rows for all places, in the order of the file.
    pub(crate) fn rates_at(&self, facts: &TaxFacts) -> TaxesHere<'_> {
        let (country, region) = (facts.country.trim(), facts.region.trim());
        let places = self.by_country.get(&country.to_lowercase());
        let places = places.or_else(|| self.by_country.get("")).into_iter().flatten();
        let is_here =
            |rate: &&TaxRate| is_place(&rate.country, country) && is_place(&rate.region, region);
        TaxesHere(places.map(|place| &self.rates[*place]).filter(is_here).collect())
    }
}

/// The rates of one place.
#[derive(Clone, Debug)]
pub(crate) struct TaxesHere<'t>(Vec<&'t TaxRate>);

impl<'t> TaxesHere<'t> {
    /// All rates of a code there, for any date.
    pub(crate) fn terms(&self, code: &str) -> impl Iterator<Item = &'t TaxTerms> {
        self.0.iter().map(|rate| &*rate.terms).filter(move |terms| *terms.code == *code)
    }

    /// The rate of a code on a date. The most specific row wins: country and region, then country,
    /// then all.
    ///
    /// # Errors
    /// No row for that place, or none for that date.
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
    /// How specific the place of the row is.
    fn exactness(&self) -> u8 {
        u8::from(!self.country.is_empty()) + u8::from(!self.region.is_empty())
    }

    /// Whether the row is valid on a date; both ends are included.
    pub(crate) fn is_valid_on(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// Whether the place of a row covers the place of an account.
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
                components: Box::default(),
            }),
            country: country.into(),
            region: "".into(),
            valid_from: date(valid[0]),
            valid_to: date(valid[1]),
            category: None,
            exemption_code: "".into(),
            notes: Translated::default(),
            component: None,
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
