//! Recurly. A subscription has its own price, so each pair of plan and amount becomes a price. An add-on
//! becomes a subscription of its own.

mod accounts;
mod invoices;
mod prices;
mod subscriptions;
mod tables;
mod versions;

pub(super) use invoices::invoices;

use super::company::Company;
use super::export_table::ExportFolder;
use super::finding::Effect;
use crate::value::Instant;
use tables::{LEFT, RedemptionRow};
use versions::newest;

/// Imports the company.
pub(super) fn import(folder: &mut ExportFolder<'_>, as_of: Instant) -> Company {
    let mut company = Company::default();
    let accounts = accounts::take(folder, &mut company);
    let plans = prices::read(folder);
    subscriptions::take(folder, as_of, &accounts, &plans, &mut company);
    look_at_coupons(folder);
    invoices::look(folder);
    folder.leave(&LEFT);
    company
}

/// The tables have no durations of coupons, so none is taken over.
fn look_at_coupons(folder: &mut ExportFolder<'_>) {
    let rows = folder.optional::<RedemptionRow>().unwrap_or_default();
    for row in newest(folder, rows).iter().filter(|row| row.cells.state == "active") {
        let what = [
            "the export does not say how long a coupon lasts",
            "write it into discounts.csv, with its duration",
        ];
        let finding = row.finding("coupon_id", &row.cells.coupon_id, Effect::BillsDiffer, what);
        folder.findings.push(finding);
    }
}
