//! Rows that several tables of Stripe share rules for.

use std::collections::BTreeMap;

use super::tables::{ItemRow, SubscriptionRow};
use crate::import::export_table::{ExportFolder, ExportRow, Row};

/// The items by subscription, sorted by id.
pub(super) fn items(folder: &mut ExportFolder<'_>) -> BTreeMap<String, Vec<Row<ItemRow>>> {
    let mut items: BTreeMap<String, Vec<Row<ItemRow>>> = BTreeMap::new();
    for item in folder.required::<ItemRow>() {
        items.entry(item.cells.subscription_id.clone()).or_default().push(item);
    }
    for items in items.values_mut() {
        items.sort_by(|a, b| a.cells.id.cmp(&b.cells.id));
    }
    items
}

/// The id of an item's subscription: Stripe's, or with that of the item if there are several.
pub(super) fn subscription_id(subscription: &str, item: &str, items: usize) -> String {
    if items == 1 { subscription.to_owned() } else { format!("{subscription}:{item}") }
}

/// The rows of live mode; of test mode, if there is no other. A row of test mode beside rows of live
/// mode is a problem.
pub(super) fn of_one_mode<T: ExportRow>(
    folder: &mut ExportFolder<'_>,
    rows: Vec<Row<T>>,
    mode: fn(&T) -> &str,
) -> Vec<Row<T>> {
    let is_test = |row: &Row<T>| mode(&row.cells).eq_ignore_ascii_case("false");
    if rows.iter().all(is_test) {
        return rows;
    }
    let (test, live): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_test);
    for row in &test {
        let rule = "is a row of test mode beside rows of live mode";
        let hint = "export one of the two";
        folder.problems.push(row.problem("livemode", mode(&row.cells), rule, hint));
    }
    live
}

/// The subscriptions that are in force in the export: histories keep older versions.
pub(super) fn current(rows: Vec<Row<SubscriptionRow>>) -> Vec<Row<SubscriptionRow>> {
    let is_current =
        |row: &Row<SubscriptionRow>| !row.cells._fivetran_active.eq_ignore_ascii_case("false");
    rows.into_iter().filter(is_current).collect()
}
