//! The tables of a close by name, for the proof.

use std::io;
use std::path::{Path, PathBuf};

/// The bytes of tables, before or after publication.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables(Vec<(&'static str, Vec<u8>)>);

impl Tables {
    /// Every table that the proof uses.
    pub(crate) const NAMES: [&'static str; 8] = [
        "invoices.csv",
        "invoice_lines.csv",
        "invoice_taxes.csv",
        "payments_applied.csv",
        "receivables.csv",
        "journal.csv",
        "revenue_schedule.csv",
        "delivery.csv",
    ];

    #[cfg(test)]
    pub(crate) fn new(tables: Vec<(&'static str, Vec<u8>)>) -> Self {
        Self(tables)
    }

    /// Reads the tables of a published close.
    ///
    /// # Errors
    /// The path of the first table that cannot be read.
    pub(crate) fn read(close: &Path) -> Result<Self, (PathBuf, io::Error)> {
        let read = |name: &'static str| {
            let path = close.join(name);
            std::fs::read(&path).map(|bytes| (name, bytes)).map_err(|error| (path, error))
        };
        Self::NAMES.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// The bytes of a table; empty if it is absent.
    pub(crate) fn get(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(other, _)| *other == name).map_or(&[], |(_, bytes)| bytes)
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
    }
}
