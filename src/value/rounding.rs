//! The only place that rounds to a minor unit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an exact ratio becomes a whole number of minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "the usual names: half up, half even")]
pub(crate) enum Rounding {
    /// To the nearest; a tie goes away from zero (2.345 → 2.35, −2.345 → −2.35). The default.
    #[default]
    HalfUp,
    /// To the nearest; a tie goes to the even neighbour ("banker's rounding").
    HalfEven,
    /// To the nearest; a tie goes toward zero.
    HalfDown,
}

impl Rounding {
    /// `numerator ÷ denominator`, rounded once. `None` if the denominator is not positive or an
    /// intermediate result does not fit 128 bits.
    pub(crate) fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        if denominator <= 0 {
            return None;
        }
        let quotient = quotient(numerator, denominator);
        // A remainder operation would take as long as the division.
        let rest = numerator - quotient * denominator;
        let rest_doubled = rest.checked_abs()?.checked_mul(2)?;
        let away = match rest_doubled.cmp(&denominator) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => match self {
                Self::HalfUp => true,
                Self::HalfEven => quotient % 2 != 0,
                Self::HalfDown => false,
            },
        };
        quotient.checked_add(if away { numerator.signum() } else { 0 })
    }
}

/// Most values fit 64 bits, and a processor divides those itself.
fn quotient(numerator: i128, denominator: i128) -> i128 {
    match (i64::try_from(numerator), i64::try_from(denominator)) {
        (Ok(numerator), Ok(denominator)) => (numerator / denominator).into(),
        _ => numerator / denominator,
    }
}

#[cfg(test)]
mod tests {
    use super::Rounding;

    #[test]
    fn example_of_divide() {
        use crate::value::Rounding;
        assert_eq!(Rounding::HalfUp.divide(5, 2), Some(3));
        assert_eq!(Rounding::HalfUp.divide(-5, 2), Some(-3));
        assert_eq!(Rounding::HalfEven.divide(5, 2), Some(2));
        assert_eq!(Rounding::HalfDown.divide(-5, 2), Some(-2));
    }

    #[test]
    fn ties_follow_the_mode() {
        let ties = [(-7, 2), (-5, 2), (-1, 2), (1, 2), (3, 2), (5, 2)];
        let all = |mode: Rounding| ties.map(|(n, d)| mode.divide(n, d).unwrap());
        assert_eq!(all(Rounding::HalfUp), [-4, -3, -1, 1, 2, 3]);
        assert_eq!(all(Rounding::HalfEven), [-4, -2, 0, 0, 2, 2]);
        assert_eq!(all(Rounding::HalfDown), [-3, -2, 0, 0, 1, 2]);
    }

    #[test]
    fn refuses_what_has_no_answer() {
        assert_eq!(Rounding::HalfUp.divide(1, 0), None);
        assert_eq!(Rounding::HalfUp.divide(1, -1), None);
    }
}
