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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::TaxBehavior;
    use crate::model::Translated;

    fn terms(code: &str, percent: u8, note: &str) -> TaxTerms {
        TaxTerms {
            code: code.into(),
            name: "VAT".into(),
            percent: percent.into(),
            behavior: TaxBehavior::Exclusive,
            treatment: TaxTreatment::Taxable,
            note: note.into(),
            components: Box::default(),
        }
    }

    fn rate(terms: TaxTerms, category: Option<TaxCategory>, exemption_code: &str) -> TaxRate {
        TaxRate {
            terms: Arc::new(terms),
            country: "".into(),
            region: "".into(),
            valid_from: None,
            valid_to: None,
            category,
            exemption_code: exemption_code.into(),
            notes: Translated::default(),
            component: None,
            line: 2,
        }
    }

    fn found(rates: &[TaxRate], terms: &TaxTerms) -> (TaxCategory, String) {
        let Categorized { category, exemption_code } = TaxCategories::new(rates).of(Some(terms));
        (category, exemption_code.to_owned())
    }

    #[test]
    fn terms_have_the_category_of_their_row_or_the_usual_one() {
        let rates = [
            rate(terms("export", 0, ""), Some(TaxCategory::G), ""),
            rate(terms("canary", 7, ""), Some(TaxCategory::L), ""),
            rate(terms("zero", 0, ""), None, ""),
        ];
        let usual = |category| (category, String::new());
        let export = (TaxCategory::G, "VATEX-EU-G".to_owned());
        assert_eq!(found(&rates, &terms("export", 0, "")), export);
        assert_eq!(found(&rates, &terms("canary", 7, "")), usual(TaxCategory::L));
        assert_eq!(found(&rates, &terms("zero", 0, "")), usual(TaxCategory::Z));
        assert_eq!(found(&rates, &terms("gone", 19, "")), usual(TaxCategory::S));
        let reverse = TaxTerms { treatment: TaxTreatment::ReverseCharge, ..terms("gone", 0, "") };
        assert_eq!(found(&rates, &reverse), (TaxCategory::AE, "VATEX-EU-AE".to_owned()));
        let none = TaxCategories::new(&rates).of(None);
        assert_eq!((none.category, none.exemption_code), (TaxCategory::O, "VATEX-EU-O"));
    }

    #[test]
    fn a_note_that_has_changed_since_the_line_was_billed_makes_no_difference() {
        let rates = [rate(terms("export", 0, "new words"), Some(TaxCategory::G), "VATEX-EU-G")];
        let export = (TaxCategory::G, "VATEX-EU-G".to_owned());
        assert_eq!(found(&rates, &terms("export", 0, "old words")), export);
        // Another treatment is another tax.
        let exempt = TaxTerms { treatment: TaxTreatment::Exempt, ..terms("export", 0, "") };
        assert_eq!(found(&rates, &exempt), (TaxCategory::E, String::new()));
    }

    #[test]
    fn rows_of_one_code_that_disagree_say_nothing_of_terms_of_no_row() {
        let rates = [
            rate(terms("vat", 7, ""), Some(TaxCategory::L), ""),
            rate(terms("vat", 19, ""), None, ""),
        ];
        assert_eq!(found(&rates, &terms("vat", 7, "")).0, TaxCategory::L);
        assert_eq!(found(&rates, &terms("vat", 19, "")).0, TaxCategory::S);
        assert_eq!(found(&rates, &terms("vat", 16, "")).0, TaxCategory::S);
        // Rows that agree do.
        let rates = [7, 19].map(|it| rate(terms("igic", it, ""), Some(TaxCategory::L), ""));
        assert_eq!(found(&rates, &terms("igic", 16, "")).0, TaxCategory::L);
    }
}
