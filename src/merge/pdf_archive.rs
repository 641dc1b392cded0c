//! Merges the archives of all shards' PDFs.

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::error::{Damage, MergeError};
use super::key::MergeKey;
use super::pdf_files::Listed;
use super::runs::merge_runs;
use super::shard_folder::ShardFolder;
use crate::hash::hexadecimal;
use crate::publish::{ArchiveInPieces, FileInPieces, PublishError, Staging, archived_files};

/// How many files are checked before they are written: few enough to stay in the processor's cache.
const AT_A_TIME: usize = 128;

/// Merges the archives `archive` of all shards into one, and lists its files in `list`. `table` has
/// a line of the list for each file of a shard's archive, in the same order. `path` gives the path
/// of a file in the merged archive by its key and its path in the shard's.
///
/// # Errors
/// An archive or a table is missing or damaged, a file is not the listed one, or the merged archive
/// cannot be written.
pub(crate) fn merge_pdf_archive(
    shards: &[ShardFolder<'_>],
    table: &str,
    [archive, list]: [&str; 2],
    path: impl Fn(&MergeKey, &str) -> String,
    staging: &mut Staging,
) -> Result<(), MergeError> {
    let sources = shards.iter().map(|shard| Source::open(shard.path.join(archive)));
    let mut sources: Vec<Source> = sources.collect::<Result<_, _>>()?;
    let mut merged = MergedArchive {
        archive: staging.begin_archive(archive)?,
        list: staging.begin_file(list)?,
        found: Vec::new(),
        checked: Vec::new(),
    };
    merge_runs(shards, table, |part, key, row| {
        let source = &mut sources[part];
        let listed = Listed::parse(row);
        let listed = listed.ok_or_else(|| MergeError::damaged(&source.path, Damage::List))?;
        let content = source.next(listed.path)?;
        let path = path(key, listed.path);
        merged.found.push(Found { digest: listed.digest.to_owned(), path, part, content });
        if merged.found.len() < AT_A_TIME { Ok(()) } else { merged.write(&sources) }
    })?;
    // The first call checks the last files, and the second one writes them.
    merged.write(&sources)?;
    merged.write(&sources)?;
    for source in &mut sources {
        if source.files.next().is_some() {
            return Err(MergeError::damaged(&source.path, Damage::Rest));
        }
    }
    let MergedArchive { archive, list, .. } = merged;
    staging.end_archive(archive)?;
    staging.end_file(list);
    Ok(())
}

/// An archive of a shard, read from its start.
struct Source {
    path: PathBuf,
    files: Box<dyn Iterator<Item = io::Result<(String, Vec<u8>)>> + Send + Sync>,
}

impl Source {
    fn open(path: PathBuf) -> Result<Self, MergeError> {
        let files = archived_files(&path).map_err(MergeError::read(&path))?;
        Ok(Self { files: Box::new(files), path })
    }

    /// The next file, which must have this path.
    fn next(&mut self, path: &str) -> Result<Vec<u8>, MergeError> {
        match self.files.next() {
            Some(Ok((other, content))) if other == path => Ok(content),
            Some(Err(error)) => Err(MergeError::read(&self.path)(error)),
            Some(Ok(_)) | None => {
                Err(MergeError::damaged(&self.path, Damage::Other(path.to_owned())))
            }
        }
    }
}

/// A file of a shard's archive.
struct Found {
    /// Its SHA-256 as the shard lists it.
    digest: String,
    /// Its path in the merged archive.
    path: String,
    /// The index of the shard.
    part: usize,
    content: Vec<u8>,
}

/// The archive in the making.
struct MergedArchive {
    archive: ArchiveInPieces,
    list: FileInPieces,
    /// Files that are not checked yet.
    found: Vec<Found>,
    /// Files with their CRC-32, to be written.
    checked: Vec<(Found, u32)>,
}

impl MergedArchive {
    /// Writes the checked files while the found ones are checked.
    fn write(&mut self, sources: &[Source]) -> Result<(), MergeError> {
        let Self { archive, list, found, checked } = self;
        let (ready, found) = (std::mem::take(checked), std::mem::take(found));
        let (written, next) = rayon::join(
            || store(archive, list, &ready),
            || found.into_par_iter().map(|file| file.checked(sources)).collect(),
        );
        written?;
        let next: Result<Vec<(Found, u32)>, MergeError> = next;
        *checked = next?;
        Ok(())
    }
}

impl Found {
    fn checked(self, sources: &[Source]) -> Result<(Self, u32), MergeError> {
        if hexadecimal(&Sha256::digest(&self.content)) != self.digest {
            return Err(MergeError::damaged(&sources[self.part].path, Damage::Digest));
        }
        let checksum = libdeflater::crc32(&self.content);
        Ok((self, checksum))
    }
}

fn store(
    archive: &mut ArchiveInPieces,
    list: &mut FileInPieces,
    files: &[(Found, u32)],
) -> Result<(), PublishError> {
    let mut lines = String::new();
    for (Found { digest, path, content, .. }, checksum) in files {
        archive.add(path, content, *checksum)?;
        lines.extend([digest, "  ", path, "\n"]);
    }
    list.write(lines.as_bytes())
}
