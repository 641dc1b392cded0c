//! The totals of a close by product, without tax.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::model::Invoice;
use crate::value::{Amount, Currency};

/// The total of a product in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductTotal {
    pub(crate) product: Arc<str>,
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
                product: Arc::clone(&line.quote.product),
                lines: 0,
                net: Amount::ZERO,
            });
            let net = line.net_amount().and_then(|net| sum.net.checked_add(net));
            // The sum of all lines fits, as proved before. A partial sum can only overflow near 64
            // bits with large credits.
            sum.net = net.unwrap_or(sum.net);
            sum.lines += 1;
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
        for totals in products.values_mut() {
            // The sort is stable, so products with equal amounts stay in alphabetical order.
            totals.sort_by_key(|total| Reverse(total.net));
        }
        products
    }
}
