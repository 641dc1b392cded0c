//! Published tables read back, for questions about the past.

use std::path::Path;

use super::error::RunError;
use crate::register::RegisterError;
use crate::table::plain_text;
use crate::value::{Amount, Currency};

/// A row of a published table.
pub struct PublishedRow<'a> {
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

impl PublishedRow<'_> {
    /// The cell in a column; empty if the close was written before there was such a column.
    pub fn get(&self, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// The text in a column, without what guards it from spreadsheets.
    pub fn text(&self, column: &str) -> &str {
        plain_text(self.get(column))
    }

    /// The currency of the row; `None` if it has none.
    pub fn currency(&self) -> Option<Currency> {
        Currency::from_code(self.get("currency"))
    }

    /// The amount in a column, in the currency of the row; `None` if it is no amount.
    pub fn money(&self, column: &str) -> Option<Amount> {
        Amount::parse(self.get(column), self.currency()?).ok()
    }
}

/// Says that a published table makes no sense.
pub fn damaged(path: &Path, reason: &str) -> RunError {
    RegisterError::Damaged { path: path.to_owned(), reason: reason.to_owned() }.into()
}

/// Calls `visit` with every row of a table of a close.
///
/// # Errors
/// The table cannot be read.
pub fn each_row(
    close: &Path,
    table: &str,
    mut visit: impl FnMut(&PublishedRow<'_>),
) -> Result<(), RunError> {
    let path = close.join(table);
    let damaged = |error: csv::Error| RegisterError::Damaged {
        path: path.clone(),
        reason: error.to_string(),
    };
    let mut reader = csv::Reader::from_path(&path).map_err(damaged)?;
    let header = reader.headers().map_err(damaged)?.clone();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(damaged)? {
        visit(&PublishedRow { header: &header, record: &record });
    }
    Ok(())
}
