//! Amounts in Stripe's smallest units.

use rust_decimal::Decimal;

use crate::import::values::{Cells, NotTaken};
use crate::value::{Amount, Currency};

/// Currencies that Stripe counts in whole units. ISO 4217 has fewer: Stripe rounds MGA to units.
const WHOLE: [&str; 15] = [
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];

/// Currencies that Stripe counts in thousandths.
const THOUSANDTHS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// A number of smallest units as a number of major units. All other currencies have hundredths, UGX and
/// ISK as well, which have none in ISO 4217.
pub(super) fn major(units: Decimal, currency: Currency) -> Option<Decimal> {
    let code = currency.code();
    let digits = match code {
        _ if WHOLE.contains(&code) => 0,
        _ if THOUSANDTHS.contains(&code) => 3,
        _ => 2,
    };
    units.checked_mul(Decimal::new(1, digits))
}

impl<T> Cells<'_, '_, T> {
    /// A decimal number of smallest units, in major units.
    pub(super) fn major(
        &mut self,
        column: &'static str,
        text: &str,
        currency: Currency,
    ) -> Result<Decimal, NotTaken> {
        let units = self.decimal(column, text)?;
        let hint = "write the amount in smallest units";
        major(units, currency).ok_or_else(|| self.report(column, text, "is too large", hint))
    }

    /// An amount of smallest units.
    pub(super) fn units(
        &mut self,
        column: &'static str,
        text: &str,
        currency: Currency,
    ) -> Result<Amount, NotTaken> {
        let major = self.major(column, text, currency)?;
        self.exact(column, text, major, currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::values::plain;

    #[test]
    fn each_currency_has_the_units_of_stripe() {
        for (code, expected) in
            [("USD", "29.99"), ("JPY", "2999"), ("KWD", "2.999"), ("ISK", "29.99"), ("MGA", "2999")]
        {
            let currency = Currency::from_code(code).expect("ISO 4217");
            let found = major(Decimal::from(2999), currency).expect("it fits");
            assert_eq!(plain(found), expected, "{code}");
        }
    }
}
