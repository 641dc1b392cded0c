//! An exact ratio of whole numbers, for amounts before rounding.

use std::cmp::Ordering;

use super::Rounding;

/// `numerator ÷ denominator`, kept in lowest terms; the denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction128 {
    numerator: i128,
    denominator: i128,
}

impl Fraction128 {
    pub(crate) const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// The ratio of two numbers.
    ///
    /// # Panics
    /// If the denominator is not positive.
    pub(crate) fn new(numerator: i128, denominator: i128) -> Self {
        assert!(denominator > 0, "a share is of something");
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        // A divisor of a positive 127-bit number fits.
        let divisor = i128::try_from(divisor).unwrap_or(1).max(1);
        if divisor == 1 {
            return Self { numerator, denominator };
        }
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// The sum of two ratios. `None` if it does not fit.
    pub(crate) fn checked_add(self, other: Self) -> Option<Self> {
        let divisor = gcd(self.denominator.unsigned_abs(), other.denominator.unsigned_abs());
        let step = other.denominator / i128::try_from(divisor).ok()?;
        let denominator = self.denominator.checked_mul(step)?;
        let left = self.numerator.checked_mul(step)?;
        let right = other.numerator.checked_mul(denominator / other.denominator)?;
        Some(Self::new(left.checked_add(right)?, denominator))
    }

    pub(crate) fn checked_neg(self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_neg()?, ..self })
    }

    /// The largest whole number at or below it.
    pub(crate) fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    /// The part above that whole number.
    #[must_use]
    pub(crate) fn rest(self) -> Self {
        Self { numerator: self.numerator.rem_euclid(self.denominator), ..self }
    }

    /// The nearest whole number.
    pub(crate) fn round(self, rounding: Rounding) -> Option<i128> {
        rounding.divide(self.numerator, self.denominator)
    }

    /// The larger of two ratios. `None` if the comparison does not fit.
    pub(crate) fn checked_cmp(self, other: Self) -> Option<Ordering> {
        let left = self.numerator.checked_mul(other.denominator)?;
        Some(left.cmp(&other.numerator.checked_mul(self.denominator)?))
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    match (u64::try_from(a), u64::try_from(b)) {
        // The common case, in a tenth of the time.
        (Ok(a), Ok(b)) => gcd64(a, b).into(),
        _ if b == 0 => a,
        _ => gcd(b, a % b),
    }
}

/// The greatest common divisor.
pub(crate) fn gcd64(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd64(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_add_and_compare_exactly() {
        let half = Fraction128::new(1, 2);
        let third = Fraction128::new(1, 3);
        assert_eq!(half.checked_add(third), Some(Fraction128::new(5, 6)));
        assert_eq!(half.checked_cmp(third), Some(Ordering::Greater));
        assert_eq!(Fraction128::new(-5, 2).floor(), -3);
        assert_eq!(Fraction128::new(-5, 2).rest(), half);
        assert_eq!(Fraction128::new(-5, 2).round(Rounding::HalfUp), Some(-3));
    }
}
