//! Plans with an amount become prices.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::tables::PlanRow;
use super::versions::newest;
use crate::import::company::Price;
use crate::import::export_table::{ExportFolder, Row};
use crate::import::period::Length;
use crate::import::values::{Cells, NotTaken, plain};
use crate::value::Currency;

/// A plan, without its price: each subscription has its own.
pub(super) struct Plan {
    code: String,
    name: String,
    unit: String,
    count: u32,
    pub(super) length: Length,
}

/// Plans by their ids. `None` stands for a plan with problems, which are reported.
pub(super) type Plans = BTreeMap<String, Option<Plan>>;

/// Reads the plans by their ids.
pub(super) fn read(folder: &mut ExportFolder<'_>) -> Plans {
    let rows = folder.required::<PlanRow>();
    let rows = newest(folder, rows);
    let plans = rows.iter().map(|row| {
        let plan = plan(&mut Cells { row, folder: &mut *folder }).ok();
        (row.cells.id.clone(), plan)
    });
    plans.collect()
}

fn plan(cells: &mut Cells<'_, '_, PlanRow>) -> Result<Plan, NotTaken> {
    let row: &Row<PlanRow> = cells.row;
    let it = &row.cells;
    let unit = it.interval_unit.trim_end_matches('s').to_owned();
    let count = it.interval_length.parse().ok();
    let found = count.and_then(|count| Length::of(&unit, count).map(|length| (count, length)));
    let Some((count, length)) = found else {
        let text = format!("{} {}", it.interval_length, it.interval_unit);
        return Err(cells.report(
            "interval_length",
            &text,
            "is no number of days or months",
            "export the plan again",
        ));
    };
    Ok(Plan { code: it.code.clone(), name: it.name.clone(), unit, count, length })
}

impl Plan {
    /// The price of the plan at an amount.
    pub(super) fn at(&self, amount: Decimal, currency: Currency) -> Price {
        self.price(&self.code, &self.name, amount, currency)
    }

    /// The price of an add-on, by the period of the plan.
    pub(super) fn add_on(&self, name: &str, amount: Decimal, currency: Currency) -> Price {
        self.price(&format!("{}:{name}", self.code), name, amount, currency)
    }

    fn price(&self, code: &str, product: &str, amount: Decimal, currency: Currency) -> Price {
        let amount = plain(amount);
        Price {
            price_id: format!("{code}:{currency}:{amount}"),
            product: product.to_owned(),
            currency: currency.code().to_owned(),
            unit_amount: amount,
            interval: self.unit.clone(),
            interval_count: self.count.to_string(),
            scheme: "per_unit".to_owned(),
            ..Price::default()
        }
    }
}
