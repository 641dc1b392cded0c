//! Histories have every version of an object. The newest one counts.

use std::collections::BTreeMap;

use super::tables::{
    AccountRow, AddOnRow, BalanceRow, BillingInfoRow, ChangeRow, InvoiceRow, LineRow, PlanRow,
    RedemptionRow, SubscriptionRow,
};
use crate::import::export_table::{ExportFolder, ExportRow, Row};

/// A row that is a version of something.
pub(super) trait Version: ExportRow + Eq {
    /// What it is a version of.
    fn key(&self) -> (&str, &str);
    /// When it became so. Times of one form sort as texts.
    fn since(&self) -> &str;
}

macro_rules! versions {
    ($($row:ident by $key:ident),+ $(,)?) => {$(
        impl Version for $row {
            fn key(&self) -> (&str, &str) {
                (&self.$key, "")
            }

            fn since(&self) -> &str {
                &self.updated_at
            }
        }
    )+};
}

versions!(
    AccountRow by id,
    // An account has one address for its invoices, whatever the number of its cards.
    BillingInfoRow by account_id,
    PlanRow by id,
    SubscriptionRow by id,
    AddOnRow by id,
    ChangeRow by id,
    RedemptionRow by id,
    InvoiceRow by id,
    LineRow by id,
);

impl Version for BalanceRow {
    fn key(&self) -> (&str, &str) {
        (&self.account_id, &self.currency)
    }

    fn since(&self) -> &str {
        &self.account_updated_at
    }
}

/// The newest versions, sorted by their keys.
pub(super) fn newest<T: Version>(folder: &mut ExportFolder<'_>, rows: Vec<Row<T>>) -> Vec<Row<T>> {
    let mut newest: BTreeMap<(String, String), Row<T>> = BTreeMap::new();
    for row in rows {
        let (id, part) = row.cells.key();
        let key = (id.to_owned(), part.to_owned());
        match newest.get(&key) {
            Some(known) if known.cells.since() > row.cells.since() => {}
            Some(known) if known.cells.since() == row.cells.since() && known.cells != row.cells => {
                let rule = "has two versions of the same updated_at";
                let problem =
                    row.problem("updated_at", row.cells.since(), rule, "keep one of them");
                folder.problems.push(problem);
            }
            _ => {
                newest.insert(key, row);
            }
        }
    }
    newest.into_values().collect()
}
