//! The totals of a close by product, without tax.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::model::Invoice;
use crate::value::{Amount, Currency};

/// The total of a product in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProductTotal {
    pub(crate) product: Box<str>,
    /// The number of lines.
    pub(crate) lines: usize,
    /// The net amount, less credits and discounts.
    pub(crate) net: Amount,
}

/// Adds up products, invoice by invoice.
#[derive(Default)]
pub(crate) struct ProductSums<'l> {
    sums: HashMap<(Currency, &'l str), ProductTotal>,
}

impl<'l> ProductSums<'l> {
    pub(crate) fn add(&mut self, invoice: &'l Invoice) {
        for line in &invoice.lines {
            let entry = self.sums.entry((invoice.currency, &line.quote.product));
            let sum = entry.or_insert_with(|| ProductTotal {
                product: (*line.quote.product).into(),
                lines: 0,
                net: Amount::ZERO,
            });
            sum.add(1, line.net_amount().unwrap_or_default());
        }
    }

    /// The products by currency, the largest first.
    pub(crate) fn totals(self) -> BTreeMap<Currency, Vec<ProductTotal>> {
        let mut sums: Vec<_> = self.sums.into_iter().collect();
        sums.sort_by_key(|(key, _)| *key);
        let mut products: BTreeMap<Currency, Vec<ProductTotal>> = BTreeMap::new();
        for ((currency, _), sum) in sums {
            products.entry(currency).or_default().push(sum);
        }
        products.into_iter().map(|(currency, totals)| (currency, by_net(totals))).collect()
    }
}

impl ProductTotal {
    /// Adds lines.
    pub(super) fn add(&mut self, lines: usize, net: Amount) {
        // The sum of all lines fits, as proved before. A partial sum can only overflow near 64 bits
        // with large credits.
        self.net = self.net.checked_add(net).unwrap_or(self.net);
        self.lines += lines;
    }
}

/// Products in alphabetical order, sorted with the largest first.
pub(crate) fn by_net(mut totals: Vec<ProductTotal>) -> Vec<ProductTotal> {
    // The sort is stable, so products with equal amounts stay in alphabetical order.
    totals.sort_by_key(|total| Reverse(total.net));
    totals
}
