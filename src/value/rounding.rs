//! The only place that rounds to a minor unit.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an exact ratio becomes a whole number of minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rounding {
    /// To the nearest; a tie goes away from zero (2.345 → 2.35, −2.345 → −2.35). The default.
    #[default]
    HalfUp,
    /// To the nearest; a tie goes to the even neighbour ("banker's rounding").
    HalfEven,
    /// To the nearest; a tie goes toward zero.
    HalfDown,
    /// Away from zero (2.341 → 2.35, −2.341 → −2.35). So a credit takes back what its charge charged.
    Up,
    /// Toward zero (2.349 → 2.34, −2.349 → −2.34).
    Down,
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
        let away = match (self, rest_doubled.cmp(&denominator)) {
            (Self::Up, _) => rest != 0,
            (Self::Down, _) | (_, Ordering::Less) | (Self::HalfDown, Ordering::Equal) => false,
            (_, Ordering::Greater) | (Self::HalfUp, Ordering::Equal) => true,
            (Self::HalfEven, Ordering::Equal) => quotient % 2 != 0,
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
        assert_eq!(all(Rounding::Up), [-4, -3, -1, 1, 2, 3]);
        assert_eq!(all(Rounding::Down), [-3, -2, 0, 0, 1, 2]);
    }

    #[test]
    fn up_and_down_look_at_any_rest() {
        let values = [(-21, 10), (-20, 10), (-19, 10), (0, 10), (1, 10), (20, 10), (29, 10)];
        let all = |mode: Rounding| values.map(|(n, d)| mode.divide(n, d).unwrap());
        assert_eq!(all(Rounding::Up), [-3, -2, -2, 0, 1, 2, 3]);
        assert_eq!(all(Rounding::Down), [-2, -2, -1, 0, 0, 2, 2]);
    }

    #[test]
    fn a_credit_is_rounded_as_its_charge() {
        use Rounding::{Down, HalfDown, HalfEven, HalfUp, Up};
        for mode in [HalfUp, HalfEven, HalfDown, Up, Down] {
            for amount in 0..50 {
                assert_eq!(mode.divide(-amount, 10), mode.divide(amount, 10).map(|it| -it));
            }
        }
    }

    #[test]
    fn refuses_what_has_no_answer() {
        assert_eq!(Rounding::HalfUp.divide(1, 0), None);
        assert_eq!(Rounding::HalfUp.divide(1, -1), None);
    }
}
