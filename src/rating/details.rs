//! How the prices of quantities come about, put into words once: many lines are on the same quantity
//! of the same price.

use std::sync::OnceLock;

use crate::model::Price;

/// What was put into words, as far as there is a place for it.
#[derive(Debug)]
pub struct Details {
    places: Vec<OnceLock<Kept>>,
}

/// A price, by its index, with a quantity and the words for it.
type Kept = (usize, u64, Box<str>);

/// More than most companies have prices with usual quantities; no more are kept than that.
const PLACES: usize = 4096;

/// Quantities that stand beside each other before those of the next price come.
const QUANTITIES: usize = 16;

impl Default for Details {
    fn default() -> Self {
        Self { places: std::iter::repeat_with(OnceLock::new).take(PLACES).collect() }
    }
}

impl Details {
    /// How a price, which is given with its index, comes about for a quantity: [`Price::detail`].
    pub fn of(&self, (index, price): (usize, &Price), quantity: u64) -> Box<str> {
        let place = usize::try_from(quantity).unwrap_or_default();
        let place = index.wrapping_mul(QUANTITIES).wrapping_add(place) % PLACES;
        match self.places[place].get_or_init(|| (index, quantity, price.detail(quantity))) {
            (kept, of, words) if (*kept, *of) == (index, quantity) => words.clone(),
            // The place is another's.
            _ => price.detail(quantity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Scheme;
    use crate::model::price::tests::price;

    #[test]
    fn what_is_kept_is_what_prices_say() {
        let details = Details::default();
        let prices: Vec<Price> =
            (0..300).map(|cents| price(Scheme::PerUnit, &format!("{cents}.50"))).collect();
        for quantity in [1, 3, 3 + QUANTITIES as u64, u64::MAX, 3, 1] {
            for (index, price) in prices.iter().enumerate() {
                assert_eq!(details.of((index, price), quantity), price.detail(quantity));
            }
        }
    }
}
