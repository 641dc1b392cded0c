//! The proration formula: `price × numerator ÷ denominator`, exact until it is rounded.

use rust_decimal::Decimal;

use crate::value::{Amount, Currency, Fraction, Rounding, gcd64};

/// The share of a price, in minor units of its currency, rounded once. `None` if an intermediate
/// result exceeds 128 bits or the result 64.
pub(crate) fn prorate(
    price: Decimal,
    share: Fraction,
    currency: Currency,
    rounding: Rounding,
) -> Option<Amount> {
    let (numerator, denominator) = lowest(share);
    let finer = currency.digits().checked_sub(price.scale());
    if let (Some(finer), (1, 1)) = (finer, (numerator, denominator)) {
        // A whole price without extra digits needs no division or rounding.
        let minor = price.mantissa().checked_mul(10_i128.checked_pow(finer)?)?;
        return i64::try_from(minor).ok().map(Amount::from_minor);
    }
    let minor_units = 10_i128.checked_pow(currency.digits())?;
    let minor = |price: Decimal| {
        let dividend = price.mantissa().checked_mul(numerator)?.checked_mul(minor_units)?;
        let whole = 10_i128.checked_pow(price.scale())?.checked_mul(denominator)?;
        rounding.divide(dividend, whole)
    };
    // Removing trailing zeros is slow, so try first with them.
    let minor = minor(price).or_else(|| minor(price.normalize()))?;
    i64::try_from(minor).ok().map(Amount::from_minor)
}

/// A share in lowest terms.
fn lowest(share: Fraction) -> (i128, i128) {
    if share.is_whole() && share.numerator > 0 {
        return (1, 1);
    }
    let divisor = gcd64(share.numerator.unsigned_abs(), share.denominator.unsigned_abs()).max(1);
    let lowest = |number: i64| i128::from(number) / i128::from(divisor);
    (lowest(share.numerator), lowest(share.denominator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::TimeUnit;

    #[test]
    fn example_of_prorate() {
        use crate::{
            rating::prorate,
            value::{Amount, Currency, Fraction, Rounding, TimeUnit},
        };
        use rust_decimal::Decimal;
        // 3 × 20.00 for 666,540 of the 2,678,400 seconds from 27 May to 27 June.
        let usd = Currency::from_code("USD").unwrap();
        let share = Fraction::new(666_540, 2_678_400, TimeUnit::Second);
        let amount = prorate(Decimal::from(60), share, usd, Rounding::HalfUp);
        assert_eq!(amount, Some(Amount::from_minor(1493)));
    }

    fn amount(price: &str, share: (i64, i64), code: &str) -> Option<i64> {
        let currency = Currency::from_code(code).expect("ISO 4217");
        let share = Fraction::new(share.0, share.1, TimeUnit::Second);
        let price = price.parse().expect("a decimal");
        prorate(price, share, currency, Rounding::HalfUp).map(Amount::minor)
    }

    #[test]
    fn the_digits_are_the_currencys() {
        assert_eq!(amount("10.00", (1, 3), "USD"), Some(333));
        assert_eq!(amount("10.000", (1, 3), "KWD"), Some(3333));
        assert_eq!(amount("1000", (1, 3), "JPY"), Some(333));
        for share in [(1, 1), (7, 7), (31, 31)] {
            assert_eq!(amount("10", share, "USD"), Some(1_000));
            assert_eq!(amount("-10.25", share, "KWD"), Some(-10_250));
            assert_eq!(amount("92233720368547758.08", share, "USD"), None);
        }
    }

    #[test]
    fn unit_prices_keep_decimals_that_the_currency_lacks() {
        assert_eq!(amount("0.0125", (1, 1), "USD"), Some(1));
        assert_eq!(amount("0.015", (1, 1), "USD"), Some(2));
    }

    #[test]
    fn a_century_of_seconds_at_a_high_price_is_exact() {
        let century = 3_155_760_000;
        assert_eq!(
            amount("1000000000000.01", (century - 1, century), "USD"),
            Some(99_999_999_968_313)
        );
    }

    #[test]
    fn overflow_is_none() {
        assert_eq!(amount("79228162514264337593543950335", (1, 1), "USD"), None);
    }
}
