//! The result of a run.

use std::path::PathBuf;

use super::timings::StageTimings;
use crate::problem::Problems;
use crate::register::Manifest;

/// The result of a close.
#[derive(Debug)]
pub struct CloseResult {
    /// The folder of the close.
    pub place: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// SHA-256 of the manifest: the head of the chain, if the close is the newest.
    pub manifest_sha256: String,
    /// Whether it was already published; nothing was done then.
    pub already_published: bool,
    /// Oddities in the input.
    pub warnings: Vec<String>,
    /// The problems of the accounts that were left out.
    pub problems: Problems,
    /// The duration of each stage.
    pub stages: StageTimings,
}

impl CloseResult {
    /// Whether an already published close left accounts out. The input was not read again, so their
    /// problems remain.
    pub(crate) fn is_to_be_mended(&self) -> bool {
        self.already_published && !self.manifest.withheld.is_empty()
    }
}
