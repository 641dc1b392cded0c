//! Detects ids that a spreadsheet has damaged. Spreadsheets remove leading zeros, keep only fifteen
//! digits, and show long numbers with an exponent.

use std::fmt;

/// How many digits of a number a spreadsheet keeps.
pub(crate) const KEPT: usize = 15;

/// The rule that an id with an exponent breaks.
pub(crate) const SHORTENED_RULE: &str = "is a number that a spreadsheet has shortened";

/// The remedy.
pub(crate) const AS_TEXT: &str = "export it again with the column formatted as text";

/// The damage to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    LeadingZeros,
    Rounded,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LeadingZeros => "a spreadsheet removes leading zeros",
            Self::Rounded => {
                "a spreadsheet keeps 15 digits of a number and writes zeros behind them"
            }
        })
    }
}

/// Whether a text is a number that a spreadsheet shortened: digits, an optional fraction, `E+` and
/// digits.
pub(crate) fn is_shortened(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_digit) && parts(text).is_some()
}

/// The digits before and after the point, and the exponent.
fn parts(text: &str) -> Option<(&str, &str, usize)> {
    let (mantissa, exponent) = text.split_once("E+").or_else(|| text.split_once("e+"))?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let has_fraction = mantissa.len() > whole.len();
    let is_number = is_digits(whole)
        && is_digits(exponent)
        && exponent.len() <= 3
        && (is_digits(fraction) || !has_fraction);
    is_number.then(|| Some((whole, fraction, exponent.parse().ok()?)))?
}

/// Whether a spreadsheet would show `number` as `shortened`.
pub(crate) fn is_short_for(shortened: &str, number: &str) -> bool {
    let Some((whole, fraction, exponent)) = parts(shortened) else { return false };
    let number = without_zeros(number);
    let shown = format!("{whole}{fraction}");
    if !is_digits(number) || number.len() != whole.len() + exponent {
        return false;
    }
    let (kept, lost) = number.split_at(shown.len().min(number.len()));
    let rounds_up = lost.bytes().next().is_some_and(|digit| digit >= b'5');
    let value = |digits: &str| digits.parse::<u128>().ok();
    value(kept).map(|kept| kept + u128::from(rounds_up)) == value(&shown)
}

/// The damage that may have turned one of the two ids into the other.
pub(crate) fn damage(one: &str, other: &str) -> Option<Damage> {
    if one == other || !is_digits(one) || !is_digits(other) {
        return None;
    }
    if without_zeros(one) == without_zeros(other) {
        return Some(Damage::LeadingZeros);
    }
    let is_same = is_long(one) && one.len() == other.len() && one[..KEPT] == other[..KEPT];
    (is_same && (is_rounded(one) || is_rounded(other))).then_some(Damage::Rounded)
}

/// Whether an id needs a closer look; few do.
pub(crate) fn is_odd(id: &str) -> bool {
    (is_long(id) || (id.len() > 1 && id.starts_with('0'))) && is_digits(id)
}

/// Whether an id may come from several long ones.
pub(crate) fn is_rounded(id: &str) -> bool {
    is_long(id) && is_digits(id) && id[KEPT..].bytes().all(|digit| digit == b'0')
}

pub(crate) fn is_long(id: &str) -> bool {
    id.len() > KEPT
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn without_zeros(id: &str) -> &str {
    let bare = id.trim_start_matches('0');
    if bare.is_empty() { &id[id.len().saturating_sub(1)..] } else { bare }
}

/// An id and its line.
pub(crate) type PlacedId<'a> = (&'a str, u64);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::damage_warnings::warnings;

    #[test]
    fn exponent_form_is_that_of_spreadsheets() {
        for text in ["1.23457E+11", "1E+02", "1,23457E+11", "9e+5", "12E+100"] {
            assert!(is_shortened(text), "{text}");
        }
        for text in ["1E5", "E+5", "1.E+5", "1E+", "1.2.3E+5", "x1E+5", "1E+5x", "", "12", "1e-5"] {
            assert!(!is_shortened(text), "{text}");
        }
    }

    #[test]
    fn a_shortened_number_is_known_again() {
        assert!(is_short_for("1.23457E+11", "123456789012"));
        assert!(is_short_for("1.23457E+11", "000123456789012"));
        assert!(is_short_for("1E+02", "100"));
        for number in ["123466789012", "12345678901", "1234567890123", "12345678901x", ""] {
            assert!(!is_short_for("1.23457E+11", number), "{number}");
        }
    }

    #[test]
    fn damaged_ids_are_told_from_others() {
        let (zeros, rounded) = (Some(Damage::LeadingZeros), Some(Damage::Rounded));
        for (one, other, expected) in [
            ("0042", "42", zeros),
            ("0042", "042", zeros),
            ("0", "00", zeros),
            ("1234567890123456", "1234567890123450", rounded),
            ("1234567890123456", "1234567890123457", None),
            ("12345678901234560", "1234567890123456", None),
            ("a042", "a42", None),
            ("42", "42", None),
            ("42", "420", None),
        ] {
            assert_eq!(damage(one, other), expected, "{one} {other}");
            assert_eq!(damage(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn ids_of_one_file_that_may_be_one_are_named() {
        let said = |odd: &[&str], usual: &str| {
            let odd: Vec<(&str, u64)> = odd.iter().copied().zip(2..).collect();
            let line_of = |id: &str| (id == usual).then_some(9);
            let warnings = warnings("f", &odd, line_of).into_iter();
            warnings.map(|warning| warning.0).collect::<Vec<_>>().join("\n")
        };
        assert!(said(&["0042"], "42").contains("\"42\" on line 9 and \"0042\" on line 2"));
        assert!(said(&["0042", "042"], "").contains("\"0042\" on line 2 and \"042\" on line 3"));
        assert_eq!(said(&["0042", "0043", "0"], "44"), "");
        let rounded = ["1234567890123456", "1234567890123450"];
        assert!(said(&rounded, "").contains("differ only behind their 15th digit"));
        assert!(said(&rounded[1..], "").contains("every id of more than 15 digits"));
        assert_eq!(said(&["1234567890123456", "1234567890123440"], ""), "");
    }
}
