//! Findings about a table besides its rows.

use std::sync::Arc;

use super::foreign::Foreign;
use super::index::Index;
use crate::problem::Problems;

/// A warning: the run continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning(pub(crate) String);

/// Findings from reading a file.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    pub(crate) problems: Problems,
    pub(crate) warnings: Vec<Warning>,
    /// Indexes of problems that still need a hint about the id that is nearest to theirs.
    pub(crate) unknown: Vec<(usize, Index, Box<str>)>,
    /// Unknown columns.
    pub(crate) foreign: Vec<Foreign>,
    /// Ids that a spreadsheet has or would have damaged: column, line and id.
    pub(crate) odd_ids: Vec<(&'static str, u64, Arc<str>)>,
    /// The first value in a column without a name, and its line.
    pub(crate) unnamed: Option<(u64, String)>,
}

impl Diagnostics {
    /// Appends the findings of the next piece of a file. Hints are given here in file order,
    /// because their limit must not depend on the order of reading.
    pub(crate) fn append(&mut self, mut next: Self) {
        next.give_hints();
        self.problems.append(next.problems);
        self.warnings.append(&mut next.warnings);
        self.odd_ids.append(&mut next.odd_ids);
        self.unnamed = self.unnamed.take().or(next.unnamed);
    }

    /// Adds a hint about the nearest id to each unknown reference.
    pub(crate) fn give_hints(&mut self) {
        for (place, index, id) in self.unknown.drain(..) {
            self.problems.get_mut(place).hint = index.hint(&id);
        }
    }
}
