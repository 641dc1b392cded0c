//! Reads published tables back, for questions about earlier closes.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::RunError;
use crate::register::RegisterError;
use crate::table::plain_text;
use crate::value::{Amount, Currency};

/// A row of a published table.
pub(crate) struct PublishedRow<'a> {
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

impl PublishedRow<'_> {
    /// The cell of a column; empty if the close predates the column.
    pub(crate) fn get(&self, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// The text of a column, without the guard against spreadsheet formulas.
    pub(crate) fn text(&self, column: &str) -> &str {
        plain_text(self.get(column))
    }

    pub(crate) fn currency(&self) -> Option<Currency> {
        Currency::from_code(self.get("currency"))
    }

    /// The amount of a column in the row's currency; `None` if it is not an amount.
    pub(crate) fn money(&self, column: &str) -> Option<Amount> {
        Amount::parse(self.get(column), self.currency()?).ok()
    }
}

/// The table of exceptions.
pub(crate) const EXCEPTIONS: &str = "exceptions.csv";

/// The exceptions of a close, by kind.
///
/// # Errors
/// The table cannot be read.
pub(crate) fn exceptions_by_kind(close: &Path) -> Result<BTreeMap<String, u64>, RunError> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    each_row(close, EXCEPTIONS, |row| *kinds.entry(row.get("kind").to_owned()).or_default() += 1)?;
    Ok(kinds)
}

/// The error for a published table that is damaged.
pub(crate) fn damaged(path: &Path, reason: &str) -> RunError {
    RegisterError::Damaged { path: path.to_owned(), reason: reason.to_owned() }.into()
}

/// Calls `visit` with every row of a table of a close.
///
/// # Errors
/// The table cannot be read.
pub(crate) fn each_row(
    close: &Path,
    table: &str,
    mut visit: impl FnMut(&PublishedRow<'_>),
) -> Result<(), RunError> {
    let path = close.join(table);
    let damaged = |error: csv::Error| {
        let (path, reason) = (path.clone(), error.to_string());
        match error.into_kind() {
            csv::ErrorKind::Io(source) => RegisterError::unread(path, source),
            _ => RegisterError::Damaged { path, reason },
        }
    };
    let mut reader = csv::Reader::from_path(&path).map_err(damaged)?;
    let header = reader.headers().map_err(damaged)?.clone();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(damaged)? {
        visit(&PublishedRow { header: &header, record: &record });
    }
    Ok(())
}
