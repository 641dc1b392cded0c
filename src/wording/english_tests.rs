//! Tests of price calculations in English.

use super::*;
use crate::model::price::tests::price;
use crate::model::{Price, Scheme, Tier};

fn tier(up_to: Option<u64>, unit_amount: &str, flat_amount: &str) -> Tier {
    let decimal = |text: &str| text.parse().expect("a decimal");
    Tier { up_to, unit_amount: decimal(unit_amount), flat_amount: decimal(flat_amount), line: 2 }
}

#[test]
fn every_scheme_says_how_it_comes_to_its_price() {
    let tiers = vec![tier(Some(30), "0.00", "150.00"), tier(None, "5.00", "0")];
    let both = vec![tier(Some(1), "2.50", "1.00"), tier(None, "5.00", "7.00")];
    let free = Price { free_quantity: 10, ..price(Scheme::PerUnit, "2.00") };
    for (price, quantity, detail) in [
        (price(Scheme::PerUnit, "20.00"), 3, "3 × 20.00 = 60.00"),
        (price(Scheme::PerUnit, "20.00"), 1, "20.00"),
        (free, 25, "(25 − 10 free) × 2.00 = 30.00"),
        (price(Scheme::Flat, "10.00"), 7, "10.00"),
        (price(Scheme::Package { size: 5 }, "9.00"), 12, "3 packages of 5 × 9.00 = 27.00"),
        (price(Scheme::Graduated(tiers.clone()), "0"), 40, "150.00 + 10 × 5.00 = 200.00"),
        (price(Scheme::Graduated(tiers.clone()), "0"), 30, "150.00"),
        (price(Scheme::Graduated(both), "0"), 3, "2.50 + 1.00 + 2 × 5.00 + 7.00 = 20.50"),
        (price(Scheme::Volume(tiers.clone()), "0"), 40, "40 × 5.00 = 200.00"),
        (price(Scheme::Volume(tiers), "0"), 7, "150.00"),
    ] {
        let mut text = String::new();
        add_breakdown(&mut text, &price.breakdown(quantity), price.currency);
        assert_eq!(text, detail);
    }
}
