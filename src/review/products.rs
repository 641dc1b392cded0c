//! What the lines of a close come to by product, without tax.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::model::Invoice;
use crate::value::{Amount, Currency};

/// What was billed for a product in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductTotal {
    /// The product's name.
    pub product: Arc<str>,
    /// Lines.
    pub lines: usize,
    /// What they come to without tax, credits and discounts taken off.
    pub net: Amount,
}

/// What products come to, document by document.
#[derive(Default)]
pub struct ProductSums<'l> {
    sums: HashMap<(Currency, &'l str), ProductTotal>,
}

impl<'l> ProductSums<'l> {
    /// Adds a document.
    pub fn add(&mut self, invoice: &'l Invoice) {
        for line in &invoice.lines {
            let entry = self.sums.entry((invoice.currency, &line.quote.product));
            let sum = entry.or_insert_with(|| ProductTotal {
                product: Arc::clone(&line.quote.product),
                lines: 0,
                net: Amount::ZERO,
            });
            let net = line.net_amount().and_then(|net| sum.net.checked_add(net));
            // The sums of all lines were proved to fit; those of some of them do, but for sums
            // near 64 bits that credits bring back.
            sum.net = net.unwrap_or(sum.net);
            sum.lines += 1;
        }
    }

    /// The products by currency, the largest first.
    pub fn totals(self) -> BTreeMap<Currency, Vec<ProductTotal>> {
        let mut sums: Vec<_> = self.sums.into_iter().collect();
        sums.sort_by_key(|(key, _)| *key);
        let mut products: BTreeMap<Currency, Vec<ProductTotal>> = BTreeMap::new();
        for ((currency, _), sum) in sums {
            products.entry(currency).or_default().push(sum);
        }
        for totals in products.values_mut() {
            // Stable: products of one amount stay in the order of the alphabet.
            totals.sort_by_key(|total| Reverse(total.net));
        }
        products
    }
}
