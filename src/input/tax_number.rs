//! The form of tax numbers, by the country of their prefix. Only the country knows whether a number
//! exists, but a number of the wrong form does not. docs/taxes.md has the same table.

/// The form of a country's numbers after the prefix.
#[derive(Debug)]
struct TaxNumberForm {
    prefix: &'static str,
    /// The ISO 3166 code, if it is not the prefix.
    code: &'static str,
    country: &'static str,
    /// Whether numbers are invalid without the prefix: Directive 2006/112/EC, Article 215.
    is_european: bool,
    /// `9` is a digit, `A` a letter, `X` either; other characters are literal.
    patterns: &'static [&'static str],
}

const fn european(
    prefix: &'static str,
    country: &'static str,
    patterns: &'static [&'static str],
) -> TaxNumberForm {
    TaxNumberForm { prefix, code: prefix, country, is_european: true, patterns }
}

const fn other(
    prefix: &'static str,
    code: &'static str,
    country: &'static str,
    patterns: &'static [&'static str],
) -> TaxNumberForm {
    TaxNumberForm { prefix, code, country, is_european: false, patterns }
}

/// The forms that the European Commission publishes for VIES, and those of the United Kingdom,
/// Switzerland and Norway.
const FORMS: [TaxNumberForm; 31] = [
    european("AT", "Austria", &["U99999999"]),
    european("BE", "Belgium", &["0999999999", "1999999999"]),
    european("BG", "Bulgaria", &["999999999", "9999999999"]),
    european("CY", "Cyprus", &["99999999A"]),
    european("CZ", "Czechia", &["99999999", "999999999", "9999999999"]),
    european("DE", "Germany", &["999999999"]),
    european("DK", "Denmark", &["99999999"]),
    european("EE", "Estonia", &["999999999"]),
    TaxNumberForm { code: "GR", ..european("EL", "Greece", &["999999999"]) },
    european("ES", "Spain", &["X9999999X"]),
    european("FI", "Finland", &["99999999"]),
    european("FR", "France", &["XX999999999"]),
    european("HR", "Croatia", &["99999999999"]),
    european("HU", "Hungary", &["99999999"]),
    european("IE", "Ireland", &["9999999A", "9999999AA", "9X99999A", "9+99999A", "9*99999A"]),
    european("IT", "Italy", &["99999999999"]),
    european("LT", "Lithuania", &["999999999", "999999999999"]),
    european("LU", "Luxembourg", &["99999999"]),
    european("LV", "Latvia", &["99999999999"]),
    european("MT", "Malta", &["99999999"]),
    european("NL", "Netherlands", &["999999999B99"]),
    european("PL", "Poland", &["9999999999"]),
    european("PT", "Portugal", &["999999999"]),
    european(
        "RO",
        "Romania",
        &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"],
    ),
    european("SE", "Sweden", &["999999999999"]),
    european("SI", "Slovenia", &["99999999"]),
    european("SK", "Slovakia", &["9999999999"]),
    european("XI", "Northern Ireland", &["999999999", "999999999999", "GD999", "HA999"]),
    other("GB", "GB", "United Kingdom", &["999999999", "999999999999", "GD999", "HA999"]),
    other(
        "CHE",
        "CH",
        "Switzerland",
        &["999999999", "999999999MWST", "999999999TVA", "999999999IVA", "999999999VAT"],
    ),
    other("NO", "NO", "Norway", &["999999999", "999999999MVA"]),
];

/// Wrong prefixes, with the right ones.
const MISTAKEN: [(&str, &str); 2] = [("GR", "EL"), ("UK", "GB")];

/// An error in the form of a number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TaxNumberFlaw {
    /// The broken rule, as the end of a sentence.
    pub(crate) rule: String,
    /// The remedy.
    pub(crate) hint: String,
    /// Whether it matters only if a tax treatment depends on the number.
    pub(crate) is_mild: bool,
}

/// The error in the number of an account. The country may be written in any way.
pub(crate) fn flaw(number: &str, country: &str) -> Option<TaxNumberFlaw> {
    let bare = bare(number);
    if let Some((mistaken, prefix)) = mistaken(&bare) {
        let right = format!("{prefix}{}", &bare[mistaken.len()..]);
        let is_right = form_of(&right).is_some_and(|form| form.fits(&right));
        let hint = if is_right { format!("write {right}") } else { form_hint(prefix) };
        return Some(TaxNumberFlaw {
            rule: format!("begins with {mistaken}, not {prefix}"),
            hint,
            is_mild: false,
        });
    }
    match form_of(&bare) {
        Some(form) if form.fits(&bare) => None,
        Some(form) => Some(TaxNumberFlaw {
            rule: format!("has not the form of a tax number of {}", form.country),
            hint: form_hint(form.prefix),
            is_mild: false,
        }),
        None => implausible(&bare).or_else(|| without_prefix(&bare, country)),
    }
}

/// The number without separators.
fn bare(number: &str) -> String {
    let kept = number.chars().filter(|c| !c.is_whitespace() && !".-/".contains(*c));
    kept.flat_map(char::to_uppercase).collect()
}

fn mistaken(bare: &str) -> Option<(&'static str, &'static str)> {
    let begins = |prefix: &str| {
        bare.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    MISTAKEN.into_iter().find(|(mistaken, _)| begins(mistaken))
}

/// The form for the prefix of a number. Some digit must follow, because a word such as "none" may
/// begin with a prefix too.
fn form_of(bare: &str) -> Option<&'static TaxNumberForm> {
    let has_digits = bare.contains(|c: char| c.is_ascii_digit());
    FORMS.iter().find(|form| has_digits && bare.starts_with(form.prefix))
}

impl TaxNumberForm {
    fn fits(&self, bare: &str) -> bool {
        let rest = bare.strip_prefix(self.prefix).unwrap_or(bare);
        self.patterns.iter().any(|pattern| is_like(rest, pattern))
    }
}

fn is_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'X' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            _ => byte == wanted,
        })
}

fn form_hint(prefix: &str) -> String {
    let form = FORMS.iter().find(|form| form.prefix == prefix);
    let patterns = form.map_or(&[][..], |form| form.patterns);
    let shown: Vec<String> =
        patterns.iter().take(3).map(|pattern| format!("{prefix}{pattern}")).collect();
    format!(
        "such a number is written {}, where 9 is a digit, A a letter and X either",
        shown.join(" or ")
    )
}

/// No country has numbers with fewer digits.
fn implausible(bare: &str) -> Option<TaxNumberFlaw> {
    const FEWEST: usize = 4;
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    (digits < FEWEST).then(|| TaxNumberFlaw {
        rule: "is no tax number".to_owned(),
        hint:
            "write the number that the customer's tax office gave it, with the country's prefix, \
               or leave the field empty"
                .to_owned(),
        is_mild: false,
    })
}

/// An EU number without the prefix of its country.
fn without_prefix(bare: &str, country: &str) -> Option<TaxNumberFlaw> {
    let country = country.trim();
    let is_it = |form: &&TaxNumberForm| {
        [form.prefix, form.code, form.country].iter().any(|name| name.eq_ignore_ascii_case(country))
    };
    let form = FORMS.iter().filter(|form| form.is_european).find(is_it)?;
    if !bare.starts_with(|c: char| c.is_ascii_digit()) && !form.fits(bare) {
        return None;
    }
    let right = format!("{}{bare}", form.prefix);
    Some(TaxNumberFlaw {
        rule: format!("has not the prefix {} of {}", form.prefix, form.country),
        hint: if form.fits(&right) { format!("write {right}") } else { form_hint(form.prefix) },
        is_mild: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_form_of_their_country() {
        for number in [
            "DE123456789",
            "de 123 456 789",
            "ATU12345678",
            "BE 0123.456.789",
            "EL000000000",
            "ESB1234567X",
            "FRXX123456789",
            "IE1234567FA",
            "IE9S12345A",
            "NL123456789B01",
            "PL0000000000",
            "GB 123 4567 89",
            "XI123456789",
            "CHE-123.456.789 MWST",
            "NO 123 456 789 MVA",
            "RO12",
            "CZ12345678",
        ] {
            assert_eq!(flaw(number, "Germany"), None, "{number}");
        }
        for number in [
            "DE12345",
            "DE1234567890",
            "DE12345678X",
            "ATU1234567",
            "FR123456789",
            "NL123456789012",
            "GR123456789",
            "UK123456789",
            "PL123",
            "pending",
            "applied for",
            "0",
            "TBD",
            "yes",
        ] {
            assert!(flaw(number, "").is_some_and(|flaw| !flaw.is_mild), "{number}");
        }
    }

    #[test]
    fn other_countries_have_numbers_of_their_own() {
        for number in ["51 824 753 556", "12-3456789", "29ABCDE1234F1Z5", "US 00-0000000"] {
            assert_eq!(flaw(number, "Elsewhere"), None, "{number}");
        }
    }

    #[test]
    fn a_number_of_the_union_needs_its_prefix() {
        let missing = flaw("123456789", "Germany").expect("a flaw");
        assert_eq!((missing.hint.as_str(), missing.is_mild), ("write DE123456789", true));
        assert_eq!(flaw("123456789", "gr").expect("a flaw").hint, "write EL123456789");
        assert_eq!(flaw("123456789", "United Kingdom"), None);
        assert_eq!(flaw("GR123456789", "").expect("a flaw").hint, "write EL123456789");
    }
}
