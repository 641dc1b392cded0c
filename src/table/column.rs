//! What is known of a table before it is read: its name and its columns.

use crate::config::InputSettings;

/// A column of an input file.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether the file must have it.
    pub required: bool,
}

/// A column the file must have.
pub const fn required(name: &'static str) -> Column {
    Column { name, required: true }
}

/// A column the file may have.
pub const fn optional(name: &'static str) -> Column {
    Column { name, required: false }
}

/// A table that is being read.
#[derive(Clone, Copy, Debug)]
pub struct TableSpec<'a> {
    /// Its name in the plain form: `accounts.csv`.
    pub name: &'static str,
    /// Its file, as messages name it.
    pub file: &'a str,
    /// The columns we know.
    pub columns: &'a [Column],
    /// What billing.toml allows in it.
    pub settings: &'a InputSettings,
}
