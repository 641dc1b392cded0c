//! Prices and plans become prices.

use std::collections::BTreeMap;

use super::rows::of_one_mode;
use super::tables::{PlanRow, PriceRow, ProductRow};
use crate::import::company::Price;
use crate::import::export_table::{ExportFolder, Row};
use crate::import::period::Length;
use crate::import::values::{Cells, NotTaken, first_of, plain};

/// A price, or why it cannot be taken over.
pub(super) type PriceOrWhy = Result<TakenPrice, [&'static str; 2]>;

/// A price that can be taken over.
pub(super) struct TakenPrice {
    pub(super) price: Price,
    pub(super) length: Length,
}

/// Prices by id. `None` stands for a price with problems, which are reported.
pub(super) type Prices = BTreeMap<String, Option<PriceOrWhy>>;

/// Reads the prices. Only those that subscriptions have are written.
pub(super) fn take(folder: &mut ExportFolder<'_>) -> Prices {
    let products: BTreeMap<String, ProductRow> = folder
        .required::<ProductRow>()
        .into_iter()
        .map(|it| (it.cells.id.clone(), it.cells))
        .collect();
    let plans: Vec<Row<PriceRow>> =
        folder.optional::<PlanRow>().unwrap_or_default().into_iter().map(as_price).collect();
    let rows = match folder.optional::<PriceRow>() {
        Some(prices) => prices.into_iter().chain(plans).collect(),
        None if plans.is_empty() => folder.required::<PriceRow>(),
        None => plans,
    };
    let rows = of_one_mode(folder, rows, |it| &it.livemode);
    let mut prices = Prices::new();
    for row in &rows {
        let price = price(&mut Cells { row, folder: &mut *folder }, &products).ok();
        // A plan that is a price as well says the same.
        prices.entry(row.cells.id.clone()).or_insert(price);
    }
    prices
}

fn as_price(plan: Row<PlanRow>) -> Row<PriceRow> {
    let it = plan.cells;
    let cells = PriceRow {
        id: it.id,
        currency: it.currency,
        product_id: it.product_id,
        unit_amount_decimal: it.amount,
        billing_scheme: it.billing_scheme,
        recurring_interval: it.interval,
        recurring_interval_count: it.interval_count,
        recurring_usage_type: it.usage_type,
        transform_quantity_divide_by: it.transform_usage_divide_by,
        transform_quantity_round: it.transform_usage_round,
        livemode: it.livemode,
        ..PriceRow::default()
    };
    Row { file: plan.file, line: plan.line, cells }
}

fn price(
    cells: &mut Cells<'_, '_, PriceRow>,
    products: &BTreeMap<String, ProductRow>,
) -> Result<PriceOrWhy, NotTaken> {
    let row: &Row<PriceRow> = cells.row;
    let it = &row.cells;
    if let Some(why) = why_not(it) {
        return Ok(Err(why));
    }
    let Some(product) = products.get(&it.product_id) else {
        if products.is_empty() && !cells.folder.problems.is_empty() {
            return Err(NotTaken);
        }
        let hint = "export product.csv at the same time as the prices";
        return Err(cells.report("product_id", &it.product_id, "is not in product.csv", hint));
    };
    let count = first_of([&it.recurring_interval_count, "1"]);
    let length = count.parse().ok().and_then(|count| Length::of(&it.recurring_interval, count));
    let Some(length) = length else {
        let rule = "is no interval of day, week, month or year with a count";
        return Err(cells.report(
            "recurring_interval",
            &it.recurring_interval,
            rule,
            "export the price again",
        ));
    };
    let currency = cells.currency("currency", &it.currency)?;
    let amount = first_of([&it.unit_amount_decimal, &it.unit_amount]);
    let amount = cells.major("unit_amount_decimal", &amount, currency)?;
    let is_package = !it.transform_quantity_divide_by.is_empty();
    let price = Price {
        price_id: it.id.clone(),
        product: product.name.clone(),
        unit_label: product.unit_label.clone(),
        currency: currency.code().to_owned(),
        unit_amount: plain(amount),
        interval: it.recurring_interval.clone(),
        interval_count: count,
        scheme: if is_package { "package" } else { "per_unit" }.to_owned(),
        package_size: it.transform_quantity_divide_by.clone(),
        ..Price::default()
    };
    Ok(Ok(TakenPrice { price, length }))
}

/// Why a price cannot be taken over, and what to do.
fn why_not(it: &PriceRow) -> Option<[&'static str; 2]> {
    match () {
        () if it.recurring_interval.is_empty() => {
            Some(["the price is for one time", "write a row of adjustments.csv for what is due"])
        }
        () if it.recurring_usage_type == "metered" => {
            Some(["the price is for metered usage", "bill it with another program"])
        }
        () if it.billing_scheme == "tiered" => Some([
            "the export does not have the tiers of a price",
            "write the price, its tiers and its subscriptions by hand",
        ]),
        () if it.transform_quantity_round == "down" => Some([
            "a part of a package costs nothing, which prorata does not know",
            "write the price and its subscriptions by hand",
        ]),
        () => None,
    }
}
