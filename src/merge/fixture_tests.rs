//! Folders of shards, and of what is merged from them.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::Damage;
use super::*;
use crate::access::FileMode;
use crate::publish::Staging;
use crate::register::OutputFile;

/// The numbers of shards that are tried.
pub(super) const COUNTS: [usize; 5] = [1, 2, 3, 8, 64];

/// The folders of some shards.
pub(super) struct Shards {
    folder: TempDir,
    files: Vec<Vec<OutputFile>>,
}

impl Shards {
    /// `write` writes the files of the shard with an index.
    pub(super) fn of(count: usize, write: impl Fn(usize, &mut Staging)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let files = (0..count).map(|shard| {
            let mut staging = staging(&folder.path().join(shard.to_string()));
            write(shard, &mut staging);
            let files = staging.files().to_vec();
            staging.keep();
            files
        });
        let files = files.collect();
        Self { folder, files }
    }

    pub(super) fn path(&self, shard: usize, file: &str) -> PathBuf {
        self.folder.path().join(shard.to_string()).join(file)
    }

    /// Merges them with `merge`, which writes to a folder. Returns that folder.
    pub(super) fn merged<E>(
        &self,
        merge: impl FnOnce(&[ShardFolder<'_>], &mut Staging) -> Result<(), E>,
    ) -> Result<TempDir, E> {
        let paths: Vec<PathBuf> = (0..self.files.len()).map(|shard| self.path(shard, "")).collect();
        let folders: Vec<ShardFolder<'_>> = paths
            .iter()
            .zip(&self.files)
            .map(|(path, files)| ShardFolder { path, files })
            .collect();
        let merged = tempfile::tempdir().expect("a folder");
        let mut staging = staging(merged.path());
        merge(&folders, &mut staging)?;
        staging.keep();
        Ok(merged)
    }

    /// Changes the content of a file, and lists it as changed.
    pub(super) fn rewrite(&mut self, shard: usize, file: &str, bytes: &[u8]) {
        std::fs::write(self.path(shard, file), bytes).expect("writes");
        let listed = self.files[shard].iter_mut().find(|it| it.path == file).expect("is listed");
        listed.sha256 = crate::hash::sha256_hex(bytes);
    }
}

pub(super) fn staging(folder: &Path) -> Staging {
    Staging::aside(Some(folder), "close", FileMode::Group).expect("a folder")
}

/// The damage of a file, and the file's name.
pub(super) fn damage<T>(result: Result<T, MergeError>) -> (String, Damage) {
    match result {
        Err(MergeError::Damaged { path, damage }) => {
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            (parts[parts.len().saturating_sub(3)..].join("/"), damage)
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it is merged"),
    }
}
