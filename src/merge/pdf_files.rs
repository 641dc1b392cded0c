//! Takes the PDFs of all shards into the merged close, if they are single files.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::{Damage, MergeError};
use super::key::MergeKey;
use super::runs::merge_runs;
use super::shard_folder::ShardFolder;
use crate::publish::{FileInPieces, Staging};

/// How many files are taken in at once.
const AT_A_TIME: usize = 4096;

/// A line of a list as `sha256sum` writes it.
pub(super) struct Listed<'l> {
    pub(super) digest: &'l str,
    pub(super) path: &'l str,
}

impl<'l> Listed<'l> {
    /// `None` if the bytes are not such a line.
    pub(super) fn parse(line: &'l [u8]) -> Option<Self> {
        let line = str::from_utf8(line).ok()?.strip_suffix('\n')?;
        let (digest, path) = line.split_once("  ")?;
        Some(Self { digest, path })
    }
}

/// Takes the PDFs of all shards into the staged close, and lists them in `list`. `table` has a line
/// of the list for each PDF of a shard. `path` gives the path in the close by the key and the path in
/// the shard. The files are not read again.
///
/// # Errors
/// A file or a table is missing or damaged, or the close cannot be written.
pub(crate) fn merge_pdf_files(
    shards: &[ShardFolder<'_>],
    table: &str,
    list: &str,
    path: impl Fn(&MergeKey, &str) -> String,
    staging: &mut Staging,
) -> Result<(), MergeError> {
    let mut taken =
        Taken { list: staging.begin_file(list)?, lines: String::new(), files: Vec::new() };
    merge_runs(shards, table, |part, key, row| {
        let folder = shards[part].path;
        let Some(Listed { digest, path: from }) = Listed::parse(row) else {
            return Err(MergeError::damaged(folder, Damage::List));
        };
        let to = path(key, from);
        taken.lines.extend([digest, "  ", &to, "\n"]);
        taken.files.push((folder.join(from), to));
        if taken.files.len() < AT_A_TIME { Ok(()) } else { taken.write(staging) }
    })?;
    taken.write(staging)?;
    staging.end_file(taken.list);
    Ok(())
}

/// Files to be taken in.
struct Taken {
    list: FileInPieces,
    lines: String,
    /// Where each file stands, and its path in the close.
    files: Vec<(PathBuf, String)>,
}

impl Taken {
    fn write(&mut self, staging: &Staging) -> Result<(), MergeError> {
        self.files.par_iter().try_for_each(|(from, to)| take_in(staging, from, to))?;
        self.list.write(self.lines.as_bytes())?;
        self.files.clear();
        self.lines.clear();
        Ok(())
    }
}

fn take_in(staging: &Staging, from: &Path, to: &str) -> Result<(), MergeError> {
    if !from.is_file() {
        return Err(MergeError::damaged(from, Damage::Missing));
    }
    Ok(staging.take_in(from, to)?)
}
