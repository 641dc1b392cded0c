//! The rows of one state file, one at a time.

use std::path::Path;

use super::error::MergeError;
use super::hashed_file::HashedFile;
use super::shard_folder::ShardFolder;
use crate::table::parquet::{StateGroups, StateLayout, StateRow};

/// Reads a state file of a shard from its first row to its last.
pub(super) struct StateRows {
    groups: StateGroups,
    row: Option<StateRow>,
}

impl StateRows {
    /// Checks the digest of a file, and reads its first row. Its row groups are not read in the
    /// order of the bytes, so the digest takes a pass of its own.
    pub(super) fn open(
        folder: &ShardFolder<'_>,
        path: &str,
        layout: &StateLayout,
    ) -> Result<Self, MergeError> {
        let path = HashedFile::check(folder.file(path)?)?;
        let mut groups = StateGroups::open(&path, layout)?;
        let row = groups.next()?;
        Ok(Self { groups, row })
    }

    /// The current row; `None` after the last one.
    pub(super) const fn row(&self) -> Option<&StateRow> {
        self.row.as_ref()
    }

    /// Goes to the next row, and returns the one before it.
    pub(super) fn next(&mut self) -> Result<Option<StateRow>, MergeError> {
        let next = match self.row.as_ref().and_then(StateRow::following) {
            Some(row) => Some(row),
            None => self.groups.next()?,
        };
        Ok(std::mem::replace(&mut self.row, next))
    }

    pub(super) fn path(&self) -> &Path {
        self.groups.path()
    }
}
