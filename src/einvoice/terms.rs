//! The VAT category of tax terms, and the code of their exemption, by the rows of `tax_rates.csv`.

use hashbrown::HashMap;

use crate::model::{TaxCategory, TaxRate, TaxTerms, TaxTreatment};

/// The VAT category of a rate, and the code of the exemption; the code may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Categorized<'a> {
    pub(super) category: TaxCategory,
    pub(super) exemption_code: &'a str,
}

/// The categories of all rates.
pub(super) struct TaxCategories<'a> {
    /// The rows by code and treatment. The reader refuses rows that are equal but for the category.
    rates: HashMap<(&'a str, TaxTreatment), Vec<&'a TaxRate>>,
}

impl<'a> TaxCategories<'a> {
    pub(super) fn new(rates: &'a [TaxRate]) -> Self {
        let mut by_code: HashMap<_, Vec<&TaxRate>> = HashMap::new();
        for rate in rates {
            by_code.entry((&*rate.terms.code, rate.terms.treatment)).or_default().push(rate);
        }
        Self { rates: by_code }
    }

    /// The category of terms; `None` for lines without tax. A row that has changed since the line was
    /// billed is found by its code, if all rows of the code agree.
    pub(super) fn of(&self, terms: Option<&TaxTerms>) -> Categorized<'a> {
        let Some(terms) = terms else {
            return Categorized { category: TaxCategory::O, exemption_code: "VATEX-EU-O" };
        };
        let rates = self.rates.get(&(&*terms.code, terms.treatment)).map_or(&[][..], Vec::as_slice);
        let same = rates.iter().find(|rate| *rate.terms == *terms);
        let mut all = rates.iter().map(|rate| categorized(rate, terms));
        let agreed = all.next().filter(|first| all.all(|other| other == *first));
        same.map(|rate| categorized(rate, terms)).or(agreed).unwrap_or_else(|| usual(terms))
    }
}

fn categorized<'a>(rate: &'a TaxRate, terms: &TaxTerms) -> Categorized<'a> {
    let usual = usual(terms);
    let category = rate.category.unwrap_or(usual.category);
    let exemption_code = match (&*rate.exemption_code, category) {
        ("", TaxCategory::AE) => "VATEX-EU-AE",
        ("", TaxCategory::G) => "VATEX-EU-G",
        ("", TaxCategory::O) => "VATEX-EU-O",
        (code, _) => code,
    };
    Categorized { category, exemption_code }
}

fn usual(terms: &TaxTerms) -> Categorized<'static> {
    let category = terms.treatment.usual_category(terms.percent);
    let exemption_code = if category == TaxCategory::AE { "VATEX-EU-AE" } else { "" };
    Categorized { category, exemption_code }
}
