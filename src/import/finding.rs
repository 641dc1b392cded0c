//! What an import could not take over.

use serde::Serialize;

/// What a finding means for the bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// The bills differ from those of the other system, unless somebody acts.
    BillsDiffer,
    /// The exports do not show whether there is such a thing. Somebody has to look.
    CannotTell,
    /// The bills are the same without it.
    None,
}

/// A cell, a row or a column of an export that was not taken over. The fields are the columns of the
/// report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Finding {
    /// The file of the export.
    pub(crate) file: String,
    /// Its line; 1 is the header.
    pub(crate) line: u64,
    /// The column.
    pub(crate) column: String,
    /// The value.
    pub(crate) value: String,
    /// What it means for the bills.
    pub(crate) effect: Effect,
    /// Why it was not taken over.
    pub(crate) why: String,
    /// What to do.
    pub(crate) what_to_do: String,
}
