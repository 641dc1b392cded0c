//! What is known of a table before it is read: its name and its columns.

use crate::config::InputSettings;

/// A column of an input file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its name in the header.
    pub(crate) name: &'static str,
    /// Whether the file must have it.
    pub(crate) required: bool,
}

/// A column the file must have.
pub(crate) const fn required(name: &'static str) -> Column {
    Column { name, required: true }
}

/// A column the file may have.
pub(crate) const fn optional(name: &'static str) -> Column {
    Column { name, required: false }
}

/// A table that is being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableSpec<'a> {
    /// Its name in the plain form: `accounts.csv`.
    pub(crate) name: &'static str,
    /// Its file, as messages name it.
    pub(crate) file: &'a str,
    /// The columns we know.
    pub(crate) columns: &'a [Column],
    /// What billing.toml allows in it.
    pub(crate) settings: &'a InputSettings,
}
