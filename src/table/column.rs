//! Describes a table before it is read: its name and columns.

use crate::config::{Dialect, InputSettings};

/// A column of an input file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its name in the header.
    pub(crate) name: &'static str,
    /// Whether the file must have it.
    pub(crate) required: bool,
}

/// A required column.
pub(crate) const fn required(name: &'static str) -> Column {
    Column { name, required: true }
}

/// An optional column.
pub(crate) const fn optional(name: &'static str) -> Column {
    Column { name, required: false }
}

/// A table to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableSpec<'a> {
    /// The name in the plain form: `accounts.csv`.
    pub(crate) name: &'static str,
    /// The file, as messages name it.
    pub(crate) file: &'a str,
    /// The known columns.
    pub(crate) columns: &'a [Column],
    /// The settings of billing.toml for it.
    pub(crate) settings: &'a InputSettings,
    /// How it is written.
    pub(crate) dialect: Dialect,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A text file, which has a dialect.
    Text,
    /// A Parquet file. Its columns and words may have names of their own, as those of a text file.
    Parquet,
    /// The command line.
    Arguments,
}

impl Origin {
    pub(crate) fn is_file(self) -> bool {
        self != Self::Arguments
    }
}

impl TableSpec<'_> {
    /// The known column of a name here.
    pub(crate) fn column(&self, name: &str) -> Option<&'static str> {
        self.columns.iter().find(|column| column.name == name).map(|column| column.name)
    }
}
