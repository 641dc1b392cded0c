//! The price of a quantity for a whole period, as lines show it.

use std::cell::RefCell;
use std::sync::Arc;

use hashbrown::HashMap;
use rust_decimal::Decimal;

use super::{Interval, Price, PriceBreakdown, RoundPer, Scheme};
use crate::value::Amount;

/// The price of a quantity. It is the largest part of a line, so lines with the same price and
/// quantity share it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quote {
    /// `price_id` of the price it is billed at.
    pub(crate) price_id: Arc<str>,
    /// The product's name.
    pub(crate) product: Arc<str>,
    /// The interval of the period; `None` for adjustments.
    pub(crate) interval: Option<Interval>,
    /// Whether the line or each unit is rounded.
    pub(crate) round_per: RoundPer,
    pub(crate) quantity: u64,
    /// The price of one unit for a period, if every unit costs the same.
    pub(crate) unit_amount: Option<Decimal>,
    /// The price of the quantity for a whole period, with the sign of the line.
    pub(crate) amount: Decimal,
    /// The calculation of the amount.
    pub(crate) breakdown: PriceBreakdown,
    /// The two lines behind a net line of this run. The register does not keep them, because the
    /// invoice records their charges and credits.
    pub(crate) halves: Option<Box<Halves>>,
}

/// The two halves of a net line: the charge for the new terms and the credit for the old terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Halves {
    /// The amount for the new terms.
    pub(crate) charge: Amount,
    /// The amount for the old terms; negative.
    pub(crate) credit: Amount,
    /// `price_id` of the old terms.
    pub(crate) old_price: Arc<str>,
    /// The quantity of the old terms.
    pub(crate) old_quantity: u64,
}

impl Quote {
    /// The price of a quantity. `None` if it exceeds 28 digits.
    pub(crate) fn of(price: &Price, quantity: u64) -> Option<Self> {
        let rounds_units =
            price.proration.round_per == RoundPer::Unit && price.scheme == Scheme::PerUnit;
        Some(Self {
            price_id: Arc::clone(&price.id),
            product: Arc::clone(&price.product),
            interval: Some(price.interval),
            round_per: if rounds_units { RoundPer::Unit } else { RoundPer::Line },
            quantity,
            unit_amount: price.has_uniform_unit_amount().then_some(price.unit_amount),
            amount: price.amount_for(quantity)?,
            breakdown: price.breakdown(quantity),
            halves: None,
        })
    }

    /// The same as a credit.
    #[must_use]
    pub(crate) fn credited(&self) -> Self {
        Self { amount: -self.amount, ..self.clone() }
    }
}

/// Caches quotes, so that lines share them. Each thread has its own cache.
#[derive(Debug)]
pub(crate) struct Quotes<'a> {
    pub(crate) prices: &'a [Price],
    known: RefCell<HashMap<QuoteKey, Option<Arc<Quote>>>>,
}

/// The index of a price, a quantity, and whether it is a credit.
type QuoteKey = (usize, u64, bool);

impl<'a> Quotes<'a> {
    pub(crate) fn new(prices: &'a [Price]) -> Self {
        Self { prices, known: RefCell::default() }
    }

    /// The charge or credit for a quantity. `None` if it exceeds 28 digits.
    pub(crate) fn get(
        &self,
        asked @ (price, quantity, is_credited): QuoteKey,
    ) -> Option<Arc<Quote>> {
        let quote = || {
            let quote = Quote::of(&self.prices[price], quantity)?;
            Some(Arc::new(if is_credited { quote.credited() } else { quote }))
        };
        self.known.borrow_mut().entry(asked).or_insert_with(quote).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::price::tests::price;

    #[test]
    fn who_asks_the_same_gets_the_same() {
        let prices = [price(Scheme::PerUnit, "20.00"), price(Scheme::Flat, "20.00")];
        let quotes = Quotes::new(&prices);
        let quote = |asked| quotes.get(asked).expect("it fits");
        let three = quote((0, 3, false));
        assert_eq!(*three, Quote::of(&prices[0], 3).expect("it fits"));
        assert!(Arc::ptr_eq(&three, &quote((0, 3, false))));
        for (other, amount) in [((0, 4, false), 80), ((0, 3, true), -60), ((1, 3, false), 20)] {
            assert_eq!(quote(other).amount, amount.into());
        }
    }

    #[test]
    fn a_quantity_beyond_computing_has_no_quote() {
        let prices = [price(Scheme::PerUnit, "79228162514264337593543950335")];
        assert_eq!(Quotes::new(&prices).get((0, 2, false)), None);
    }
}
