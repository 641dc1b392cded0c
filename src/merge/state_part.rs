//! The rows of a shard's state file, each with its place in the merged file.

use std::path::Path;

use super::error::{Damage, MergeError};
use super::order_list::OrderList;
use super::runs_reader::RunsList;
use super::runs_writer::CREDIT_PLACES_FILE;
use super::shard_folder::ShardFolder;
use super::state_rows::StateRows;
use crate::register::{RowOrder, StateTableForm};
use crate::table::parquet::{StateLayout, StateRow};

/// A state file of a shard.
pub(super) struct StatePart {
    rows: StateRows,
    places: Places,
    /// The place of the current row's document; 0 if only its id counts.
    place: u64,
}

/// What gives the places of rows.
enum Places {
    /// Rows are in the order of their ids.
    None,
    /// Rows are in the order of the documents that they name.
    Documents(OrderList),
    /// Lines without a subscription are in the order of the documents that they name in a column.
    Lines(OrderList, usize),
    /// Rows are in the order of the documents that a list gives, each with a number of rows.
    Listed { list: RunsList, left: u32 },
}

impl StatePart {
    /// Opens a file of a shard, and reads its first row.
    pub(super) fn open(
        folder: &ShardFolder<'_>,
        form: &StateTableForm,
    ) -> Result<Self, MergeError> {
        let places = match form.order {
            RowOrder::Id | RowOrder::SharedId => Places::None,
            RowOrder::Document => Places::Documents(OrderList::open(folder)?),
            RowOrder::Line => {
                Places::Lines(OrderList::open(folder)?, column(&form.layout, "invoice_number"))
            }
            RowOrder::CreditingDocument => {
                let list = RunsList::open(folder, CREDIT_PLACES_FILE)?;
                let left = list.length().unwrap_or_default();
                Places::Listed { list, left }
            }
        };
        let rows = StateRows::open(folder, form.path, &form.layout)?;
        let mut part = Self { rows, places, place: 0 };
        part.find_place()?;
        Ok(part)
    }

    /// What sorts the current row; `None` after the last one.
    pub(super) fn key(&self) -> Option<(&str, u64)> {
        self.rows.row().map(|row| (self.id(row), self.place))
    }

    /// The id by which a row is sorted before its place.
    pub(super) fn id<'r>(&self, row: &'r StateRow) -> &'r str {
        match self.places {
            Places::None | Places::Lines(..) => row.text(0).unwrap_or_default(),
            Places::Documents(_) | Places::Listed { .. } => "",
        }
    }

    /// Goes to the next row, and returns the one before it with its place.
    pub(super) fn next(&mut self) -> Result<Option<(StateRow, u64)>, MergeError> {
        let place = self.place;
        let Some(row) = self.rows.next()? else { return Ok(None) };
        self.find_place()?;
        if self.key().is_some_and(|next| next < (self.id(&row), place)) {
            return Err(MergeError::damaged(self.path(), Damage::Order));
        }
        Ok(Some((row, place)))
    }

    fn find_place(&mut self) -> Result<(), MergeError> {
        let Some(row) = self.rows.row() else { return Ok(()) };
        let of_document = |order: &mut OrderList, column: usize| {
            let number = row.text(column).unwrap_or_default();
            let unknown = || MergeError::damaged(self.rows.path(), Damage::Unknown(number.into()));
            order.place_of(number)?.ok_or_else(unknown)
        };
        self.place = match &mut self.places {
            Places::Documents(order) => of_document(order, 0)?,
            Places::Lines(order, column) if row.text(0) == Some("") => of_document(order, *column)?,
            Places::None | Places::Lines(..) => 0,
            Places::Listed { list, left } => next_listed(list, left)?,
        };
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        self.rows.path()
    }

    /// Checks after the last row that a list of places has ended, too.
    pub(super) fn end(self) -> Result<(), MergeError> {
        let Places::Listed { mut list, left } = self.places else { return Ok(()) };
        if left > 0 {
            return Err(MergeError::damaged(list.path(), Damage::Rest));
        }
        while list.length().is_some() {
            list.next()?;
            if list.length().is_some_and(|rows| rows > 0) {
                return Err(MergeError::damaged(list.path(), Damage::Rest));
            }
        }
        list.end()
    }
}

/// The place of the next row of a list.
fn next_listed(list: &mut RunsList, left: &mut u32) -> Result<u64, MergeError> {
    while *left == 0 {
        if list.length().is_none() {
            return Err(MergeError::damaged(list.path(), Damage::Cut));
        }
        list.next()?;
        *left = list.length().unwrap_or_default();
    }
    *left -= 1;
    list.key().place().ok_or_else(|| MergeError::damaged(list.path(), Damage::List))
}

fn column(layout: &StateLayout, name: &str) -> usize {
    layout.iter().position(|(other, _)| *other == name).expect("every line has the column")
}
