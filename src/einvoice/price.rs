//! The quantity and the price of a line. Their product is the net amount of the line, as exactly as
//! its rules want it (PEPPOL-EN16931-R120 allows two hundredths).

use rust_decimal::{Decimal, RoundingStrategy};

use crate::model::{Cause, Line, LineKind};
use crate::value::{Amount, Currency};

/// The decimals of every price that needs more than those of money.
const FEWEST_DECIMALS: u32 = 6;
/// The decimals of money.
const MONEY_DECIMALS: u32 = 2;

/// The quantity, with the sign of the net amount, and the price of one unit, never negative (BR-27).
/// `None` if the quantity does not fit.
pub(super) fn quantity_and_price(
    line: &Line,
    net: Amount,
    currency: Currency,
) -> Option<(i64, Decimal)> {
    let units = if is_one(line) { 1 } else { line.quote.quantity.max(1) };
    let quantity = i64::try_from(units).ok()?;
    let amount =
        Decimal::from_i128_with_scale(net.minor().unsigned_abs().into(), currency.digits());
    let signed = if net.is_negative() { -quantity } else { quantity };
    Some((signed, unit_price(amount, units)?))
}

/// Whether the amount is a whole for which no number of units was charged: a discount, an adjustment,
/// or the difference of two quantities.
fn is_one(line: &Line) -> bool {
    matches!(line.kind, LineKind::Discount | LineKind::Adjustment)
        || matches!(line.key.cause, Cause::Net(_))
}

fn unit_price(amount: Decimal, units: u64) -> Option<Decimal> {
    let (exact, units) = (amount.checked_div(units.into())?, Decimal::from(units));
    let rounded = |decimals: u32| {
        exact.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero).normalize()
    };
    let price = rounded(MONEY_DECIMALS);
    if price.checked_mul(units) == Some(amount) {
        return Some(price);
    }
    let digits = units.to_string().len();
    Some(rounded(FEWEST_DECIMALS.max(u32::try_from(digits).ok()? + MONEY_DECIMALS)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(amount: &str, units: u64) -> String {
        let amount = amount.parse().expect("a decimal");
        unit_price(amount, units).expect("it fits").to_string()
    }

    #[test]
    fn an_exact_price_is_money_and_others_have_more_digits() {
        assert_eq!(price("60.00", 3), "20");
        assert_eq!(price("14.93", 3), "4.976667");
        assert_eq!(price("1.00", 1000), "0.001");
        assert_eq!(price("100", 3), "33.333333");
        assert_eq!(price("0.00", 7), "0");
        assert_eq!(price("1234.56", 1_000_000_000), "0.00000123456");
    }

    proptest! {
        #[test]
        fn the_product_is_the_amount_within_a_hundredth(
            minor in 0..=i64::MAX,
            units in 1..=1_000_000_000_u64,
            digits in 0..=2_u32,
        ) {
            let amount = Decimal::from_i128_with_scale(minor.into(), digits);
            let price = unit_price(amount, units).expect("it fits");
            let product = price * Decimal::from(units);
            prop_assert!((product - amount).abs() <= Decimal::new(1, 2), "{price} × {units}");
        }
    }
}
