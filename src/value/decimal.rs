//! Strict reading of decimals: `-?digits[.digits]` and nothing else.
//!
//! Money is never guessed: a decimal comma, a thousands separator or an exponent is an error that
//! says what it saw, because `1,234` is a thousand to one reader and one and a bit to another.

use rust_decimal::Decimal;
use thiserror::Error;

/// Why a text is not a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecimalError {
    /// Nothing there.
    #[error("is empty")]
    Empty,
    /// `20,00` or `1,234.50`.
    #[error("has a comma")]
    Comma,
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
    /// More than 28 digits in all, or more than 64 bits of minor units.
    #[error("is too large")]
    TooLarge,
}

/// Reads a plain decimal.
///
/// ```
/// # use prorata::value::{parse_decimal, DecimalError};
/// assert_eq!(parse_decimal("20.00").unwrap().to_string(), "20.00");
/// assert_eq!(parse_decimal("20,00"), Err(DecimalError::Comma));
/// assert_eq!(parse_decimal("2e3"), Err(DecimalError::Exponent));
/// assert_eq!(parse_decimal("$20"), Err(DecimalError::NotPlain));
/// ```
pub fn parse_decimal(text: &str) -> Result<Decimal, DecimalError> {
    check_form(text)?;
    Decimal::from_str_exact(text).map_err(|_| DecimalError::TooLarge)
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
    let has_exponent = text.contains(['e', 'E']) && text.starts_with(|c: char| c.is_ascii_digit());
    Err(if has_exponent { DecimalError::Exponent } else { DecimalError::NotPlain })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(parse_decimal(&text), Err(DecimalError::TooLarge));
        // Thirty decimals cannot be held exactly; they are refused, not rounded.
        assert_eq!(parse_decimal("0.123456789012345678901234567891"), Err(DecimalError::TooLarge));
    }
}
