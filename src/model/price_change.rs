//! A price change for all customers: another price for every subscription on a price, from a date.

use std::sync::Arc;

use super::Translated;
use crate::value::{Instant, Moment, Zone};

/// One row of `price_changes.csv`.
#[derive(Clone, Debug)]
pub(crate) struct PriceChange {
    /// `price_change_id`.
    pub(crate) id: Arc<str>,
    /// Index of the old price in [`BillingInput::prices`](super::BillingInput::prices).
    pub(crate) old: usize,
    /// Index of the new price.
    pub(crate) new: usize,
    /// A date is midnight in the zone of each account.
    pub(crate) from: Moment,
    /// Whether it counts at once, and not from the renewal.
    pub(crate) at_once: bool,
    /// What the first document with the new price says; empty if it says nothing.
    pub(crate) notice: Box<str>,
    /// The notice in other languages.
    pub(crate) notices: Translated,
    /// The line in the file.
    pub(crate) line: u64,
}

/// The rows with their instants in a zone, in order of time.
pub(crate) fn in_order(list: &[PriceChange], zone: Zone) -> Vec<(Instant, &PriceChange)> {
    let mut rows: Vec<_> = list.iter().map(|row| (row.from.at(zone), row)).collect();
    rows.sort_by_key(|(at, row)| (*at, row.line));
    rows
}

/// The price to which rows up to an instant move one that was held all the time.
pub(crate) fn moved_price(
    list: &[PriceChange],
    price: usize,
    (zone, through): (Zone, Instant),
) -> usize {
    let rows = in_order(list, zone).into_iter().filter(|(at, _)| *at <= through);
    rows.fold(price, |price, (_, row)| if row.old == price { row.new } else { price })
}
