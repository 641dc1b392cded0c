//! Finds the country of a text: an ISO code, or a name in a language of the invoices or of the
//! country.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Code and names of each country, from CLDR: see `assets/locales/countries.mjs`.
const COUNTRIES: &str = include_str!("../../assets/locales/countries.tsv");

/// The ISO 3166 code of a country by its code or name. Case does not matter.
pub(crate) fn code_of(text: &str) -> Option<&'static str> {
    CODES.get(&text.trim().to_lowercase()).copied()
}

/// The codes by the names in small letters.
static CODES: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
    let countries = COUNTRIES.lines().filter(|line| !line.starts_with('#'));
    let names = countries.flat_map(|line| {
        let code = line.split('\t').next().unwrap_or_default();
        line.split('\t').map(move |name| (name.to_lowercase(), code))
    });
    names.filter(|(name, _)| !name.is_empty()).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_known_by_code_and_by_name() {
        for (text, code) in [
            ("GB", Some("GB")),
            (" united kingdom ", Some("GB")),
            ("UK", Some("GB")),
            ("Deutschland", Some("DE")),
            ("ΕΛΛΆΔΑ", Some("GR")),
            ("Allemagne", Some("DE")),
            ("日本", Some("JP")),
            ("Norge", Some("NO")),
            ("USA", Some("US")),
            ("Atlantis", None),
            ("", None),
        ] {
            assert_eq!(code_of(text), code, "{text}");
        }
    }

    #[test]
    fn no_name_is_that_of_two_countries() {
        let mut codes: HashMap<String, &str> = HashMap::new();
        for line in COUNTRIES.lines().filter(|line| !line.starts_with('#')) {
            let code = line.split('\t').next().expect("a code");
            for name in line.split('\t') {
                let other = codes.insert(name.to_lowercase(), code);
                assert!(other.is_none_or(|other| other == code), "{name}: {other:?}, {code}");
            }
        }
        assert!(codes.len() > 1000, "{}", codes.len());
    }
}
