//! The result of a run.

use std::path::PathBuf;

use super::error::RunError;
use super::timings::StageTimings;
use crate::problem::Problem;
use crate::publish::PublishError;
use crate::register::Manifest;

/// The result of a close.
#[derive(Debug)]
pub struct CloseResult {
    /// The folder of the close.
    pub place: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// Whether it was already published; nothing was done then.
    pub already_published: bool,
    /// Oddities in the input.
    pub warnings: Vec<String>,
    /// The problems of the accounts that were left out.
    pub problems: Vec<Problem>,
    /// The duration of each stage.
    pub stages: StageTimings,
}

impl CloseResult {
    /// The result, or an error with it if something failed after the close was published.
    pub(crate) fn finished(self, unfinished: Vec<PublishError>) -> Result<Self, RunError> {
        if unfinished.is_empty() {
            return Ok(self);
        }
        Err(RunError::AfterPublishing { published: Box::new(self), unfinished })
    }

    /// Whether an already published close left accounts out. The input was not read again, so their
    /// problems remain.
    pub(crate) fn is_to_be_mended(&self) -> bool {
        self.already_published && !self.manifest.withheld.is_empty()
    }
}
