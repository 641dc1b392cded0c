//! The documents of a shard with their places among all documents of the close.

use super::error::{Damage, MergeError};
use super::shard_folder::ShardFolder;
use super::state_rows::StateRows;
use crate::table::parquet::{ColumnsError, StateColumns, StateLayout};

/// The file's name in the folder of a shard.
pub(crate) const FILE: &str = "order.parquet";

/// A document: its place among all documents of the close, from 0, and its number.
type OrderRow<'a> = (u64, &'a str);

/// Writes the documents of a shard, which must be in order.
pub(crate) fn order_to_parquet(documents: &[OrderRow<'_>]) -> Result<Vec<u8>, ColumnsError> {
    columns(documents).to_parquet()
}

fn columns<'a>(documents: &'a [OrderRow<'a>]) -> StateColumns<'a, OrderRow<'a>> {
    StateColumns::of(documents)
        .number("place", |(place, _)| i64::try_from(*place).unwrap_or(i64::MAX))
        .text("invoice_number", |(_, number)| Some(number))
}

fn layout() -> StateLayout {
    columns(&[]).layout()
}

/// Finds the places of documents that are asked for in order.
pub(super) struct OrderList(StateRows);

impl OrderList {
    pub(super) fn open(folder: &ShardFolder<'_>) -> Result<Self, MergeError> {
        StateRows::open(folder, FILE, &layout()).map(Self)
    }

    /// The place of a document; `None` if it is not listed, or before the last one asked for.
    pub(super) fn place_of(&mut self, number: &str) -> Result<Option<u64>, MergeError> {
        while let Some(row) = self.0.row() {
            let place = row.number(0);
            if row.text(1) == Some(number) {
                return Ok(u64::try_from(place).ok());
            }
            self.0.next()?;
            if self.0.row().is_some_and(|next| next.number(0) <= place) {
                return Err(MergeError::damaged(self.0.path(), Damage::Order));
            }
        }
        Ok(None)
    }
}
