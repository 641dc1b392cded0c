//! The laws that require the seller's tax number on an invoice with tax, by country.
//!
//! docs/taxes.md has the same table. For other countries we know of no such rule, so nothing is
//! required.

/// A law that requires the seller's tax number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NumberLaw {
    /// The ISO codes of its countries.
    pub(crate) countries: &'static [&'static str],
    /// The citation.
    pub(crate) citation: &'static str,
    /// The local name of the number.
    pub(crate) number: &'static str,
}

/// All known laws.
const NUMBER_LAWS: [NumberLaw; 11] = [
    NumberLaw {
        countries: &[
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
            "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
        ],
        citation: "Directive 2006/112/EC, art. 226 (3)",
        number: "VAT identification number",
    },
    NumberLaw {
        countries: &["GB"],
        citation: "VAT Regulations 1995, reg. 14 (1) (d)",
        number: "VAT registration number",
    },
    NumberLaw {
        countries: &["CH"],
        citation: "MWSTG, art. 26 (2) (a)",
        number: "VAT number (CHE-… MWST)",
    },
    NumberLaw { countries: &["LI"], citation: "MWSTG, art. 26 (2) (a)", number: "VAT number" },
    NumberLaw {
        countries: &["NO"],
        citation: "bokføringsforskriften, § 5-1-2",
        number: "organisation number, followed by MVA",
    },
    NumberLaw { countries: &["AU"], citation: "GST Act 1999, s 29-70 (1) (c)", number: "ABN" },
    NumberLaw { countries: &["NZ"], citation: "GST Act 1985, s 19E", number: "GST number" },
    NumberLaw { countries: &["IN"], citation: "CGST Rules 2017, r. 46 (a)", number: "GSTIN" },
    NumberLaw {
        countries: &["SG"],
        citation: "GST (General) Regulations, reg. 11 (1) (d)",
        number: "GST registration number",
    },
    NumberLaw {
        countries: &["ZA"],
        citation: "Value-Added Tax Act 1991, s 20 (4) (b)",
        number: "VAT registration number",
    },
    NumberLaw {
        countries: &["AE"],
        citation: "Cabinet Decision 52 of 2017, art. 59 (1) (b)",
        number: "tax registration number",
    },
];

/// The law of a country, by its ISO code.
pub(crate) fn number_law(country: &str) -> Option<&'static NumberLaw> {
    NUMBER_LAWS.iter().find(|law| law.countries.contains(&country))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::country_code_of;

    #[test]
    fn every_law_is_that_of_countries_that_are_known() {
        let countries: Vec<&str> =
            NUMBER_LAWS.iter().flat_map(|law| law.countries).copied().collect();
        for country in &countries {
            assert_eq!(country_code_of(country), Some(*country));
            assert_eq!(countries.iter().filter(|it| *it == country).count(), 1, "{country}");
        }
        assert_eq!(number_law("US"), None);
    }

    #[test]
    fn the_documentation_has_the_same_table() {
        let page = include_str!("../../docs/taxes.md");
        for law in &NUMBER_LAWS {
            let row = format!("| {} | {} |", law.citation, law.number);
            assert!(page.contains(&row), "docs/taxes.md lacks {row}");
        }
        let rows = page.lines().skip_while(|line| !line.starts_with("| seller in |")).skip(2);
        assert_eq!(rows.take_while(|line| line.starts_with('|')).count(), NUMBER_LAWS.len());
    }
}
