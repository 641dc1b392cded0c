//! An amount of money in the minor units of a currency.

use serde::{Deserialize, Serialize};

use super::{Currency, DecimalError, DecimalText, parse_decimal};

/// A signed number of minor units (cents, fils, yen). The invoice has the currency.
///
/// All arithmetic is checked: `None` means that the result does not fit 64 bits.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub(crate) struct Amount(i64);

impl Amount {
    /// Nothing owed.
    pub(crate) const ZERO: Self = Self(0);

    /// From minor units of the currency.
    pub(crate) const fn from_minor(minor: i64) -> Self {
        Self(minor)
    }

    pub(crate) const fn minor(self) -> i64 {
        self.0
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is a credit.
    pub(crate) const fn is_negative(self) -> bool {
        self.0 < 0
    }

    #[must_use]
    pub(crate) fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    #[must_use]
    pub(crate) fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The amount with the opposite sign.
    #[must_use]
    pub(crate) fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    pub(crate) fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Major units with exactly the digits of the currency, as in CSV.
    pub(crate) fn to_decimal_string(self, currency: Currency) -> String {
        self.decimal_text(currency).as_str().to_owned()
    }

    /// The same without an allocation, because there are millions of amounts.
    pub(crate) fn decimal_text(self, currency: Currency) -> DecimalText {
        DecimalText::of(self.0.unsigned_abs(), currency.digits() as usize, self.0 < 0)
    }

    /// Reads major units written by [`Amount::to_decimal_string`] or by hand.
    pub(crate) fn parse(text: &str, currency: Currency) -> Result<Self, DecimalError> {
        Self::parse_bytes(text.as_bytes(), currency)
    }

    /// The same for bytes that may not be text.
    ///
    /// # Errors
    /// The same.
    pub(crate) fn parse_bytes(bytes: &[u8], currency: Currency) -> Result<Self, DecimalError> {
        if let Some(amount) = Self::parse_usual(bytes, currency.digits() as usize) {
            return Ok(amount);
        }
        let text = str::from_utf8(bytes).map_err(|_| DecimalError::NotPlain)?;
        let decimal = parse_decimal(text)?;
        let normal = decimal.normalize();
        let missing = currency
            .digits()
            .checked_sub(normal.scale())
            .ok_or(DecimalError::TooManyDigits { allowed: currency.digits() })?;
        normal
            .mantissa()
            .checked_mul(10_i128.pow(missing))
            .and_then(|minor| i64::try_from(minor).ok())
            .map(Self)
            .ok_or(DecimalError::Beyond { digits: currency.digits() })
    }

    /// Reads the output of [`Amount::to_decimal_string`], unless it is very long. On `None` the
    /// full parser decides.
    fn parse_usual(text: &[u8], digits: usize) -> Option<Self> {
        const MOST_BYTES: usize = 17;
        let magnitude = text.strip_prefix(b"-").unwrap_or(text);
        let point = magnitude.len().checked_sub(digits + usize::from(digits > 0))?;
        let is_usual = (1..=MOST_BYTES).contains(&point)
            && magnitude.len() <= MOST_BYTES
            && (digits == 0 || magnitude[point] == b'.');
        let (whole, part) = is_usual.then(|| magnitude.split_at(point))?;
        let minor = append_digits(append_digits(0, whole)?, part.get(1..).unwrap_or_default())?;
        Some(Self(if magnitude.len() < text.len() { -minor } else { minor }))
    }
}

/// Appends digits to a number; `None` if they are no digits. Expects few digits.
fn append_digits(number: i64, digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(number, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn example_of_to_decimal_string() {
        use crate::value::{Amount, Currency};
        let usd = Currency::from_code("USD").unwrap();
        assert_eq!(Amount::from_minor(-1493).to_decimal_string(usd), "-14.93");
        assert_eq!(Amount::from_minor(5).to_decimal_string(usd), "0.05");
        let yen = Currency::from_code("JPY").unwrap();
        assert_eq!(Amount::from_minor(1500).to_decimal_string(yen), "1500");
    }

    fn usd() -> Currency {
        Currency::from_code("USD").expect("USD is in ISO 4217")
    }

    proptest! {
        #[test]
        fn is_written_as_the_decimal_it_is(
            minor in prop_oneof![-1000..1000_i64, any::<i64>()],
            code in prop::sample::select(vec!["USD", "JPY", "KWD", "CLF"]),
        ) {
            let currency = Currency::from_code(code).expect("a currency");
            let decimal = Decimal::from_i128_with_scale(minor.into(), currency.digits());
            let text = Amount::from_minor(minor).to_decimal_string(currency);
            prop_assert_eq!(text, decimal.to_string());
        }
    }

    #[test]
    fn round_trips_the_smallest_amount() {
        let least = Amount::from_minor(i64::MIN);
        assert_eq!(least.to_decimal_string(usd()), "-92233720368547758.08");
        assert_eq!(Amount::parse("-92233720368547758.08", usd()), Ok(least));
    }

    #[test]
    fn refuses_more_digits_than_the_currency_has() {
        assert_eq!(Amount::parse("1.005", usd()), Err(DecimalError::TooManyDigits { allowed: 2 }));
        assert_eq!(Amount::parse("1.500", usd()), Ok(Amount::from_minor(150)));
    }

    #[test]
    fn sums_are_checked() {
        let most = Amount::from_minor(i64::MAX);
        assert_eq!(most.checked_add(Amount::from_minor(1)), None);
        assert_eq!(Amount::from_minor(i64::MIN).checked_neg(), None);
    }
}
