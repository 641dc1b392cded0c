//! Lines for review: very large ones and corrections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::discounts::DiscountSums;
use super::products::ProductSums;
use super::{DiscountTotal, Finding, FindingKind, FindingRank, ProductTotal};
use crate::config::ReviewSettings;
use crate::model::{DocumentPlaces, Invoice, Line};
use crate::payments::with_lines_at_hand;
use crate::value::{Amount, Currency};

/// With fewer lines in a currency, the median means little.
const ENOUGH_LINES: usize = 10;

/// The number of invoice numbers in a message.
const NAMED: usize = 3;

/// The review of the lines of a close.
pub(crate) struct LineReview {
    /// The totals by product.
    pub(crate) products: BTreeMap<Currency, Vec<ProductTotal>>,
    /// The discounts by name.
    pub(crate) discounts: BTreeMap<Currency, Vec<DiscountTotal>>,
    /// The number of corrections.
    pub(crate) corrections: u64,
    pub(crate) findings: Vec<Finding>,
}

/// Reviews the lines of a close. It is a single pass, because loading the lines takes longer than
/// checking them. `medians` are those of the whole close, if these are the documents of a shard.
pub(crate) fn look_at_lines(
    (invoices, places): (&[Invoice], &DocumentPlaces),
    settings: &ReviewSettings,
    medians: Option<&Medians>,
) -> LineReview {
    let (mut products, mut sizes) = (ProductSums::default(), LineSizes::default());
    let mut discounts = DiscountSums::default();
    let (mut corrections, mut findings, mut largest) = (0, Vec::new(), Vec::new());
    for (index, invoice) in with_lines_at_hand(invoices).enumerate() {
        products.add(invoice);
        discounts.add(invoice);
        largest.push(invoice.lines.iter().map(size).max().unwrap_or_default());
        if medians.is_none() {
            sizes.add(invoice.currency, &invoice.lines);
        }
        let count = invoice.lines.iter().filter(|line| line.correction.is_some()).count();
        if count > 0 {
            corrections += count as u64;
            findings.push(correction(invoice, places.of(index), count));
        }
    }
    let found = medians.is_none().then(|| sizes.medians());
    let medians = medians.or(found.as_ref()).expect("one of both");
    findings.extend(large_lines((invoices, places), &largest, medians, settings));
    let (products, discounts) = (products.totals(), discounts.totals());
    LineReview { products, discounts, corrections, findings }
}

/// Lines above the multiple of the median line of their currency, the largest multiple first.
fn large_lines(
    (invoices, places): (&[Invoice], &DocumentPlaces),
    largest: &[u64],
    medians: &Medians,
    settings: &ReviewSettings,
) -> Vec<Finding> {
    let mut large = Vec::new();
    for (index, (invoice, largest)) in invoices.iter().zip(largest).enumerate() {
        let Some(median) = medians.get(&invoice.currency) else { continue };
        let bound = u128::from(settings.large_line) * u128::from(*median);
        // Most invoices have no such line, so they are skipped.
        if u128::from(*largest) <= bound {
            continue;
        }
        for (line, number) in invoice.lines.iter().zip(1..) {
            let size = size(line);
            let is_large = u128::from(size) > bound;
            if is_large && size >= settings.at_least(invoice.currency).minor().unsigned_abs() {
                large.push(large_line((invoice, places.of(index)), (line, number), size / median));
            }
        }
    }
    large
}

fn large_line(
    (invoice, place): (&Invoice, u64),
    (line, number): (&Line, u32),
    multiple: u64,
) -> Finding {
    Finding {
        kind: FindingKind::LargeLine,
        rank: FindingRank {
            size: -i128::from(multiple),
            place,
            within: number.into(),
            ..FindingRank::default()
        },
        account: Some(invoice.account),
        reference: Arc::clone(&invoice.number),
        currency: Some(invoice.currency),
        amount: Some(line.amount),
        before: None,
        message: format!(
            "line {number}, {} × {}: {multiple} times the median line",
            line.quote.quantity, line.quote.product
        ),
    }
}

/// The size of a line; credits count by absolute value.
fn size(line: &Line) -> u64 {
    line.amount.minor().unsigned_abs()
}

/// The median line of each currency with enough lines.
pub(crate) type Medians = BTreeMap<Currency, u64>;

/// The sizes of the lines in each currency, without zero lines.
#[derive(Default)]
pub(crate) struct LineSizes(BTreeMap<Currency, Vec<u64>>);

impl LineSizes {
    pub(crate) fn add(&mut self, currency: Currency, lines: &[Line]) {
        let sizes = lines.iter().map(size).filter(|size| *size > 0);
        self.0.entry(currency).or_default().extend(sizes);
    }

    fn medians(&mut self) -> Medians {
        let enough = self.0.iter_mut().filter(|(_, sizes)| sizes.len() >= ENOUGH_LINES);
        let median = |(currency, sizes): (&Currency, &mut Vec<u64>)| {
            let middle = sizes.len() / 2;
            (*currency, *sizes.select_nth_unstable(middle).1)
        };
        enough.map(median).collect()
    }

    /// How often each size occurs.
    pub(crate) fn counts(self) -> SizeCounts {
        let mut counts = SizeCounts::default();
        for (currency, sizes) in self.0 {
            for size in sizes {
                counts.add(currency, size, 1);
            }
        }
        counts
    }
}

/// How often each size of a line occurs in each currency. Those of shards add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SizeCounts(BTreeMap<Currency, BTreeMap<u64, u64>>);

impl SizeCounts {
    /// Adds lines of one size.
    pub(crate) fn add(&mut self, currency: Currency, size: u64, count: u64) {
        *self.0.entry(currency).or_default().entry(size).or_default() += count;
    }

    /// The currencies, sizes and counts.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Currency, u64, u64)> {
        self.0.iter().flat_map(|(currency, sizes)| {
            sizes.iter().map(|(size, count)| (*currency, *size, *count))
        })
    }

    /// The same medians as of all lines one by one.
    pub(crate) fn medians(&self) -> Medians {
        let median = |(currency, sizes): (&Currency, &BTreeMap<u64, u64>)| {
            let lines: u64 = sizes.values().sum();
            let (mut before, middle) = (0, lines / 2);
            let mut sizes = sizes.iter().filter(|_| lines >= ENOUGH_LINES as u64);
            let found = sizes.find(|(_, count)| {
                before += *count;
                before > middle
            });
            found.map(|(size, _)| (*currency, *size))
        };
        self.0.iter().filter_map(median).collect()
    }
}

/// The finding for an invoice with corrections, with their count and sum.
fn correction(invoice: &Invoice, place: u64, count: usize) -> Finding {
    let lines = || invoice.lines.iter().filter(|line| line.correction.is_some());
    let corrected: BTreeSet<&str> = lines()
        .filter_map(|line| line.correction.as_ref())
        .map(|it| &*it.invoice_number)
        .filter(|number| !number.is_empty())
        .collect();
    let named: Vec<&str> = corrected.iter().copied().take(NAMED).collect();
    let noun = if count == 1 { "line" } else { "lines" };
    let of = match (named.len(), corrected.len() - named.len()) {
        (0, _) => "what was not billed before".to_owned(),
        (_, 0) => named.join(", "),
        (_, more) => format!("{} and {more} more", named.join(", ")),
    };
    let amount = Amount::checked_sum(lines().map(|line| line.amount));
    // By currency, the largest first.
    let size = amount.map_or(1, |amount| -i128::from(amount.minor().unsigned_abs()));
    let currency = FindingRank::letters(invoice.currency);
    Finding {
        kind: FindingKind::Correction,
        rank: FindingRank { currency, size, place, within: 0 },
        account: Some(invoice.account),
        reference: Arc::clone(&invoice.number),
        currency: Some(invoice.currency),
        amount,
        before: None,
        message: format!("{count} {noun}: {of}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_counts_are_medians_of_lines() {
        let usd = Currency::from_code("USD").expect("ISO 4217");
        for count in [9_u64, 10, 11, 40] {
            let sizes: Vec<u64> = (0..count).map(|place| place * 7 % 5 + 1).collect();
            let mut lines = LineSizes(BTreeMap::from([(usd, sizes.clone())]));
            let found = lines.medians();
            assert_eq!(found, lines.counts().medians(), "{count}");
            assert_eq!(found.is_empty(), count < ENOUGH_LINES as u64);
        }
    }
}
