//! Stripe Billing. Each item of a subscription becomes a subscription of its own, from the start of its
//! period on, because that is what Stripe has billed.

mod customers;
mod discounts;
mod invoices;
mod money;
mod prices;
mod rows;
mod subscriptions;
mod tables;

pub(super) use invoices::invoices;

use super::company::Company;
use super::export_table::ExportFolder;
use crate::value::Instant;
use tables::LEFT;

/// Imports the company.
pub(super) fn import(folder: &mut ExportFolder<'_>, as_of: Instant) -> Company {
    let mut company = Company::default();
    let customers = customers::take(folder, &mut company);
    let prices = prices::take(folder);
    let items = rows::items(folder);
    let taken = subscriptions::take(folder, as_of, &prices, &customers, &items, &mut company);
    discounts::take(folder, as_of, &taken, &mut company);
    invoices::look(folder);
    folder.leave(&LEFT);
    for (file, what) in UNSEEN {
        folder.cannot_tell(file, what);
    }
    company
}

/// What the tables do not have.
const UNSEEN: [(&str, [&str; 2]); 2] = [
    (
        "invoice_item",
        [
            "pending items, such as prorations that are not invoiced yet, are in no table",
            "invoice them in Stripe before the exports, or write them into adjustments.csv",
        ],
    ),
    (
        "subscription_schedule",
        ["changes that are scheduled are in no table", "write them into changes.csv"],
    ),
];
