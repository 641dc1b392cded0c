//! How the price of a quantity comes about, as a sum that can be read to a customer.

use std::fmt::{Result, Write};

use rust_decimal::Decimal;

use super::{Price, Scheme, Tier};
use crate::value::Plain;

/// What stands between the terms and what they come to.
const COMES_TO: &str = " = ";

/// As long as most of them become.
const USUAL_BYTES: usize = 32;

impl Price {
    /// `3 × 20.00 = 60.00`, `30 × 0.00 + 150.00 + 10 × 5.00 = 200.00`; the bare price where there
    /// is nothing to add up.
    pub(crate) fn detail(&self, quantity: u64) -> Box<str> {
        let mut text = String::with_capacity(USUAL_BYTES);
        if let Some(total) = self.amount_for(quantity) {
            self.add_terms(&mut text, quantity).expect(INFALLIBLE);
            let terms = text.len();
            write!(text, "{COMES_TO}{}", Plain(total)).expect(INFALLIBLE);
            if text[..terms] == text[terms + COMES_TO.len()..] {
                text.truncate(terms);
            }
        }
        text.into()
    }

    fn add_terms(&self, text: &mut String, quantity: u64) -> Result {
        let unit_amount = Plain(self.unit_amount);
        match &self.scheme {
            Scheme::PerUnit if self.free_quantity == 0 => times(text, quantity, self.unit_amount),
            Scheme::PerUnit => {
                write!(text, "({quantity} − {} free) × {unit_amount}", self.free_quantity)
            }
            Scheme::Flat => write!(text, "{unit_amount}"),
            Scheme::Package { size } => {
                let packages = self.charged(quantity).div_ceil(*size);
                write!(text, "{packages} packages of {size} × {unit_amount}")
            }
            Scheme::Volume(tiers) => {
                let tier = tiers.iter().find(|tier| tier.up_to.is_none_or(|last| quantity <= last));
                tier.map_or(Ok(()), |tier| tier_terms(text, tier, quantity))
            }
            Scheme::Graduated(tiers) => graduated(text, tiers, quantity),
        }
    }
}

const INFALLIBLE: &str = "writing to memory does not fail";

fn times(text: &mut String, units: u64, unit_amount: Decimal) -> Result {
    let unit_amount = Plain(unit_amount);
    if units == 1 {
        write!(text, "{unit_amount}")
    } else {
        write!(text, "{units} × {unit_amount}")
    }
}

/// A tier's units and its flat amount, as far as they cost something.
fn tier_terms(text: &mut String, tier: &Tier, units: u64) -> Result {
    let flat_amount = Plain(tier.flat_amount);
    match (tier.unit_amount.is_zero(), tier.flat_amount.is_zero()) {
        (true, _) => write!(text, "{flat_amount}"),
        (false, true) => times(text, units, tier.unit_amount),
        (false, false) => {
            times(text, units, tier.unit_amount)?;
            write!(text, " + {flat_amount}")
        }
    }
}

fn graduated(text: &mut String, tiers: &[Tier], quantity: u64) -> Result {
    let mut below = 0;
    for tier in tiers {
        if quantity <= below {
            break;
        }
        if below > 0 {
            text.push_str(" + ");
        }
        let last = tier.up_to.map_or(quantity, |last| last.min(quantity));
        tier_terms(text, tier, last - below)?;
        below = last;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::price::tests::price;

    fn tier(up_to: Option<u64>, unit_amount: &str, flat_amount: &str) -> Tier {
        let decimal = |text: &str| text.parse().expect("a decimal");
        Tier {
            up_to,
            unit_amount: decimal(unit_amount),
            flat_amount: decimal(flat_amount),
            line: 2,
        }
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
            assert_eq!(&*price.detail(quantity), detail);
        }
    }
}
