//! What is found out about a table beside its rows.

use std::sync::Arc;

use super::foreign::Foreign;
use super::index::Index;
use crate::problem::Problem;

/// Something odd that does not stop the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

/// What reading a file gathers beside its rows.
#[derive(Debug, Default)]
pub struct Diagnostics {
    /// Everything wrong.
    pub problems: Vec<Problem>,
    /// Everything odd.
    pub warnings: Vec<Warning>,
    /// Problems, by their places, that wait for a hint at the nearest id of an index.
    pub unknown: Vec<(usize, Index)>,
    /// Columns of files that are not read.
    pub foreign: Vec<Foreign>,
    /// Ids that a spreadsheet may have damaged, or that it would: column, line and id.
    pub odd_ids: Vec<(&'static str, u64, Arc<str>)>,
    /// The first value in a column without a name, with its line.
    pub unnamed: Option<(u64, String)>,
}

impl Diagnostics {
    /// Adds those of the next piece of a file. Hints are given here, one file after the other: how
    /// many there are must not depend on which piece was read first.
    pub fn append(&mut self, mut next: Self) {
        next.give_hints();
        self.problems.append(&mut next.problems);
        self.warnings.append(&mut next.warnings);
        self.odd_ids.append(&mut next.odd_ids);
        self.unnamed = self.unnamed.take().or(next.unnamed);
    }

    /// Hints at the nearest id wherever one was not found.
    pub fn give_hints(&mut self) {
        for (place, index) in self.unknown.drain(..) {
            let problem = &mut self.problems[place];
            problem.hint = index.hint(problem.value.as_deref().unwrap_or_default());
        }
    }
}
