//! A close being made: files go to a hidden folder on the same file system, and one rename makes
//! it a close. Left-overs of a killed run are swept away by the next.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::PublishError;
use crate::fault;
use crate::input::{hexadecimal, sha256_hex};
use crate::register::{LATEST, MANIFEST, MANIFEST_DIGEST, OutputFile};

const PREFIX: &str = ".staging-";

/// A folder that is not a close yet. Dropped without [`Staging::publish`], it vanishes.
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    name: String,
    root: PathBuf,
    files: Vec<OutputFile>,
    published: bool,
}

impl Staging {
    /// Sweeps away what a killed run left and opens a fresh folder. The output folder must be
    /// locked.
    ///
    /// # Errors
    /// The output folder cannot be written.
    pub fn begin(output: &Path, name: &str) -> Result<Self, PublishError> {
        sweep(output)?;
        let root = output.join(format!("{PREFIX}{name}"));
        std::fs::create_dir(&root).map_err(PublishError::create(&root))?;
        fault::point("staging-created");
        Ok(Self {
            output: output.to_owned(),
            name: name.to_owned(),
            root,
            files: Vec::new(),
            published: false,
        })
    }

    /// Writes one file of the close.
    ///
    /// # Errors
    /// It cannot be created or written.
    pub fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), PublishError> {
        let file = self.put(path, bytes)?;
        self.files.push(file);
        fault::point(path);
        Ok(())
    }

    /// Begins a file that is written piece by piece.
    ///
    /// # Errors
    /// It cannot be created.
    pub fn begin_file(&self, path: &str) -> Result<FileInPieces, PublishError> {
        let full = self.place(path)?;
        let file = File::create_new(&full).map_err(PublishError::create(&full))?;
        Ok(FileInPieces { path: path.to_owned(), full, file, digest: Sha256::new(), bytes: 0 })
    }

    /// Ends it.
    pub fn end_file(&mut self, file: FileInPieces) {
        let FileInPieces { path, digest, bytes, .. } = file;
        fault::point(&path);
        let sha256 = hexadecimal(&digest.finalize());
        self.files.push(OutputFile { path, sha256, bytes });
    }

    /// Writes many files at once, each made when it is its turn; none of them is kept in memory.
    /// They are not listed one by one in the manifest: the caller lists them in a file of their
    /// own. `make` returns a file's path, bytes and whatever else is wanted back.
    ///
    /// # Errors
    /// The first failure, of `make` or of writing.
    pub fn write_many<T: Sync, R: Send, E: From<PublishError> + Send>(
        &self,
        items: &[T],
        make: impl Fn(&T) -> Result<(String, Vec<u8>, R), E> + Sync,
    ) -> Result<Vec<(OutputFile, R)>, E> {
        let written = items
            .par_iter()
            .map(|item| {
                let (path, bytes, rest) = make(item)?;
                Ok((self.put(&path, &bytes)?, rest))
            })
            .collect::<Result<Vec<_>, E>>()?;
        fault::point("many");
        Ok(written)
    }

    /// What has been written and listed so far.
    pub fn files(&self) -> &[OutputFile] {
        &self.files
    }

    /// Writes the manifest, makes everything durable, and publishes the close by one rename.
    ///
    /// # Errors
    /// Anything the file system refuses. Up to the rename nothing is published; after it only
    /// the `latest` link can fail, and the next run mends that.
    pub fn publish(mut self, manifest: &[u8]) -> Result<PathBuf, PublishError> {
        sync_all(&self.root).map_err(PublishError::write(&self.root))?;
        fault::point("synced");
        let digest = format!("{}  {MANIFEST}\n", sha256_hex(manifest));
        self.put(MANIFEST_DIGEST, digest.as_bytes())?;
        self.put(MANIFEST, manifest)?;
        sync_all(&self.root).map_err(PublishError::write(&self.root))?;
        fault::point("manifest-written");
        let place = self.output.join(&self.name);
        std::fs::rename(&self.root, &place).map_err(PublishError::write(&place))?;
        self.published = true;
        fault::point("renamed");
        sync_folder(&self.output).map_err(PublishError::write(&self.output))?;
        point_latest_at(&self.output, &self.name)?;
        fault::point("published");
        Ok(place)
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<OutputFile, PublishError> {
        let full = self.place(path)?;
        let mut file = File::create_new(&full).map_err(PublishError::create(&full))?;
        file.write_all(bytes).map_err(PublishError::write(&full))?;
        Ok(OutputFile {
            path: path.to_owned(),
            sha256: sha256_hex(bytes),
            bytes: bytes.len() as u64,
        })
    }

    /// Where a file goes; its folder is made if need be.
    fn place(&self, path: &str) -> Result<PathBuf, PublishError> {
        let full = self.root.join(path);
        if let Some(folder) = full.parent().filter(|folder| *folder != self.root) {
            std::fs::create_dir_all(folder).map_err(PublishError::create(folder))?;
        }
        Ok(full)
    }
}

/// A file of a close that is being written: its digest grows with it.
#[derive(Debug)]
pub struct FileInPieces {
    path: String,
    full: PathBuf,
    file: File,
    digest: Sha256,
    bytes: u64,
}

impl FileInPieces {
    /// Writes the next bytes.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), PublishError> {
        self.file.write_all(bytes).map_err(PublishError::write(&self.full))?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.published {
            // The failure that led here is being reported; the next run sweeps what stays.
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }
}

/// Swaps the `latest` link to a close, at once for whoever follows it.
///
/// # Errors
/// The link cannot be made.
pub fn point_latest_at(output: &Path, name: &str) -> Result<(), PublishError> {
    let link = output.join(LATEST);
    if std::fs::read_link(&link).is_ok_and(|target| target == Path::new(name)) {
        return Ok(());
    }
    let fresh = output.join(format!("{PREFIX}{LATEST}"));
    // A run killed right here has left one.
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(PublishError::write(&fresh)(error));
        }
        _ => {}
    }
    std::os::unix::fs::symlink(name, &fresh).map_err(PublishError::create(&fresh))?;
    fault::point("latest-made");
    std::fs::rename(&fresh, &link).map_err(PublishError::write(&link))?;
    sync_folder(output).map_err(PublishError::write(output))
}

fn sweep(output: &Path) -> Result<(), PublishError> {
    for entry in std::fs::read_dir(output).map_err(PublishError::create(output))? {
        let entry = entry.map_err(PublishError::create(output))?;
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed =
            if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        removed.map_err(PublishError::write(&path))?;
    }
    Ok(())
}

/// Makes everything written below a folder durable. One call for the whole file system is as safe
/// as one a file, and a close may have a million files.
#[cfg(target_os = "linux")]
fn sync_all(folder: &Path) -> std::io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn sync_all(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_all(&path)? } else { File::open(&path)?.sync_all()? }
    }
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
