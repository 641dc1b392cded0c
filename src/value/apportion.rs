//! Splits a whole number of minor units without a remainder, by the largest-remainder method.

use super::Fraction128;

/// Splits `total` into whole numbers close to the exact shares. Each part gets its share rounded
/// down. The rest goes, one by one, to the largest remainders; the earlier part wins a tie. The
/// exact shares must add up to less than 1 away from `total`.
///
/// A negative total is split like the positive one, with the opposite sign. `None` if an
/// intermediate result does not fit.
pub(crate) fn apportion(total: i128, exact: &[Fraction128]) -> Option<Vec<i128>> {
    if total < 0 {
        let turned: Vec<Fraction128> =
            exact.iter().map(|share| share.checked_neg()).collect::<Option<_>>()?;
        let parts = apportion(total.checked_neg()?, &turned)?;
        return parts.into_iter().map(i128::checked_neg).collect();
    }
    let mut parts: Vec<i128> = exact.iter().map(|share| share.floor()).collect();
    let given = parts.iter().try_fold(0_i128, |sum, part| sum.checked_add(*part))?;
    let left = usize::try_from(total.checked_sub(given)?).ok()?;
    let mut order: Vec<usize> = (0..exact.len()).collect();
    let rests: Vec<Fraction128> = exact.iter().map(|share| share.rest()).collect();
    // The sort is stable, so equal remainders keep their order.
    let mut comparable = true;
    order.sort_by(|a, b| {
        rests[*b].checked_cmp(rests[*a]).unwrap_or_else(|| {
            comparable = false;
            std::cmp::Ordering::Equal
        })
    });
    if !comparable || left > parts.len() {
        return None;
    }
    for place in order.into_iter().take(left) {
        parts[place] = parts[place].checked_add(1)?;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_of_apportion() {
        use crate::value::{Fraction128, apportion};
        // 1.00 over 3.33, 3.33 and 3.34.
        let shares: Vec<_> = [333, 333, 334].map(|part| Fraction128::new(100 * part, 1000)).into();
        assert_eq!(apportion(100, &shares), Some(vec![33, 33, 34]));
    }

    fn shares(total: i128, weights: &[i128]) -> Option<Vec<i128>> {
        let sum: i128 = weights.iter().sum();
        let exact: Vec<Fraction128> =
            weights.iter().map(|weight| Fraction128::new(total * weight, sum)).collect();
        apportion(total, &exact)
    }

    #[test]
    fn nothing_is_lost_and_signs_do_not_matter() {
        assert_eq!(shares(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(shares(-100, &[1, 1, 1]), Some(vec![-34, -33, -33]));
        assert_eq!(shares(2000, &[1000, 2000]), Some(vec![667, 1333]));
        assert_eq!(shares(5, &[10, -5]), Some(vec![10, -5]));
    }

    #[test]
    fn a_total_that_the_shares_do_not_come_to_is_refused() {
        assert_eq!(apportion(5, &[Fraction128::new(1, 1)]), None);
    }
}
