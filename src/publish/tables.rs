//! The tables of a close in memory, by name, for tests of the proof.

/// The bytes of tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables(Vec<(&'static str, Vec<u8>)>);

impl Tables {
    pub(crate) fn new(tables: Vec<(&'static str, Vec<u8>)>) -> Self {
        Self(tables)
    }

    /// The bytes of a table; empty if it is absent.
    pub(crate) fn get(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(other, _)| *other == name).map_or(&[], |(_, bytes)| bytes)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
    }
}
