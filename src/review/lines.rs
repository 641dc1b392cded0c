//! Lines for review: very large ones and corrections.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::products::ProductSums;
use super::{Finding, FindingKind, ProductTotal};
use crate::config::ReviewSettings;
use crate::model::{Invoice, Line};
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
    /// The number of corrections.
    pub(crate) corrections: u64,
    pub(crate) findings: Vec<Finding>,
}

/// Reviews the lines of a close. It is a single pass, because loading the lines takes longer than
/// checking them.
pub(crate) fn look_at_lines(invoices: &[Invoice], settings: &ReviewSettings) -> LineReview {
    let (mut products, mut sizes) = (ProductSums::default(), LineSizes::default());
    let (mut corrections, mut corrected) = (0, Vec::new());
    for invoice in with_lines_at_hand(invoices) {
        products.add(invoice);
        sizes.add(invoice);
        let count = invoice.lines.iter().filter(|line| line.correction.is_some()).count();
        if count > 0 {
            corrections += count as u64;
            corrected.push(correction(invoice, count));
        }
    }
    let mut findings = large_lines(invoices, sizes, settings);
    findings.extend(sorted(corrected));
    LineReview { products: products.totals(), corrections, findings }
}

/// Lines above the multiple of the median line of their currency, the largest multiple first.
fn large_lines(
    invoices: &[Invoice],
    mut sizes: LineSizes,
    settings: &ReviewSettings,
) -> Vec<Finding> {
    let medians = sizes.medians();
    let mut large = Vec::new();
    for (invoice, largest) in invoices.iter().zip(&sizes.largest) {
        let Some(median) = medians.get(&invoice.currency) else { continue };
        let bound = u128::from(settings.large_line) * u128::from(*median);
        // Most invoices have no such line, so they are skipped.
        if u128::from(*largest) <= bound {
            continue;
        }
        for (line, number) in invoice.lines.iter().zip(1..) {
            let size = line.amount.minor().unsigned_abs();
            let is_large = u128::from(size) > bound;
            if is_large && size >= settings.at_least(invoice.currency).minor().unsigned_abs() {
                large.push((size / median, large_line(invoice, line, number, size / median)));
            }
        }
    }
    large.sort_by_key(|(multiple, _)| Reverse(*multiple));
    large.into_iter().map(|(_, finding)| finding).collect()
}

fn large_line(invoice: &Invoice, line: &Line, number: u32, multiple: u64) -> Finding {
    Finding {
        kind: FindingKind::LargeLine,
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

/// The sizes of lines; credits count by absolute value.
#[derive(Default)]
struct LineSizes {
    /// The largest line of each invoice.
    largest: Vec<u64>,
    /// All lines of each currency, without zero lines.
    all: BTreeMap<Currency, Vec<u64>>,
}

impl LineSizes {
    fn add(&mut self, invoice: &Invoice) {
        let lines = invoice.lines.iter().map(|line| line.amount.minor().unsigned_abs());
        self.largest.push(lines.clone().max().unwrap_or_default());
        self.all.entry(invoice.currency).or_default().extend(lines.filter(|size| *size > 0));
    }

    fn medians(&mut self) -> BTreeMap<Currency, u64> {
        let enough = self.all.iter_mut().filter(|(_, sizes)| sizes.len() >= ENOUGH_LINES);
        let median = |(currency, sizes): (&Currency, &mut Vec<u64>)| {
            let middle = sizes.len() / 2;
            (*currency, *sizes.select_nth_unstable(middle).1)
        };
        enough.map(median).collect()
    }
}

/// Corrections by currency, the largest first.
fn sorted(mut found: Vec<Finding>) -> Vec<Finding> {
    let size = |finding: &Finding| finding.amount.map(|amount| amount.minor().unsigned_abs());
    found.sort_by_key(|it| (it.currency.map(Currency::code), Reverse(size(it))));
    found
}

/// The finding for an invoice with corrections, with their count and sum.
fn correction(invoice: &Invoice, count: usize) -> Finding {
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
    Finding {
        kind: FindingKind::Correction,
        account: Some(invoice.account),
        reference: Arc::clone(&invoice.number),
        currency: Some(invoice.currency),
        amount: Amount::checked_sum(lines().map(|line| line.amount)),
        before: None,
        message: format!("{count} {noun}: {of}"),
    }
}
