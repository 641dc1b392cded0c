//! What a run did.

use std::path::PathBuf;

use super::timings::StageTimings;
use crate::problem::Problem;
use crate::register::Manifest;

/// What a close did.
#[derive(Debug)]
pub(crate) struct CloseResult {
    /// Where it is.
    pub(crate) place: PathBuf,
    /// What it says of itself.
    pub(crate) manifest: Manifest,
    /// Whether it had been published before, and nothing was done.
    pub(crate) already_published: bool,
    /// What was odd in the input.
    pub(crate) warnings: Vec<String>,
    /// What is wrong with the accounts that were left out.
    pub(crate) problems: Vec<Problem>,
    /// How long it took.
    pub(crate) stages: StageTimings,
}

impl CloseResult {
    /// Whether this is a close that was there already and left accounts out: the input was not
    /// looked at again, so what was to be mended in it still is.
    pub(crate) fn is_to_be_mended(&self) -> bool {
        self.already_published && !self.manifest.withheld.is_empty()
    }
}
