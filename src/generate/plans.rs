//! The price list of a company, with every scheme and every currency.

use super::currencies::{CURRENCIES, DrawnCurrency};

/// A plan, independent of currency. Amounts are in ten-thousandths of a dollar.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The start of its price ids.
    id: &'static str,
    product: &'static str,
    unit_label: &'static str,
    unit_amount: Option<i64>,
    /// `interval`, and whether it consists of months.
    interval: (&'static str, bool),
    scheme: &'static str,
    package_size: &'static str,
    free_quantity: &'static str,
    billing: &'static str,
    /// `on_increase`, `on_decrease`, `on_cancel`, `on_switch`; empty is the default.
    policies: [&'static str; 4],
    anchor_day: &'static str,
    granularity: &'static str,
    tax_code: &'static str,
    /// The last unit, the unit amount and the flat amount of each tier.
    tiers: &'static [(&'static str, i64, i64)],
    /// The indexes of plans that customers may switch to.
    pub(crate) switches: &'static [usize],
    /// The typical quantity; 1 if the quantity does not matter.
    pub(crate) typical: u64,
    /// Its share of new subscriptions, in thousandths.
    pub(crate) per_mille: u64,
}

const PLAN: Plan = Plan {
    id: "",
    product: "",
    unit_label: "",
    unit_amount: None,
    interval: ("month", true),
    scheme: "per_unit",
    package_size: "",
    free_quantity: "",
    billing: "advance",
    policies: [""; 4],
    anchor_day: "",
    granularity: "",
    tax_code: "",
    tiers: &[],
    switches: &[],
    typical: 1,
    per_mille: 0,
};

/// All plans. Their shares add up to 1000.
pub(crate) const PLANS: [Plan; 15] = [
    Plan {
        id: "basic",
        product: "Basic workspace",
        unit_label: "workspace",
        unit_amount: Some(0),
        scheme: "flat",
        switches: &[1],
        per_mille: 60,
        ..PLAN
    },
    Plan {
        id: "membership",
        product: "Org membership",
        unit_label: "workspace",
        unit_amount: Some(100_000),
        scheme: "flat",
        switches: &[0],
        per_mille: 100,
        ..PLAN
    },
    Plan {
        id: "projects",
        product: "Private projects",
        unit_label: "project",
        unit_amount: Some(90_000),
        switches: &[3],
        typical: 2,
        per_mille: 220,
        ..PLAN
    },
    Plan {
        id: "projects-annual",
        product: "Private projects (annual)",
        unit_label: "project",
        unit_amount: Some(864_000),
        interval: ("year", true),
        policies: ["immediate", "immediate", "period_end", "restart"],
        switches: &[2],
        typical: 3,
        per_mille: 70,
        ..PLAN
    },
    Plan {
        id: "seats",
        product: "Seats",
        unit_label: "seat",
        unit_amount: Some(200_000),
        policies: ["immediate", "period_end", "period_end", "restart"],
        switches: &[5, 5, 6],
        typical: 4,
        per_mille: 200,
        ..PLAN
    },
    Plan {
        id: "seats-annual",
        product: "Seats (annual)",
        unit_label: "seat",
        unit_amount: Some(1_920_000),
        interval: ("year", true),
        policies: ["immediate", "none", "immediate", "period_end"],
        switches: &[4],
        typical: 10,
        per_mille: 60,
        ..PLAN
    },
    Plan {
        id: "space",
        product: "Virtual office",
        unit_label: "person",
        scheme: "graduated",
        policies: ["next_invoice", "next_invoice", "immediate", "restart"],
        tiers: &[("30", 0, 1_500_000), ("", 50_000, 0)],
        switches: &[7, 4],
        typical: 15,
        per_mille: 80,
        ..PLAN
    },
    Plan {
        id: "space-annual",
        product: "Virtual office (annual)",
        unit_label: "person",
        interval: ("year", true),
        scheme: "graduated",
        policies: ["immediate", "period_end", "immediate_no_credit", "restart"],
        tiers: &[("30", 0, 14_400_000), ("", 480_000, 0)],
        switches: &[6],
        typical: 25,
        per_mille: 25,
        ..PLAN
    },
    Plan {
        id: "rooms",
        product: "Meeting rooms",
        unit_label: "room",
        scheme: "volume",
        policies: ["", "", "", "keep_anchor"],
        tiers: &[("5", 120_000, 0), ("20", 100_000, 0), ("", 80_000, 50_000)],
        switches: &[9],
        typical: 3,
        per_mille: 50,
        ..PLAN
    },
    Plan {
        id: "rooms-quarterly",
        product: "Meeting rooms (quarterly)",
        unit_label: "room",
        interval: ("quarter", true),
        scheme: "volume",
        anchor_day: "1",
        tiers: &[("10", 300_000, 0), ("", 250_000, 0)],
        switches: &[8],
        typical: 4,
        per_mille: 15,
        ..PLAN
    },
    Plan {
        id: "calls",
        product: "Calls",
        unit_label: "call",
        unit_amount: Some(25_000),
        scheme: "package",
        package_size: "100",
        free_quantity: "250",
        billing: "arrears",
        typical: 400,
        per_mille: 40,
        ..PLAN
    },
    Plan {
        id: "storage",
        product: "Storage",
        unit_label: "GB",
        unit_amount: Some(120),
        billing: "arrears",
        typical: 500,
        per_mille: 40,
        ..PLAN
    },
    Plan {
        id: "desks",
        product: "Hot desks",
        unit_label: "desk",
        unit_amount: Some(350_000),
        interval: ("week", false),
        granularity: "day",
        typical: 1,
        per_mille: 15,
        ..PLAN
    },
    Plan {
        id: "training",
        product: "Training library",
        unit_label: "reader",
        unit_amount: Some(60_000),
        tax_code: "reduced",
        anchor_day: "31",
        typical: 3,
        per_mille: 20,
        ..PLAN
    },
    Plan {
        id: "support",
        product: "Priority support",
        unit_amount: Some(990_000),
        scheme: "flat",
        granularity: "period",
        policies: ["", "", "immediate", ""],
        per_mille: 5,
        ..PLAN
    },
];

/// The header of `prices.csv`.
pub(crate) const PRICE_COLUMNS: [&str; 17] = [
    "price_id",
    "product",
    "unit_label",
    "currency",
    "unit_amount",
    "interval",
    "scheme",
    "package_size",
    "free_quantity",
    "billing",
    "on_increase",
    "on_decrease",
    "on_cancel",
    "on_switch",
    "anchor_day",
    "granularity",
    "tax_code",
];

/// The header of `price_tiers.csv`.
pub(crate) const TIER_COLUMNS: [&str; 4] = ["price_id", "up_to", "unit_amount", "flat_amount"];

impl Plan {
    /// The id of its price in a currency.
    pub(crate) fn price_id(&self, currency: &DrawnCurrency) -> String {
        format!("{}-{}", self.id, currency.suffix)
    }

    /// Whether its periods are months, so that a day of the month applies.
    pub(crate) fn has_months(&self) -> bool {
        self.interval.1
    }

    /// Whether more units cost more.
    pub(crate) fn counts(&self) -> bool {
        self.scheme != "flat"
    }

    fn price_row(&self, currency: &DrawnCurrency) -> Vec<String> {
        let unit_amount = self.unit_amount.map(|amount| currency.amount(amount));
        let texts = [
            currency.code,
            &unit_amount.unwrap_or_default(),
            self.interval.0,
            self.scheme,
            self.package_size,
            self.free_quantity,
            self.billing,
        ]
        .map(str::to_owned);
        let ends = [self.anchor_day, self.granularity, self.tax_code].map(str::to_owned);
        let mut row =
            vec![self.price_id(currency), self.product.to_owned(), self.unit_label.to_owned()];
        row.extend(texts);
        row.extend(self.policies.map(str::to_owned));
        row.extend(ends);
        row
    }

    fn tier_rows(&self, currency: &DrawnCurrency) -> Vec<Vec<String>> {
        let row = |(up_to, unit_amount, flat_amount): &(&str, i64, i64)| {
            vec![
                self.price_id(currency),
                (*up_to).to_owned(),
                currency.amount(*unit_amount),
                currency.amount(*flat_amount),
            ]
        };
        self.tiers.iter().map(row).collect()
    }
}

/// The rows of `prices.csv`.
pub(crate) fn price_rows() -> Vec<Vec<String>> {
    let priced = CURRENCIES.iter().flat_map(|it| PLANS.iter().map(move |plan| (plan, it)));
    priced.map(|(plan, currency)| plan.price_row(currency)).collect()
}

/// The rows of `price_tiers.csv`.
pub(crate) fn tier_rows() -> Vec<Vec<String>> {
    let priced = CURRENCIES.iter().flat_map(|it| PLANS.iter().map(move |plan| (plan, it)));
    priced.flat_map(|(plan, currency)| plan.tier_rows(currency)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_new_subscription_has_a_plan() {
        assert_eq!(PLANS.iter().map(|plan| plan.per_mille).sum::<u64>(), 1000);
    }
}
