//! Rows of earlier files that changes and the remaining files refer to.

use std::collections::HashSet;
use std::sync::Arc;

use super::tax_codes::TaxCodes;
use crate::model::{Account, Price, Subscription};
use crate::table::{Index, RejectedIds, Reported, Row};
use crate::value::{Currency, Zone};

/// Rows of earlier files, by index and by id.
pub(crate) struct Known<'a> {
    pub(crate) accounts: &'a [Account],
    pub(crate) account_index: &'a Index,
    pub(crate) price_index: &'a Index,
    pub(crate) subscriptions: &'a [Subscription],
    pub(crate) subscription_index: &'a Index,
    pub(crate) products: &'a KnownProducts,
    pub(crate) tax_codes: &'a TaxCodes,
    /// The zone of billing.toml.
    pub(crate) zone: Zone,
}

impl Known<'_> {
    /// The account of a field, if it names one.
    pub(crate) fn account(&self, row: &mut Row<'_>) -> Result<Option<usize>, Reported> {
        row.optional("account_id", |row, column| self.account_index.find(row, column))
    }

    /// The zone of bare dates: the account's, or that of billing.toml without an account.
    pub(crate) fn zone_of(&self, account: Option<usize>) -> Zone {
        account.map_or(self.zone, |account| self.accounts[account].zone)
    }
}

/// The sold products and their currencies.
pub(crate) struct KnownProducts {
    names: Vec<Arc<str>>,
    index: Index,
    /// The product `None` stands for any product.
    sold_in: HashSet<(Option<Arc<str>>, Currency)>,
    /// Whether invalid prices hide products and currencies.
    incomplete: bool,
}

impl KnownProducts {
    /// Collects the products of a price list. `incomplete` means that rows were reported.
    pub(crate) fn new(prices: &[Price], incomplete: bool) -> Self {
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

    /// The product of a field.
    pub(crate) fn find(
        &self,
        row: &mut Row<'_>,
        column: &'static str,
    ) -> Result<Arc<str>, Reported> {
        self.index.find(row, column).map(|place| Arc::clone(&self.names[place]))
    }

    /// Whether a product, or anything at all, is sold in a currency.
    pub(crate) fn are_sold_in(&self, product: Option<&Arc<str>>, currency: Currency) -> bool {
        self.incomplete || self.sold_in.contains(&(product.cloned(), currency))
    }
}
