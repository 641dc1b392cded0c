//! What a quantity of a product costs for a whole period, as lines of invoices say it.

use std::cell::RefCell;
use std::sync::Arc;

use hashbrown::HashMap;
use rust_decimal::Decimal;

use super::{Interval, Price, PriceBreakdown, RoundPer, Scheme};
use crate::value::Amount;

/// A price for a quantity. It is most of what a line says, and lines that bill the same quantity at
/// the same price share it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quote {
    /// `price_id` of the price it is billed at.
    pub(crate) price_id: Arc<str>,
    /// The product's name.
    pub(crate) product: Arc<str>,
    /// The interval of the period; adjustments have none.
    pub(crate) interval: Option<Interval>,
    /// Whether a line is rounded or each unit on it.
    pub(crate) round_per: RoundPer,
    /// The quantity.
    pub(crate) quantity: u64,
    /// What one unit costs for a period, where every unit costs the same.
    pub(crate) unit_amount: Option<Decimal>,
    /// What the quantity costs for a whole period, signed as the line is.
    pub(crate) amount: Decimal,
    /// The calculation of the amount.
    pub(crate) breakdown: PriceBreakdown,
    /// The two lines that a net line of this run stands for. The register does not keep them: what
    /// they charge and credit is noted with the document.
    pub(crate) halves: Option<Box<Halves>>,
}

/// What a net line stands for: the charge for the new terms, and the credit for the old ones.
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
    /// What a quantity costs at a price. `None` if that exceeds 28 digits.
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

/// A price list that says the same to everybody who asks the same. One thread has it for the
/// accounts that it bills.
#[derive(Debug)]
pub(crate) struct Quotes<'a> {
    /// The prices.
    pub(crate) prices: &'a [Price],
    known: RefCell<HashMap<QuoteKey, Option<Arc<Quote>>>>,
}

/// The index of a price, a quantity, and whether it is credited.
type QuoteKey = (usize, u64, bool);

impl<'a> Quotes<'a> {
    /// Those of a price list.
    pub(crate) fn new(prices: &'a [Price]) -> Self {
        Self { prices, known: RefCell::default() }
    }

    /// What a quantity costs at a price, or what it is credited with. `None` if that exceeds 28
    /// digits.
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
