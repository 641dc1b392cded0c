//! The folder that a shard wrote.

use std::path::{Path, PathBuf};

use super::error::{Damage, MergeError};
use super::hashed_file::HashedFile;
use crate::register::OutputFile;

/// The folder of a shard, and the list of its files with their digests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShardFolder<'a> {
    pub(crate) path: &'a Path,
    pub(crate) files: &'a [OutputFile],
}

impl<'a> ShardFolder<'a> {
    /// The full path of a file, and its SHA-256 as the shard lists it.
    pub(super) fn file(&self, path: &str) -> Result<(PathBuf, &'a str), MergeError> {
        let full = self.path.join(path);
        match self.files.iter().find(|file| file.path == path) {
            Some(file) => Ok((full, &file.sha256)),
            None => Err(MergeError::damaged(&full, Damage::Unlisted)),
        }
    }

    /// Checks a file against the list.
    ///
    /// # Errors
    /// It is missing or has been changed.
    pub(crate) fn check(&self, path: &str) -> Result<(), MergeError> {
        HashedFile::check(self.file(path)?).map(drop)
    }
}
