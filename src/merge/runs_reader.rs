//! Reads the runs of a shard's table one item at a time.

use std::path::Path;

use super::error::{Damage, MergeError};
use super::hashed_file::HashedFile;
use super::key::MergeKey;
use super::runs_writer::paths;
use super::shard_folder::ShardFolder;

/// A list of items, read item by item.
#[derive(Debug)]
pub(super) struct RunsList {
    file: HashedFile,
    /// The key of the current item.
    key: MergeKey,
    /// The key before it.
    before: MergeKey,
    /// The length of the current item's rows; `None` before the first item and after the last one.
    length: Option<u32>,
}

impl RunsList {
    /// Opens a list, and reads its first item.
    pub(super) fn open(folder: &ShardFolder<'_>, path: &str) -> Result<Self, MergeError> {
        let file = HashedFile::open(folder.file(path)?)?;
        let [key, before] = [MergeKey::default(), MergeKey::default()];
        let mut list = Self { file, key, before, length: None };
        list.next()?;
        Ok(list)
    }

    /// Goes to the next item. Keys must ascend; several items may have the same.
    pub(super) fn next(&mut self) -> Result<(), MergeError> {
        let mut lengths = [[0; 4]; 2];
        std::mem::swap(&mut self.key, &mut self.before);
        if !self.file.fill(lengths.as_flattened_mut())? {
            self.length = None;
            return Ok(());
        }
        let [length, key] = lengths.map(u32::from_le_bytes);
        self.file.take(key, self.key.buffer())?;
        if self.key < self.before {
            return Err(MergeError::damaged(self.file.path(), Damage::Order));
        }
        self.length = Some(length);
        Ok(())
    }

    pub(super) const fn key(&self) -> &MergeKey {
        &self.key
    }

    /// The length of the current item's rows; `None` after the last item.
    pub(super) const fn length(&self) -> Option<u32> {
        self.length
    }

    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Checks the digest, after the last item.
    pub(super) fn end(self) -> Result<(), MergeError> {
        self.file.end().map(|_| ())
    }
}

/// The runs of a table: its list, and its rows.
#[derive(Debug)]
pub(super) struct RunsReader {
    list: RunsList,
    rows: HashedFile,
    /// The rows of the current item.
    content: Vec<u8>,
}

impl RunsReader {
    /// Opens a table of a shard, and reads its first item.
    pub(super) fn open(folder: &ShardFolder<'_>, table: &str) -> Result<Self, MergeError> {
        let [rows, runs] = paths(table);
        let rows = HashedFile::open(folder.file(&rows)?)?;
        let list = RunsList::open(folder, &runs)?;
        let mut reader = Self { list, rows, content: Vec::new() };
        reader.read_rows()?;
        Ok(reader)
    }

    pub(super) fn next(&mut self) -> Result<(), MergeError> {
        self.list.next()?;
        self.read_rows()
    }

    fn read_rows(&mut self) -> Result<(), MergeError> {
        match self.list.length() {
            Some(length) => self.rows.take(length, &mut self.content),
            None => Ok(()),
        }
    }

    pub(super) const fn key(&self) -> &MergeKey {
        self.list.key()
    }

    /// The rows of the current item.
    pub(super) fn content(&self) -> &[u8] {
        &self.content
    }

    pub(super) const fn has_ended(&self) -> bool {
        self.list.length().is_none()
    }

    /// The path of the rows.
    pub(super) fn path(&self) -> &Path {
        self.rows.path()
    }

    /// Checks the digests, after the last item.
    pub(super) fn end(self) -> Result<(), MergeError> {
        self.list.end()?;
        self.rows.end().map(|_| ())
    }
}
