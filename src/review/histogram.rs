//! A histogram of the invoices of a close by total, in steps of 1, 2, 5, 10, 20…

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Invoice;
use crate::value::{Amount, Currency};

/// Above this number, steps are merged to powers of ten.
const MOST_BINS: usize = 12;

/// The invoices in one currency by total.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Histogram {
    /// Documents that grant credit.
    pub(crate) negative: usize,
    /// Invoices with a zero total.
    pub(crate) zero: usize,
    /// The other invoices, by the largest step that they reach.
    steps: BTreeMap<u32, usize>,
}

impl Histogram {
    /// The invoices with a positive total, smallest first, without gaps.
    pub(crate) fn bins(&self) -> Vec<Bin> {
        bins(&self.steps)
    }

    /// The number of invoices with a positive total.
    pub(crate) fn positive(&self) -> usize {
        self.steps.values().sum()
    }

    /// Adds the invoices of a shard.
    pub(super) fn add(&mut self, other: &Self) {
        self.negative += other.negative;
        self.zero += other.zero;
        for (step, count) in &other.steps {
            *self.steps.entry(*step).or_default() += count;
        }
    }
}

/// Invoices with a total from `from` to below `below`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bin {
    pub(crate) from: Amount,
    /// The exclusive upper limit; `None` if none fits.
    pub(crate) below: Option<Amount>,
    pub(crate) count: usize,
}

/// The invoices of a close by currency and total.
pub(crate) fn histograms(invoices: &[Invoice]) -> BTreeMap<Currency, Histogram> {
    let mut counts: BTreeMap<Currency, Histogram> = BTreeMap::new();
    for invoice in invoices {
        let histogram = counts.entry(invoice.currency).or_default();
        match invoice.totals.total.minor() {
            ..0 => histogram.negative += 1,
            0 => histogram.zero += 1,
            minor => *histogram.steps.entry(step(minor)).or_default() += 1,
        }
    }
    counts
}

/// The index of the largest step that a positive amount reaches.
fn step(minor: i64) -> u32 {
    let power = minor.ilog10();
    let digit = minor / 10_i64.pow(power);
    power * 3 + u32::from(digit >= 2) + u32::from(digit >= 5)
}

/// The amount of a step. `None` if it does not fit.
fn amount(step: u32) -> Option<Amount> {
    let digit = [1, 2, 5][step as usize % 3];
    10_i64.checked_pow(step / 3)?.checked_mul(digit).map(Amount::from_minor)
}

fn bins(counts: &BTreeMap<u32, usize>) -> Vec<Bin> {
    let Some((first, last)) = counts.keys().next().zip(counts.keys().last()) else {
        return Vec::new();
    };
    let steps = if (last - first) as usize >= MOST_BINS { 3 } else { 1 };
    let (first, last) = (first - first % steps, *last);
    let bin = |from: u32| Bin {
        from: amount(from).unwrap_or_default(),
        below: amount(from + steps),
        count: counts.range(from..from + steps).map(|(_, count)| count).sum(),
    };
    (first..=last).step_by(steps as usize).map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_is_in_the_bin_that_begins_at_or_below_it() {
        for minor in [1, 2, 4, 5, 9, 10, 19, 20, 499, 500, i64::MAX] {
            let reached = step(minor);
            let from = amount(reached).expect("it was reached");
            assert!(from.minor() <= minor, "{minor}");
            assert!(amount(reached + 1).is_none_or(|next| next.minor() > minor), "{minor}");
        }
    }

    #[test]
    fn bins_have_no_gaps_and_lose_nothing() {
        let near = BTreeMap::from([(step(150), 3), (step(2_500), 4)]);
        let bins = super::bins(&near);
        assert_eq!(bins.len(), 5);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), 7);
        assert!(bins.windows(2).all(|pair| pair[0].below == Some(pair[1].from)));
        let wide = BTreeMap::from([(step(1), 1), (step(1_000_000_000), 1), (step(250), 5)]);
        let bins = super::bins(&wide);
        assert_eq!((bins.len(), bins[2].count), (10, 5));
        assert_eq!(bins[2].from, Amount::from_minor(100));
    }
}
