//! How the price of a quantity comes about, as a sum that can be read to a customer.

use rust_decimal::Decimal;

use super::{Price, Scheme, Tier};

impl Price {
    /// `3 × 20.00 = 60.00`, `30 × 0.00 + 150.00 + 10 × 5.00 = 200.00`; the bare price where there
    /// is nothing to add up.
    pub fn detail(&self, quantity: u64) -> String {
        let Some(total) = self.amount_for(quantity) else { return String::new() };
        let terms = match &self.scheme {
            Scheme::PerUnit if self.free_quantity == 0 => times(quantity, self.unit_amount),
            Scheme::PerUnit => {
                format!("({quantity} − {} free) × {}", self.free_quantity, self.unit_amount)
            }
            Scheme::Flat => self.unit_amount.to_string(),
            Scheme::Package { size } => {
                let packages = self.charged(quantity).div_ceil(*size);
                format!("{packages} packages of {size} × {}", self.unit_amount)
            }
            Scheme::Volume(tiers) => {
                let tier = tiers.iter().find(|tier| tier.up_to.is_none_or(|last| quantity <= last));
                tier.map(|tier| tier_terms(tier, quantity)).unwrap_or_default()
            }
            Scheme::Graduated(tiers) => graduated(tiers, quantity),
        };
        if terms == total.to_string() { terms } else { format!("{terms} = {total}") }
    }
}

fn times(units: u64, unit_amount: Decimal) -> String {
    if units == 1 { unit_amount.to_string() } else { format!("{units} × {unit_amount}") }
}

/// A tier's units and its flat amount, as far as they cost something.
fn tier_terms(tier: &Tier, units: u64) -> String {
    match (tier.unit_amount.is_zero(), tier.flat_amount.is_zero()) {
        (true, _) => tier.flat_amount.to_string(),
        (false, true) => times(units, tier.unit_amount),
        (false, false) => format!("{} + {}", times(units, tier.unit_amount), tier.flat_amount),
    }
}

fn graduated(tiers: &[Tier], quantity: u64) -> String {
    let mut below = 0;
    let mut terms = Vec::new();
    for tier in tiers {
        if quantity <= below {
            break;
        }
        let last = tier.up_to.map_or(quantity, |last| last.min(quantity));
        terms.push(tier_terms(tier, last - below));
        below = last;
    }
    terms.join(" + ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::price::tests::price;

    fn tier(up_to: Option<u64>, unit_amount: &str, flat_amount: &str) -> Tier {
        let decimal = |text: &str| text.parse().expect("a decimal");
        Tier { up_to, unit_amount: decimal(unit_amount), flat_amount: decimal(flat_amount) }
    }

    #[test]
    fn every_scheme_says_how_it_comes_to_its_price() {
        let tiers = vec![tier(Some(30), "0.00", "150.00"), tier(None, "5.00", "0")];
        let free = Price { free_quantity: 10, ..price(Scheme::PerUnit, "2.00") };
        for (price, quantity, detail) in [
            (price(Scheme::PerUnit, "20.00"), 3, "3 × 20.00 = 60.00"),
            (price(Scheme::PerUnit, "20.00"), 1, "20.00"),
            (free, 25, "(25 − 10 free) × 2.00 = 30.00"),
            (price(Scheme::Flat, "10.00"), 7, "10.00"),
            (price(Scheme::Package { size: 5 }, "9.00"), 12, "3 packages of 5 × 9.00 = 27.00"),
            (price(Scheme::Graduated(tiers.clone()), "0"), 40, "150.00 + 10 × 5.00 = 200.00"),
            (price(Scheme::Volume(tiers), "0"), 40, "40 × 5.00 = 200.00"),
        ] {
            assert_eq!(price.detail(quantity), detail);
        }
    }
}
