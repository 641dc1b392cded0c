//! `subscriptions.csv`.

use std::sync::Arc;

use crate::model::{Account, Subscription};
use crate::table::{Column, Index, Reported, Row, optional, required};
use crate::value::{Instant, WallTime};

/// The known columns.
pub(crate) const COLUMNS: [Column; 9] = [
    required("subscription_id"),
    required("account_id"),
    required("price_id"),
    required("quantity"),
    required("started_at"),
    optional("anchor"),
    optional("trial_end"),
    optional("label"),
    optional("purchase_order"),
];

pub(crate) fn parse(
    row: &mut Row<'_>,
    accounts: &[Account],
    account_index: &Index,
    price_index: &Index,
) -> Result<Subscription, Reported> {
    let id: Result<Arc<str>, _> = row.id("subscription_id");
    let account = account_index.find(row, "account_id");
    let price = price_index.find(row, "price_id");
    let quantity = row.quantity("quantity");
    let started_at = row.moment("started_at");
    let anchor = row.optional("anchor", Row::moment);
    let trial_end = row.optional("trial_end", Row::moment);
    let label = row.text("label").map(if_any);
    let purchase_order = row.unshortened("purchase_order").map(if_any);
    let account = account?;
    let zone = accounts[account].zone;
    let start = started_at?.wall_time_in(|| zone);
    let started_at = start.instant();
    let trial_end = trial_end?.map(|moment| moment.wall_time_in(|| zone));
    Ok(Subscription {
        id: id?,
        account,
        price: price?,
        quantity: quantity?,
        started_at,
        anchor: anchor?.map(|moment| moment.wall_time_in(|| zone)),
        trial_end: trial(row, started_at, trial_end.map(WallTime::instant))?,
        skipped: trial_end.unwrap_or(start).skipped(),
        label: label?,
        purchase_order: purchase_order?,
        line: row.line,
    })
}

/// A text without the blanks around it, if anything is left.
fn if_any(text: &str) -> Option<Box<str>> {
    Some(text.trim()).filter(|it| !it.is_empty()).map(Box::from)
}

fn trial(
    row: &mut Row<'_>,
    started_at: Instant,
    trial_end: Option<Instant>,
) -> Result<Option<Instant>, Reported> {
    match trial_end {
        Some(end) if end <= started_at => {
            let text = row.text("trial_end")?;
            Err(row.report(
                "trial_end",
                text,
                "is not after started_at",
                "write the end of the free trial, or leave it empty",
            ))
        }
        other => Ok(other),
    }
}
