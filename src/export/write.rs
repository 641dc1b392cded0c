//! The only place that writes exported files. Each is written under another name, synced and
//! renamed, so that a file is never incomplete.
//!
//! An existing file with the same content stays. A different one is never replaced, because it may
//! have been imported; nothing is written then.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{ExportError, File};
use crate::access::FileMode;
use crate::stop;

/// A written file.
#[derive(Clone, Debug)]
pub(crate) struct WrittenFile {
    pub(crate) path: PathBuf,
    /// The rows below the header; for a journal, its postings.
    pub(crate) rows: usize,
    /// Whether it already existed with the same content.
    pub(crate) was_there: bool,
}

/// Writes files into a folder, creating it if needed.
///
/// # Errors
/// A different file of the same name, or a file system error.
pub(crate) fn write(
    folder: &Path,
    files: &[File],
    mode: FileMode,
) -> Result<Vec<WrittenFile>, ExportError> {
    // Write all files or none, so a stop signal waits until the end.
    let _held = stop::hold();
    let mut written = Vec::with_capacity(files.len());
    for file in files {
        let path = folder.join(&file.name);
        let was_there = is_there(&path, &file.bytes)?;
        written.push(WrittenFile { path, rows: file.rows, was_there });
    }
    mode.create_folders(folder).map_err(ExportError::create(folder))?;
    for (file, place) in files.iter().zip(&written).filter(|(_, place)| !place.was_there) {
        put(folder, &place.path, file, mode)?;
    }
    fs::File::open(folder).and_then(|it| it.sync_all()).map_err(ExportError::write(folder))?;
    Ok(written)
}

/// Whether a file with this content exists.
fn is_there(path: &Path, bytes: &[u8]) -> Result<bool, ExportError> {
    match fs::read(path) {
        Ok(found) if found == bytes => Ok(true),
        Ok(_) => Err(ExportError::Differs(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        // If a file has the name of the folder, creating the folder reports it.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(ExportError::write(path)(error)),
    }
}

fn put(folder: &Path, path: &Path, file: &File, mode: FileMode) -> Result<(), ExportError> {
    let partial = folder.join(format!(".{}.partial", file.name));
    let created = mode.options().write(true).create(true).truncate(true).open(&partial);
    let mut fresh = created.map_err(ExportError::create(&partial))?;
    fresh
        .write_all(&file.bytes)
        .and_then(|()| fresh.sync_all())
        .and_then(|()| fs::rename(&partial, path))
        .map_err(|error| {
            // The first failure is reported; the next export overwrites the rest.
            let _ = fs::remove_file(&partial);
            ExportError::write(path)(error)
        })
}
