//! Lines that are worth a second look: very large ones, and those that correct earlier ones.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, FindingKind};
use crate::config::ReviewSettings;
use crate::invoice::Invoice;
use crate::model::Line;
use crate::value::{Amount, Currency};

/// With fewer lines than this in a currency there is no usual line.
const ENOUGH_LINES: usize = 10;

/// Numbers of invoices that a message names.
const NAMED: usize = 3;

/// Lines of more than so many times the median line of their currency, the largest multiple first.
pub fn large_lines(invoices: &[Invoice], settings: &ReviewSettings) -> Vec<Finding> {
    let sizes = Sizes::of(invoices);
    let mut large = Vec::new();
    for (invoice, largest) in invoices.iter().zip(&sizes.largest) {
        let Some(median) = sizes.medians.get(&invoice.currency) else { continue };
        let bound = u128::from(settings.large_line) * u128::from(*median);
        // Most documents have no such line, and need not be looked at again.
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
        reference: invoice.number.to_string(),
        currency: Some(invoice.currency),
        amount: Some(line.amount),
        before: None,
        message: format!(
            "line {number}, {} × {}: {multiple} times the median line",
            line.quantity, line.product
        ),
    }
}

/// How large lines are, credits by their size.
struct Sizes {
    /// Of each document its largest line.
    largest: Vec<u64>,
    /// Of each currency the median line; lines of nothing are left out.
    medians: BTreeMap<Currency, u64>,
}

impl Sizes {
    fn of(invoices: &[Invoice]) -> Self {
        let mut largest = Vec::with_capacity(invoices.len());
        let mut sizes: BTreeMap<Currency, Vec<u64>> = BTreeMap::new();
        for invoice in invoices {
            let lines = invoice.lines.iter().map(|line| line.amount.minor().unsigned_abs());
            largest.push(lines.clone().max().unwrap_or_default());
            sizes.entry(invoice.currency).or_default().extend(lines.filter(|size| *size > 0));
        }
        let enough = sizes.into_iter().filter(|(_, sizes)| sizes.len() >= ENOUGH_LINES);
        let median = |(currency, mut sizes): (Currency, Vec<u64>)| {
            let middle = sizes.len() / 2;
            (currency, *sizes.select_nth_unstable(middle).1)
        };
        Self { largest, medians: enough.map(median).collect() }
    }
}

/// Documents with lines that correct earlier ones, and what those come to, the largest first.
pub fn corrections(invoices: &[Invoice]) -> Vec<Finding> {
    let mut found: Vec<Finding> = invoices.iter().filter_map(correction).collect();
    let size = |finding: &Finding| finding.amount.map(|amount| amount.minor().unsigned_abs());
    found.sort_by_key(|it| (it.currency.map(Currency::code), Reverse(size(it))));
    found
}

fn correction(invoice: &Invoice) -> Option<Finding> {
    let lines = || invoice.lines.iter().filter(|line| line.correction.is_some());
    let count = lines().count();
    if count == 0 {
        return None;
    }
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
    Some(Finding {
        kind: FindingKind::Correction,
        account: Some(invoice.account),
        reference: invoice.number.to_string(),
        currency: Some(invoice.currency),
        amount: Amount::checked_sum(lines().map(|line| line.amount)),
        before: None,
        message: format!("{count} {noun}: {of}"),
    })
}
