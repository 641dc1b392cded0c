//! What has been read when changes and the files around the lines are: they refer to it.

use std::collections::HashSet;
use std::sync::Arc;

use super::tax_codes::TaxCodes;
use crate::model::{Account, Price, Subscription};
use crate::table::{Index, RejectedIds, Reported, Row};
use crate::value::{Currency, Zone};

/// Rows of earlier files, by index and by id.
pub struct Known<'a> {
    pub accounts: &'a [Account],
    pub account_index: &'a Index,
    pub price_index: &'a Index,
    pub subscriptions: &'a [Subscription],
    pub subscription_index: &'a Index,
    pub products: &'a KnownProducts,
    pub tax_codes: &'a TaxCodes,
    /// The zone of billing.toml.
    pub zone: Zone,
}

impl Known<'_> {
    /// The account that a field names, if it names one.
    pub fn account(&self, row: &mut Row<'_>) -> Result<Option<usize>, Reported> {
        row.optional("account_id", |row, column| self.account_index.find(row, column))
    }

    /// Whose midnights bare dates mean: the account's, or those of billing.toml without one.
    pub fn zone_of(&self, account: Option<usize>) -> Zone {
        account.map_or(self.zone, |account| self.accounts[account].zone)
    }
}

/// What is sold, and in which currencies.
pub struct KnownProducts {
    names: Vec<Arc<str>>,
    index: Index,
    /// A product beside `None` is any product.
    sold_in: HashSet<(Option<Arc<str>>, Currency)>,
    /// Whether prices were reported, whose products and currencies are not known.
    incomplete: bool,
}

impl KnownProducts {
    /// Those of a price list, of which rows may be missing that were reported.
    pub fn new(prices: &[Price], incomplete: bool) -> Self {
        let names: Vec<Arc<str>> = prices.iter().map(|price| Arc::clone(&price.product)).collect();
        let mut broken = RejectedIds::default();
        if incomplete {
            broken.set_incomplete();
        }
        let index = Index::new("prices.csv", names.iter(), broken);
        let sold_in = prices.iter().flat_map(|price| {
            [(Some(Arc::clone(&price.product)), price.currency), (None, price.currency)]
        });
        Self { sold_in: sold_in.collect(), names, index, incomplete }
    }

    /// The product that a field names.
    pub fn find(&self, row: &mut Row<'_>, column: &'static str) -> Result<Arc<str>, Reported> {
        self.index.find(row, column).map(|place| Arc::clone(&self.names[place]))
    }

    /// Whether a product, or anything at all, has a price in a currency.
    pub fn are_sold_in(&self, product: Option<&Arc<str>>, currency: Currency) -> bool {
        self.incomplete || self.sold_in.contains(&(product.cloned(), currency))
    }
}
