//! What a run did.

use std::path::PathBuf;

use super::timings::StageTimings;
use crate::problem::Problem;
use crate::register::Manifest;

/// What a close did.
#[derive(Debug)]
pub struct CloseResult {
    /// Where it is.
    pub place: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Whether it had been published before, and nothing was done.
    pub already_published: bool,
    /// What was odd in the input.
    pub warnings: Vec<String>,
    /// What is wrong with the accounts that were left out.
    pub problems: Vec<Problem>,
    /// How long it took.
    pub stages: StageTimings,
}

impl CloseResult {
    /// Whether this is a close that was there already and left accounts out: the input was not
    /// looked at again, so what was to be mended in it still is.
    pub(crate) fn is_to_be_mended(&self) -> bool {
        self.already_published && !self.manifest.withheld.is_empty()
    }
}
