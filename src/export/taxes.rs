//! The names of taxes in an accounting program: by code, by rate, and by place if needed.
//!
//! A name for two rates would file one of them wrongly, and no sum would show it. So a plain name
//! is accepted only if the code was billed at one rate, and that rate has one place.

use std::collections::{BTreeMap, BTreeSet};

use super::ExportProblem;
use super::document::{Document, DocumentLine};
use crate::config::{BilledRate, Names, RateName, TaxName, TaxNames};
use crate::model::TaxRate;

/// The billed taxes.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownTaxes {
    /// The billed rates by code.
    rates: BTreeMap<String, BTreeSet<BilledRate>>,
    /// The places in `tax_rates.csv` by code and rate.
    places: BTreeMap<(String, BilledRate), BTreeMap<TaxPlace, TaxPlace>>,
    /// The codes and rates that are several taxes on a line.
    several: BTreeSet<(String, BilledRate)>,
    /// The places of accounts, by id.
    accounts: BTreeMap<String, TaxPlace>,
}

/// A country, and a region in it; both may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaxPlace {
    /// The country.
    pub(crate) country: String,
    /// The region.
    pub(crate) region: String,
}

/// The key for all places that are not named.
const ELSEWHERE: &str = "default";

impl TaxPlace {
    /// The keys of a place in a table, the most exact first.
    fn keys(&self) -> [String; 3] {
        let Self { country, region } = self;
        [format!("{country}, {region}"), country.clone(), ELSEWHERE.to_owned()]
    }

    /// The place in lower case.
    fn in_small_letters(&self) -> Self {
        Self { country: self.country.to_lowercase(), region: self.region.to_lowercase() }
    }

    /// The key in a hint.
    fn key(&self) -> String {
        let [both, country, elsewhere] = self.keys();
        match (self.country.is_empty(), self.region.is_empty()) {
            (true, _) => elsewhere,
            (false, true) => country,
            (false, false) => both,
        }
    }
}

impl KnownTaxes {
    /// Adds a billed rate of a code.
    pub(crate) fn add_billed(&mut self, code: &str, rate: BilledRate) {
        self.rates.entry(code.to_owned()).or_default().insert(rate);
    }

    /// Adds the rates of the documents.
    pub(crate) fn add_documents(&mut self, documents: &[Document]) {
        for line in documents.iter().flat_map(|document| &document.lines) {
            if let Some(rate) = line.tax_rate.filter(|_| !line.tax_code.is_empty()) {
                self.add_billed(&line.tax_code, rate);
            }
        }
    }

    /// Adds the places of the rows of `tax_rates.csv`.
    pub(crate) fn add_places(&mut self, rates: &[TaxRate]) {
        for TaxRate { terms, country, region, .. } in rates {
            let rate = BilledRate::new(terms.treatment, terms.percent);
            let place = TaxPlace { country: country.to_string(), region: region.to_string() };
            let known = self.places.entry((terms.code.to_string(), rate)).or_default();
            known.entry(place.in_small_letters()).or_insert(place);
            if !terms.components.is_empty() {
                self.several.insert((terms.code.to_string(), rate));
                // Earlier closes have the rates of its taxes, not of all together.
                self.add_billed(&terms.code, rate);
            }
        }
    }

    /// Adds the place of an account.
    pub(crate) fn add_account(&mut self, id: &str, country: &str, region: &str) {
        let (country, region) = (country.trim().to_owned(), region.trim().to_owned());
        self.accounts.insert(id.to_owned(), TaxPlace { country, region });
    }

    fn rates_of(&self, code: &str) -> impl ExactSizeIterator<Item = BilledRate> + '_ {
        const NONE: &BTreeSet<BilledRate> = &BTreeSet::new();
        self.rates.get(code).unwrap_or(NONE).iter().copied()
    }

    fn places_of(&self, code: &str, rate: BilledRate) -> Vec<&TaxPlace> {
        let known = self.places.get(&(code.to_owned(), rate));
        known.into_iter().flat_map(BTreeMap::values).collect()
    }
}

/// The taxes of one program. Its own names take precedence over shared ones.
#[derive(Clone, Copy)]
pub(crate) struct TaxBook<'a> {
    /// The key of the table in billing.toml.
    pub(crate) table: &'static str,
    /// The program.
    pub(crate) program: &'static str,
    /// The program's own names.
    pub(crate) own: &'a TaxNames,
    /// The names that all programs share.
    pub(crate) shared: Option<&'a TaxNames>,
    /// The billed taxes.
    pub(crate) known: &'a KnownTaxes,
}

/// The result of looking up a tax.
enum TaxFound<'a> {
    Name(&'a str),
    Nothing,
    /// One name, but the code was billed at several rates.
    SeveralRates,
    /// One name, but the rate has several places.
    SeveralPlaces,
}

impl<'a> TaxBook<'a> {
    /// The tax of a line. A line without a tax code gets the name of `none`, otherwise `without`.
    pub(crate) fn tax(
        &self,
        document: &Document,
        line: &DocumentLine,
        without: &'a str,
    ) -> Result<&'a str, ExportProblem> {
        if line.tax_code.is_empty() {
            return Ok(self.none().unwrap_or(without));
        }
        self.find(document, line)?.ok_or_else(|| self.missing(document, line))
    }

    /// Refuses a line with several taxes, for programs that book one.
    pub(crate) fn check_is_one(
        &self,
        document: &Document,
        line: &DocumentLine,
    ) -> Result<(), ExportProblem> {
        let (code, program) = (&line.tax_code, self.program);
        let is_several = |rate| self.known.several.contains(&(code.clone(), rate));
        if !line.tax_rate.is_some_and(is_several) {
            return Ok(());
        }
        Err(ExportProblem::document(
            format!("{} has several taxes on a line, and {program} books one", document.number),
            format!("book journal.csv of the close, which has an account for each tax of {code:?}"),
        ))
    }

    fn none(&self) -> Option<&'a str> {
        let tables = std::iter::once(self.own).chain(self.shared);
        tables.filter_map(|names| names.get("none")).find_map(|name| match name {
            TaxName::Same(name) => Some(name.as_str()),
            TaxName::ByRate(_) => None,
        })
    }

    /// The name of a line's tax, if there is one.
    pub(crate) fn find(
        &self,
        document: &Document,
        line: &DocumentLine,
    ) -> Result<Option<&'a str>, ExportProblem> {
        for names in std::iter::once(self.own).chain(self.shared) {
            match self.look_up(names, document, line) {
                TaxFound::Name(name) => return Ok(Some(name)),
                TaxFound::Nothing => {}
                TaxFound::SeveralRates => return Err(self.several_rates(line)),
                TaxFound::SeveralPlaces => return Err(self.several_places(line)),
            }
        }
        Ok(None)
    }

    fn look_up(
        &self,
        names: &'a TaxNames,
        document: &Document,
        line: &DocumentLine,
    ) -> TaxFound<'a> {
        let plain = |name: &'a String| {
            let places = line.tax_rate.map(|rate| self.known.places_of(&line.tax_code, rate));
            let is_one = places.is_none_or(|places| places.len() <= 1);
            if is_one { TaxFound::Name(name) } else { TaxFound::SeveralPlaces }
        };
        match names.get(&line.tax_code) {
            None => TaxFound::Nothing,
            Some(TaxName::Same(_)) if self.known.rates_of(&line.tax_code).len() > 1 => {
                TaxFound::SeveralRates
            }
            Some(TaxName::Same(name)) => plain(name),
            Some(TaxName::ByRate(rates)) => {
                let is_it = |key: &String| BilledRate::parse(key) == line.tax_rate;
                match rates.iter().find(|(key, _)| is_it(key)).map(|(_, name)| name) {
                    None => TaxFound::Nothing,
                    Some(RateName::Same(name)) => plain(name),
                    Some(RateName::ByPlace(places)) => self.by_place(places, document),
                }
            }
        }
    }

    /// The name for the account's place, as exact as the table allows.
    fn by_place(&self, places: &'a Names, document: &Document) -> TaxFound<'a> {
        let place = self.known.accounts.get(&document.account_id);
        let keys = place.cloned().unwrap_or_default().keys().map(|key| key.to_lowercase());
        let entry = |key: &String| places.iter().find(|(place, _)| place.to_lowercase() == *key);
        let found = keys.iter().find_map(entry);
        found.map_or(TaxFound::Nothing, |(_, name)| TaxFound::Name(name))
    }

    fn missing(&self, document: &Document, line: &DocumentLine) -> ExportProblem {
        let (code, program) = (&line.tax_code, self.program);
        let tables = std::iter::once(self.own).chain(self.shared);
        let by_rate = |names: &TaxNames| matches!(names.get(code), Some(TaxName::ByRate(_)));
        let is_by_rate = tables.into_iter().any(by_rate);
        if !is_by_rate && self.known.rates_of(code).len() <= 1 {
            let rate = line.tax_rate.filter(|rate| self.known.places_of(code, *rate).len() > 1);
            return match rate {
                Some(_) => self.several_places(line),
                None => ExportProblem::setting(
                    format!("tax code {code:?} has no name in {program}"),
                    format!("write it in billing.toml: [{}] {code:?} = \"…\"", self.table),
                ),
            };
        }
        let place = self.known.accounts.get(&document.account_id).filter(|_| is_by_rate);
        let place = place.map_or_else(String::new, |place| format!(" in {:?}", place.key()));
        let rate = line.tax_rate.map_or_else(|| "no rate".to_owned(), |rate| rate.to_string());
        ExportProblem::setting(
            format!("tax code {code:?} at {rate}{place} has no name in {program}"),
            self.by_rate(code, "name each rate"),
        )
    }

    fn several_rates(&self, line: &DocumentLine) -> ExportProblem {
        let code = &line.tax_code;
        let rates: Vec<String> = self.known.rates_of(code).map(|rate| rate.to_string()).collect();
        ExportProblem::setting(
            format!(
                "tax code {code:?} was billed at {}, and has one name in {} for all of them",
                rates.join(", "),
                self.program
            ),
            self.by_rate(code, "name each"),
        )
    }

    fn several_places(&self, line: &DocumentLine) -> ExportProblem {
        let (code, rate) = (&line.tax_code, line.tax_rate);
        let places = rate.map(|rate| self.known.places_of(code, rate)).unwrap_or_default();
        let keys: Vec<String> =
            places.iter().map(|place| format!("{:?} = \"…\"", place.key())).collect();
        let (rate, key) = rate.map_or_else(Default::default, |rate| (rate.to_string(), rate.key()));
        ExportProblem::setting(
            format!(
                "tax code {code:?} at {rate} is for {} places in tax_rates.csv, and {} needs a name for \
                 each",
                places.len(),
                self.program
            ),
            format!(
                "name each in billing.toml: [{}] {code:?} = {{ {key:?} = {{ {} }} }}",
                self.table,
                keys.join(", ")
            ),
        )
    }

    fn by_rate(&self, code: &str, what: &str) -> String {
        let keys: Vec<String> =
            self.known.rates_of(code).map(|rate| format!("{:?} = \"…\"", rate.key())).collect();
        format!("{what} in billing.toml: [{}] {code:?} = {{ {} }}", self.table, keys.join(", "))
    }
}
