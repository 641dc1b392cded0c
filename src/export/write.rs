//! The one place that writes exported files: each beside its place, synced, and then renamed, so
//! that nobody finds half a file.
//!
//! A file that is there already and says the same is left alone; one that says something else is
//! never replaced, because it may have been imported. Then nothing at all is written.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{ExportError, File};
use crate::stop;

/// A file that is in its place.
#[derive(Clone, Debug)]
pub struct WrittenFile {
    /// Where.
    pub path: PathBuf,
    /// Rows below the header; of a journal its postings.
    pub rows: usize,
    /// It was there already, and said the same.
    pub was_there: bool,
}

/// Writes files into a folder, which is created if need be.
///
/// # Errors
/// A file of one of the names says something else, or the file system refuses.
pub fn write(folder: &Path, files: &[File]) -> Result<Vec<WrittenFile>, ExportError> {
    // All of them or none: a signal has to wait for as long as this takes.
    let _held = stop::hold();
    let mut written = Vec::with_capacity(files.len());
    for file in files {
        let path = folder.join(&file.name);
        let was_there = is_there(&path, &file.bytes)?;
        written.push(WrittenFile { path, rows: file.rows, was_there });
    }
    fs::create_dir_all(folder).map_err(ExportError::create(folder))?;
    for (file, place) in files.iter().zip(&written).filter(|(_, place)| !place.was_there) {
        put(folder, &place.path, file)?;
    }
    fs::File::open(folder).and_then(|it| it.sync_all()).map_err(ExportError::write(folder))?;
    Ok(written)
}

/// Whether a file is there and says the same.
fn is_there(path: &Path, bytes: &[u8]) -> Result<bool, ExportError> {
    match fs::read(path) {
        Ok(found) if found == bytes => Ok(true),
        Ok(_) => Err(ExportError::Differs(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        // Where a file stands in the place of the folder, creating that says so.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(ExportError::write(path)(error)),
    }
}

fn put(folder: &Path, path: &Path, file: &File) -> Result<(), ExportError> {
    let partial = folder.join(format!(".{}.partial", file.name));
    let mut fresh = fs::File::create(&partial).map_err(ExportError::create(&partial))?;
    fresh
        .write_all(&file.bytes)
        .and_then(|()| fresh.sync_all())
        .and_then(|()| fs::rename(&partial, path))
        .map_err(|error| {
            // The failure is being reported; what stays is overwritten by the next export.
            let _ = fs::remove_file(&partial);
            ExportError::write(path)(error)
        })
}
