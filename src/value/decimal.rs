//! Strict reading of decimals: `-?digits[.digits]` and nothing else.
//!
//! The parser never guesses. A decimal comma, a thousands separator or an exponent is an error,
//! because `1,234` has two meanings.

use std::fmt;
use std::hash::{Hash, Hasher};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::{DecimalText, as_text};

/// Why a text is not a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum DecimalError {
    /// The text is empty.
    #[error("is empty")]
    Empty,
    /// `20,00` or `1,234.50`.
    #[error("has a comma")]
    Comma,
    /// `20.00` or `1.234,50` in a file whose decimals follow a comma.
    #[error("has a point")]
    Point,
    /// `2e3`.
    #[error("has an exponent")]
    Exponent,
    /// Letters, currency signs, blanks, a leading plus.
    #[error("is not a plain decimal number")]
    NotPlain,
    /// More digits after the point than the currency has.
    #[error("has more than {allowed} decimals")]
    TooManyDigits {
        /// The currency's digits.
        allowed: u32,
    },
    /// More digits than are computed exactly. A tiny number may have them too.
    #[error("has more than {DIGITS} digits")]
    TooLong,
    /// More minor units than 64 bits hold.
    #[error("is beyond {}", largest(*.digits))]
    Beyond {
        /// The currency's digits.
        digits: u32,
    },
}

/// All numbers of so many digits are computed exactly, those after the point included.
const DIGITS: u32 = 28;

/// The largest amount in a currency with so many digits, in major units: 92233720368547758.07.
pub(crate) fn largest(digits: u32) -> String {
    DecimalText::of(i64::MAX.unsigned_abs(), digits as usize, false).as_str().to_owned()
}

/// More characters than any decimal of 28 digits needs, with room for zeros at both ends.
const LONGEST: usize = 256;

pub(crate) fn parse_decimal(text: &str) -> Result<Decimal, DecimalError> {
    check_form(text)?;
    // Without optimisation `rust_decimal` takes each digit in a call of its own: a text of 60,000
    // zeros would exhaust the stack.
    if text.len() > LONGEST {
        return Err(DecimalError::TooLong);
    }
    Decimal::from_str_exact(text).map_err(|_| DecimalError::TooLong)
}

/// A decimal with the text of its own `Display`. Writing it takes a fifth of the time, unless it is
/// very long. Here 1.0 differs from 1.00.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain(pub(crate) Decimal);

impl Plain {
    /// The text, unless it is very long.
    pub(crate) fn text(self) -> Option<DecimalText> {
        let Self(value) = self;
        let magnitude = u64::try_from(value.mantissa().unsigned_abs()).ok()?;
        Some(DecimalText::of(magnitude, value.scale() as usize, value.is_sign_negative()))
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Some(text) => f.write_str(text.as_str()),
            None => self.0.fmt(f),
        }
    }
}

impl PartialEq for Plain {
    fn eq(&self, other: &Self) -> bool {
        self.0.serialize() == other.0.serialize()
    }
}

impl Eq for Plain {}

impl Hash for Plain {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.serialize().hash(state);
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        as_text::serialize(self, to)
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        as_text::deserialize(from).map(Self)
    }
}

fn check_form(text: &str) -> Result<(), DecimalError> {
    if text.is_empty() {
        return Err(DecimalError::Empty);
    }
    if text.contains(',') {
        return Err(DecimalError::Comma);
    }
    let (whole, part) = match text.strip_prefix('-').unwrap_or(text).split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (text.strip_prefix('-').unwrap_or(text), None),
    };
    if is_digits(whole) && part.is_none_or(is_digits) {
        return Ok(());
    }
    Err(if has_exponent(text) { DecimalError::Exponent } else { DecimalError::NotPlain })
}

/// `2e3` or `1.5E+02`. Letters alone, such as a currency code, are no exponent.
fn has_exponent(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    is_digits(whole) && is_digits(part) && is_digits(exponent.trim_start_matches(['+', '-']))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #[test]
    fn endless_zeros_are_refused() {
        let zeros = "0".repeat(60_000) + ".00";
        assert_eq!(super::parse_decimal(&zeros), Err(super::DecimalError::TooLong));
    }

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn example_of_parse_decimal() {
        use crate::value::{DecimalError, parse_decimal};
        assert_eq!(parse_decimal("20.00").unwrap().to_string(), "20.00");
        assert_eq!(parse_decimal("20,00"), Err(DecimalError::Comma));
        assert_eq!(parse_decimal("2e3"), Err(DecimalError::Exponent));
        assert_eq!(parse_decimal("$20"), Err(DecimalError::NotPlain));
    }

    proptest! {
        #[test]
        fn plain_is_what_decimals_show_of_themselves(
            mantissa in prop_oneof![-1_000_000_i128..1_000_000, any::<i64>().prop_map(i128::from),
                -79_228_162_514_264_337_593_543_950_335_i128..79_228_162_514_264_337_593_543_950_335],
            scale in 0..=28_u32,
            turned: bool,
        ) {
            let mut value = Decimal::from_i128_with_scale(mantissa, scale);
            value.set_sign_negative(turned);
            prop_assert_eq!(Plain(value).to_string(), value.to_string());
        }
    }

    #[test]
    fn accepts_only_the_plain_form() {
        for text in ["0", "20", "20.00", "-14.93", "0.000001"] {
            assert!(parse_decimal(text).is_ok(), "{text}");
        }
        for text in ["", "+1", ".5", "5.", "1 000", " 1", "1_000", "NaN", "--1", "1.2.3", "٣"] {
            assert!(parse_decimal(text).is_err(), "{text}");
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let text = "9".repeat(40);
        assert_eq!(parse_decimal(&text), Err(DecimalError::TooLong));
        // Thirty decimals cannot be exact, so they are refused, not rounded.
        assert_eq!(parse_decimal("0.123456789012345678901234567891"), Err(DecimalError::TooLong));
    }
}
