//! The price of a product for one whole period, and the policies for changes.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{CalendarStart, CancelPolicy, ChangePolicy, Interval, Proration};
use crate::value::Currency;

/// One row of `prices.csv`, with its tiers.
#[derive(Clone, Debug)]
pub(crate) struct Price {
    /// `price_id`.
    pub(crate) id: Arc<str>,
    /// The product's name, as printed on the line.
    pub(crate) product: Arc<str>,
    /// The code of its unit on e-invoices (Recommendation 20 or 21); empty for pieces.
    pub(crate) unit_code: Box<str>,
    /// The currency of all its amounts.
    pub(crate) currency: Currency,
    /// The price of one unit, one package or the flat whole, for one period.
    pub(crate) unit_amount: Decimal,
    /// The length of a period.
    pub(crate) interval: Interval,
    /// The pricing scheme.
    pub(crate) scheme: Scheme,
    /// Free units, under the `per_unit` and `package` schemes.
    pub(crate) free_quantity: u64,
    /// The rules for shares of a period.
    pub(crate) proration: Proration,
    /// The day on which periods begin, instead of the day of the start.
    pub(crate) calendar: Option<CalendarStart>,
    /// Whether a period is billed at its start or at its end.
    pub(crate) billing: BillingMode,
    /// The effect of an increase inside a period.
    pub(crate) on_increase: ChangePolicy,
    /// The effect of a decrease inside a period.
    pub(crate) on_decrease: ChangePolicy,
    /// The effect of a cancellation.
    pub(crate) on_cancel: CancelPolicy,
    /// The tax code of the product, for accounts without one.
    pub(crate) tax_code: Option<Arc<str>>,
    /// The effect of a switch to this price from another interval or a free price.
    pub(crate) on_switch: SwitchPolicy,
    /// The line in the file, for messages.
    pub(crate) line: u64,
}

/// Pricing schemes, with their usual names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Quantity × unit amount.
    PerUnit,
    /// The unit amount for any quantity.
    Flat,
    /// Each tier's units at that tier's price.
    Graduated(Vec<Tier>),
    /// All units at the price of the tier of the total.
    Volume(Vec<Tier>),
    /// Whole packages; a partly used package counts.
    Package {
        /// Units in a package; positive.
        size: u64,
    },
}

/// One row of `price_tiers.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tier {
    /// The last unit in the tier; `None` for the open last tier.
    pub(crate) up_to: Option<u64>,
    pub(crate) unit_amount: Decimal,
    /// The fixed amount for entering the tier.
    pub(crate) flat_amount: Decimal,
    /// The line in the file, for messages.
    pub(crate) line: u64,
}

/// When a period is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BillingMode {
    /// At its start.
    Advance,
    /// At its end, for the terms that were in force.
    Arrears,
}

/// The effect of a switch to a price of another interval, or from a free to a paid price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SwitchPolicy {
    /// A new billing period starts at the change, which becomes the anchor. The default.
    Restart,
    /// The anchor stays; the new price is prorated to its next boundary.
    KeepAnchor,
    /// The old price runs to the end of its period; the new one starts there.
    PeriodEnd,
}

impl Price {
    pub(crate) fn tiers(&self) -> &[Tier] {
        match &self.scheme {
            Scheme::Graduated(tiers) | Scheme::Volume(tiers) => tiers,
            Scheme::PerUnit | Scheme::Flat | Scheme::Package { .. } => &[],
        }
    }

    /// The exact price of `quantity` units for one whole period, in major units. Zero units cost
    /// nothing under every scheme. `None` if it exceeds 28 digits.
    pub(crate) fn amount_for(&self, quantity: u64) -> Option<Decimal> {
        if quantity == 0 {
            return Some(Decimal::ZERO);
        }
        match &self.scheme {
            Scheme::PerUnit => self.unit_amount.checked_mul(self.charged(quantity).into()),
            Scheme::Flat => Some(self.unit_amount),
            Scheme::Package { size } => {
                self.unit_amount.checked_mul(self.charged(quantity).div_ceil(*size).into())
            }
            Scheme::Volume(tiers) => {
                let tier = tiers.iter().find(|tier| tier.contains(quantity))?;
                tier.amount_for(quantity)
            }
            Scheme::Graduated(tiers) => graduated(tiers, quantity),
        }
    }

    /// Whether a quantity costs something for a whole period. Without tiers it does not compute the
    /// amount. An amount that cannot be computed counts as a cost.
    pub(crate) fn costs(&self, quantity: u64) -> bool {
        match self.scheme {
            Scheme::Flat => quantity > 0 && !self.unit_amount.is_zero(),
            Scheme::PerUnit | Scheme::Package { .. } => {
                self.charged(quantity) > 0 && !self.unit_amount.is_zero()
            }
            Scheme::Volume(_) | Scheme::Graduated(_) => {
                self.amount_for(quantity).is_none_or(|amount| !amount.is_zero())
            }
        }
    }

    /// The units that are not free.
    pub(crate) fn charged(&self, quantity: u64) -> u64 {
        quantity.saturating_sub(self.free_quantity)
    }

    /// Whether it is a free plan: every quantity costs nothing. A price with a free quantity is no
    /// free plan.
    pub(crate) fn is_free(&self) -> bool {
        match &self.scheme {
            Scheme::Flat | Scheme::PerUnit | Scheme::Package { .. } => self.unit_amount.is_zero(),
            Scheme::Volume(tiers) | Scheme::Graduated(tiers) => tiers.iter().all(Tier::is_free),
        }
    }

    /// Whether every unit costs the same, so that "quantity × unit price" explains the amount.
    pub(crate) fn has_uniform_unit_amount(&self) -> bool {
        self.free_quantity == 0 && matches!(self.scheme, Scheme::PerUnit | Scheme::Flat)
    }
}

impl Tier {
    fn contains(&self, quantity: u64) -> bool {
        self.up_to.is_none_or(|last| quantity <= last)
    }

    fn is_free(&self) -> bool {
        self.unit_amount.is_zero() && self.flat_amount.is_zero()
    }

    fn amount_for(&self, units: u64) -> Option<Decimal> {
        self.unit_amount.checked_mul(units.into())?.checked_add(self.flat_amount)
    }
}

/// Adds up the tiers that `quantity` reaches, each for the units in it.
fn graduated(tiers: &[Tier], quantity: u64) -> Option<Decimal> {
    let mut total = Decimal::ZERO;
    let mut below = 0;
    for tier in tiers {
        if quantity <= below {
            break;
        }
        let last = tier.up_to.map_or(quantity, |last| last.min(quantity));
        total = total.checked_add(tier.amount_for(last - below)?)?;
        below = last;
    }
    (below == quantity).then_some(total)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::IntervalUnit;

    /// A monthly price with Kumu's policies.
    pub(crate) fn price(scheme: Scheme, unit_amount: &str) -> Price {
        Price {
            id: "p".into(),
            product: "Product".into(),
            unit_code: "".into(),
            currency: Currency::from_code("USD").expect("ISO 4217"),
            unit_amount: unit_amount.parse().expect("a decimal"),
            interval: Interval { unit: IntervalUnit::Month, count: 1 },
            scheme,
            free_quantity: 0,
            proration: Proration::default(),
            calendar: None,
            billing: BillingMode::Advance,
            on_increase: ChangePolicy::NextInvoice,
            on_decrease: ChangePolicy::NextInvoice,
            on_cancel: CancelPolicy::PeriodEnd,
            on_switch: SwitchPolicy::Restart,
            tax_code: None,
            line: 2,
        }
    }

    fn tier(up_to: Option<u64>, unit_amount: i64, flat_amount: i64) -> Tier {
        Tier { up_to, unit_amount: unit_amount.into(), flat_amount: flat_amount.into(), line: 2 }
    }

    fn amount(scheme: Scheme, unit_amount: &str, quantity: u64) -> Decimal {
        price(scheme, unit_amount).amount_for(quantity).expect("fits")
    }

    #[test]
    fn kumospace_covers_thirty_participants() {
        let tiers = vec![tier(Some(30), 0, 150), tier(None, 5, 0)];
        let cost = |quantity| amount(Scheme::Graduated(tiers.clone()), "0", quantity);
        assert_eq!(cost(0), Decimal::ZERO);
        assert_eq!(cost(1), Decimal::from(150));
        assert_eq!(cost(30), Decimal::from(150));
        assert_eq!(cost(31), Decimal::from(155));
        assert_eq!(cost(50), Decimal::from(250));
    }

    #[test]
    fn volume_prices_everything_by_the_tier_of_the_total() {
        let tiers = vec![
            tier(Some(5), 0, 100),
            tier(Some(10), 0, 150),
            tier(Some(15), 10, 0),
            tier(None, 5, 0),
        ];
        let cost = |quantity| amount(Scheme::Volume(tiers.clone()), "0", quantity);
        assert_eq!(cost(3), Decimal::from(100));
        assert_eq!(cost(10), Decimal::from(150));
        assert_eq!(cost(11), Decimal::from(110));
        assert_eq!(cost(16), Decimal::from(80));
    }

    #[test]
    fn packages_round_up() {
        let cost = |quantity| amount(Scheme::Package { size: 5 }, "20000", quantity);
        assert_eq!(cost(5), Decimal::from(20_000));
        assert_eq!(cost(6), Decimal::from(40_000));
    }

    #[test]
    fn free_units_cost_nothing() {
        let package = Price { free_quantity: 5, ..price(Scheme::Package { size: 10 }, "100") };
        let cost = |quantity| package.amount_for(quantity).expect("fits");
        assert_eq!(cost(3), Decimal::ZERO);
        assert_eq!(cost(6), Decimal::from(100));
        assert_eq!(cost(15), Decimal::from(100));
        assert_eq!(cost(16), Decimal::from(200));
    }

    #[test]
    fn flat_ignores_the_quantity_unless_it_is_zero() {
        assert_eq!(amount(Scheme::Flat, "10.00", 7), Decimal::from(10));
        assert_eq!(amount(Scheme::Flat, "10.00", 0), Decimal::ZERO);
    }

    #[test]
    fn what_costs_something_is_what_has_an_amount() {
        let tiers = vec![tier(Some(5), 0, 0), tier(None, 0, 20)];
        for scheme in [
            Scheme::PerUnit,
            Scheme::Flat,
            Scheme::Package { size: 5 },
            Scheme::Volume(tiers.clone()),
            Scheme::Graduated(tiers),
        ] {
            for (unit_amount, free_quantity) in
                [("0", 0), ("0.01", 0), ("-1", 2), ("79228162514264337593543950335", 0)]
            {
                let price = Price { free_quantity, ..price(scheme.clone(), unit_amount) };
                for quantity in [0, 1, 2, 3, 6, u64::MAX] {
                    let amount = price.amount_for(quantity);
                    let is_something = amount.is_none_or(|amount| !amount.is_zero());
                    assert_eq!(price.costs(quantity), is_something, "{price:?} {quantity}");
                }
            }
        }
    }

    #[test]
    fn a_free_price_is_one_that_never_costs_anything() {
        let free = vec![tier(Some(5), 0, 0), tier(None, 0, 0)];
        let first_free = vec![tier(Some(5), 0, 0), tier(None, 2, 0)];
        let entered = vec![tier(Some(5), 0, 0), tier(None, 0, 20)];
        for (price, is_free) in [
            (price(Scheme::Flat, "0"), true),
            (price(Scheme::PerUnit, "0.00"), true),
            (price(Scheme::Package { size: 5 }, "0"), true),
            (price(Scheme::PerUnit, "0.01"), false),
            (Price { free_quantity: 10, ..price(Scheme::PerUnit, "2") }, false),
            (price(Scheme::Graduated(free.clone()), "0"), true),
            (price(Scheme::Volume(free), "0"), true),
            (price(Scheme::Graduated(first_free.clone()), "0"), false),
            (price(Scheme::Volume(first_free), "0"), false),
            (price(Scheme::Graduated(entered), "0"), false),
        ] {
            assert_eq!(price.is_free(), is_free, "{price:?}");
        }
    }

    #[test]
    fn overflow_is_an_answer_not_a_wrap() {
        let price = price(Scheme::PerUnit, "79228162514264337593543950335");
        assert_eq!(price.amount_for(2), None);
    }
}
