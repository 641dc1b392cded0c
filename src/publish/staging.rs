//! Builds a close in a hidden folder on the same file system, and publishes it by one rename. The
//! next run removes the leftovers of a killed run.
//!
//! Two runs never publish at a time, even if locks fail. A run renames its folder to one name that
//! every run wants, and only one can have it. It checks the register again, and renames the folder
//! to the name of the close.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::PublishError;
use super::archive::{Archive, ArchiveInPieces};
use super::folders::{PREFIX, sweep, sync_all, sync_folder};
use super::lock::{Lock, is_in_place};
use super::staged_files::StagedFiles;
use crate::access::FileMode;
use crate::failpoint;
use crate::hash::{hexadecimal, sha256_hex};
use crate::register::{LATEST, MANIFEST, MANIFEST_DIGEST, OutputFile, Register};
use crate::stop::{self, HeldSignal};
use crate::table::BYTE_ORDER_MARK;

/// The name that a folder has just before it is published. A folder with files cannot be renamed to
/// a name that another folder with files has, so only one run has this name.
const CLAIM: &str = ".staging-to-publish";

/// A folder that is not yet a close. It is removed on drop, except after [`Staging::publish`] or
/// [`Staging::keep`].
#[derive(Debug)]
pub(crate) struct Staging {
    /// The lock on the output folder; `None` if nothing is published.
    lock: Option<Lock>,
    name: String,
    /// The folder for files; `None` if the files are only computed.
    root: Option<StagingFolder>,
    files: Vec<OutputFile>,
    contents: StagedFiles,
    mode: FileMode,
    /// Whether tables begin with a byte order mark.
    marks_tables: bool,
    is_done: bool,
    /// Delays a stop signal, so that a stopped run removes its staged files.
    _held: Option<HeldSignal>,
}

impl Staging {
    /// Removes leftovers of a killed run, and creates a fresh folder in the locked output folder.
    ///
    /// # Errors
    /// The output folder cannot be written.
    pub(crate) fn begin(lock: Lock, name: &str, mode: FileMode) -> Result<Self, PublishError> {
        sweep(lock.output())?;
        Self::create(lock, name, mode)
    }

    /// Creates the hidden folder, and removes nothing else. For a close whose shards lie beside it.
    ///
    /// # Errors
    /// The folder cannot be created.
    pub(crate) fn create(lock: Lock, name: &str, mode: FileMode) -> Result<Self, PublishError> {
        let root = lock.output().join(format!("{PREFIX}{name}"));
        let held = stop::hold();
        mode.create_folder(&root).map_err(PublishError::create(&root))?;
        let root = StagingFolder::open(root)?;
        failpoint::point("staging-created");
        Ok(Self {
            lock: Some(lock),
            name: name.to_owned(),
            root: Some(root),
            files: Vec::new(),
            contents: StagedFiles::default(),
            mode,
            marks_tables: false,
            is_done: false,
            _held: Some(held),
        })
    }

    /// A folder for the files of a close that is never published, or no folder if nothing is kept.
    /// The folder must be new or empty.
    ///
    /// # Errors
    /// It has files, or cannot be created.
    pub(crate) fn aside(
        folder: Option<&Path>,
        name: &str,
        mode: FileMode,
    ) -> Result<Self, PublishError> {
        if let Some(folder) = folder {
            mode.create_folders(folder).map_err(PublishError::create(folder))?;
            let mut entries = std::fs::read_dir(folder).map_err(PublishError::create(folder))?;
            if entries.next().is_some() {
                return Err(PublishError::NotEmpty { path: folder.to_owned() });
            }
        }
        Ok(Self {
            lock: None,
            name: name.to_owned(),
            root: folder.map(|it| StagingFolder::open(it.to_owned())).transpose()?,
            files: Vec::new(),
            contents: StagedFiles::default(),
            mode,
            marks_tables: false,
            is_done: false,
            _held: folder.map(|_| stop::hold()),
        })
    }

    /// Sets whether tables begin with a byte order mark.
    #[must_use]
    pub(crate) fn marking_tables(mut self, marks_tables: bool) -> Self {
        self.marks_tables = marks_tables;
        self
    }

    /// Keeps the written files. Without a manifest they are not a close.
    pub(crate) fn keep(mut self) {
        self.is_done = true;
    }

    /// Writes one file of the close.
    ///
    /// # Errors
    /// It cannot be created or written.
    pub(crate) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), PublishError> {
        let file = self.make_file(path, bytes)?;
        self.end_file(file);
        Ok(())
    }

    /// Writes one file that must still be [ended](Self::end_file).
    ///
    /// # Errors
    /// It cannot be created or written.
    pub(crate) fn make_file(&self, path: &str, bytes: &[u8]) -> Result<FileInPieces, PublishError> {
        let mut file = self.begin_file(path)?;
        file.write(bytes)?;
        Ok(file)
    }

    /// Begins a file that is written piece by piece.
    ///
    /// # Errors
    /// It cannot be created.
    pub(crate) fn begin_file(&self, path: &str) -> Result<FileInPieces, PublishError> {
        let create = |full: PathBuf| match self.mode.create_new(&full) {
            Ok(file) => Ok((full, file)),
            Err(error) => Err(PublishError::create(&full)(error)),
        };
        let place = self.place(path)?.map(create).transpose()?;
        let path = path.to_owned();
        let mut file = FileInPieces { path, place, digest: Sha256::new(), bytes: 0 };
        if self.marks_tables && Path::new(&file.path).extension().is_some_and(|it| it == "csv") {
            file.write(BYTE_ORDER_MARK)?;
        }
        Ok(file)
    }

    /// Ends a file and lists it.
    pub(crate) fn end_file(&mut self, file: FileInPieces) {
        let FileInPieces { path, digest, bytes, .. } = file;
        failpoint::point(&path);
        self.contents.add(&path, bytes);
        let sha256 = hexadecimal(&digest.finalize());
        self.files.push(OutputFile { path, sha256, bytes });
    }

    /// Ends several files in their order.
    pub(crate) fn end_files(&mut self, files: Vec<FileInPieces>) {
        for file in files {
            self.end_file(file);
        }
    }

    /// Writes many files in parallel. `make` creates each from an item and its index when needed,
    /// so none is kept in memory. The manifest does not list them: the caller lists them in a
    /// separate file.
    ///
    /// # Errors
    /// The first failure of `make` or of writing.
    pub(crate) fn write_many<T: Sync, R: Send, E: From<PublishError> + Send>(
        &self,
        items: &[T],
        make: impl Fn(usize, &T) -> Result<Made<R>, E> + Sync,
    ) -> Result<Vec<WrittenDocuments<R>>, E> {
        let written = items
            .par_iter()
            .enumerate()
            .map(|(place, item)| {
                let Made { path, content, digest, rest } = make(place, item)?;
                self.put_bytes(&path, &content)?;
                Ok(WrittenDocuments { digest, rest })
            })
            .collect::<Result<Vec<_>, E>>()?;
        failpoint::point("many");
        Ok(written)
    }

    /// Writes many files into one archive, in order, with only a few in memory. The manifest lists
    /// the archive, and the caller lists its files.
    ///
    /// # Errors
    /// The first failure of `make` or of writing.
    pub(crate) fn write_archive<T: Sync, R: Send, E: From<PublishError> + Send>(
        &mut self,
        path: &str,
        items: &[T],
        make: impl Fn(usize, &T) -> Result<Made<R>, E> + Sync,
    ) -> Result<Vec<WrittenDocuments<R>>, E> {
        let mut archive = self.begin_archive(path)?;
        let mut written = Vec::with_capacity(items.len());
        let mut waiting = Vec::new();
        // Write some files while making the next ones.
        for first in (0..items.len() + AT_A_TIME).step_by(AT_A_TIME) {
            let (stored, next) = rayon::join(
                || store(&mut archive, waiting, &mut written),
                || {
                    let places = (first..items.len().min(first + AT_A_TIME)).into_par_iter();
                    let files = places.map(|place| make(place, &items[place]).map(packed));
                    files.collect::<Result<Vec<_>, E>>()
                },
            );
            stored?;
            waiting = next?;
        }
        self.end_archive(archive)?;
        Ok(written)
    }

    /// Begins an archive that is written file by file.
    ///
    /// # Errors
    /// It cannot be created.
    pub(crate) fn begin_archive(&self, path: &str) -> Result<ArchiveInPieces, PublishError> {
        let root = self.root.as_ref().map_or(Path::new(""), |root| &root.path);
        let full = root.join(path);
        let file: Box<dyn io::Write + Send> = match &self.root {
            Some(_) => Box::new(self.mode.create_new(&full).map_err(PublishError::create(&full))?),
            None => Box::new(io::sink()),
        };
        let archive = Archive::new(BufWriter::with_capacity(1 << 17, file));
        Ok(ArchiveInPieces { path: path.to_owned(), full, archive })
    }

    /// Ends an archive and lists it.
    ///
    /// # Errors
    /// Its central directory cannot be written.
    pub(crate) fn end_archive(&mut self, archive: ArchiveInPieces) -> Result<(), PublishError> {
        let ArchiveInPieces { path, full, archive } = archive;
        let archived = archive.finish().map_err(PublishError::write(&full))?;
        self.contents.add(&path, archived.bytes);
        let sha256 = hexadecimal(&archived.digest);
        self.files.push(OutputFile { path, sha256, bytes: archived.bytes });
        failpoint::point("many");
        Ok(())
    }

    /// Takes a file that stands elsewhere, and leaves it there as well, so that a run that fails can
    /// be repeated. File systems without hard links copy it. The manifest does not list the file.
    ///
    /// # Errors
    /// It is missing, or cannot be linked or copied.
    pub(crate) fn take_in(&self, from: &Path, path: &str) -> Result<(), PublishError> {
        let bytes = std::fs::metadata(from).map_err(PublishError::write(from))?.len();
        if let Some(full) = self.place(path)?
            && std::fs::hard_link(from, &full).is_err()
        {
            let mut file = self.mode.create_new(&full).map_err(PublishError::create(&full))?;
            let mut source = File::open(from).map_err(PublishError::write(from))?;
            io::copy(&mut source, &mut file).map_err(PublishError::write(&full))?;
        }
        self.contents.add(path, bytes);
        Ok(())
    }

    /// The files listed so far.
    /// The bytes of a staged file; empty if nothing is written to disk.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, PublishError> {
        let full = self.staged().path.join(path);
        std::fs::read(&full).map_err(PublishError::write(&full))
    }

    pub(crate) fn files(&self) -> &[OutputFile] {
        &self.files
    }

    /// Writes the manifest, syncs all files, and publishes the close by one rename, if nobody has
    /// changed the folder or the register meanwhile.
    ///
    /// # Errors
    /// A file system error, a stop signal, or a folder that this run no longer holds. Nothing is
    /// published then.
    pub(crate) fn publish(
        mut self,
        manifest: &[u8],
        register: &Register,
    ) -> Result<PublishedClose, PublishError> {
        self.sync()?;
        failpoint::point("synced");
        let digest = format!("{}  {MANIFEST}\n", sha256_hex(manifest));
        self.put_bytes(MANIFEST_DIGEST, digest.as_bytes())?;
        self.put_bytes(MANIFEST, manifest)?;
        self.sync()?;
        failpoint::point("manifest-written");
        let output = self.output().to_owned();
        let place = output.join(&self.name);
        stop::decide().map_err(PublishError::write(&place))?;
        failpoint::point("decided");
        self.claim()?;
        failpoint::point("claimed");
        self.check(register)?;
        let staged = self.staged();
        match std::fs::rename(&staged.path, &place) {
            // A file system in a network may have renamed the folder, and lost the answer.
            Err(error) if !is_in_place(&staged.folder, &place) => {
                return Err(match error.kind() {
                    io::ErrorKind::NotFound => {
                        PublishError::StagingLost { path: staged.path.clone() }
                    }
                    _ => PublishError::write(&place)(error),
                });
            }
            _ => self.is_done = true,
        }
        failpoint::point("renamed");
        let unfinished = finish(&output, &self.name);
        failpoint::point("published");
        let lock = self.lock.take().expect("only a run with a lock publishes");
        Ok(PublishedClose { place, unfinished, lock })
    }

    /// Syncs the staged files.
    fn sync(&self) -> Result<(), PublishError> {
        let root = &self.staged().path;
        sync_all(root).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => PublishError::StagingLost { path: root.clone() },
            _ => PublishError::write(root)(source),
        })
    }

    /// Takes the name that only one run can have.
    fn claim(&mut self) -> Result<(), PublishError> {
        let claim = self.output().join(CLAIM);
        let root = self.root.as_mut().expect("only staged files are published");
        match std::fs::rename(&root.path, &claim) {
            Ok(()) => root.path = claim,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(PublishError::StagingLost { path: root.path.clone() });
            }
            Err(error) => match error.kind() {
                io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
                    let (path, holder) = (claim, "another run that publishes".to_owned());
                    return Err(PublishError::Locked { path, holder });
                }
                _ => return Err(PublishError::write(&claim)(error)),
            },
        }
        Ok(())
    }

    /// Checks just before the rename that this run still holds the output folder, that the staged
    /// files are all there, and that the register is the one that this close continues.
    fn check(&self, register: &Register) -> Result<(), PublishError> {
        let (lock, staged) = (self.lock.as_ref(), self.staged());
        lock.expect("only a run with a lock publishes").check()?;
        let is_whole = is_in_place(&staged.folder, &staged.path)
            && self.contents.is_in(&staged.path).unwrap_or_default();
        if !is_whole {
            return Err(PublishError::StagingLost { path: staged.path.clone() });
        }
        if !register.is_still_in(self.output()) {
            return Err(PublishError::RegisterChanged { path: self.output().to_owned() });
        }
        Ok(())
    }

    fn output(&self) -> &Path {
        self.lock.as_ref().expect("only a run with a lock publishes").output()
    }

    fn staged(&self) -> &StagingFolder {
        self.root.as_ref().expect("only staged files are published")
    }

    fn put_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), PublishError> {
        if let Some(full) = self.place(path)? {
            let mut file = self.mode.create_new(&full).map_err(PublishError::create(&full))?;
            file.write_all(bytes).map_err(PublishError::write(&full))?;
        }
        self.contents.add(path, bytes.len() as u64);
        Ok(())
    }

    /// The path of a file, if files are kept; creates its folder if needed.
    fn place(&self, path: &str) -> Result<Option<PathBuf>, PublishError> {
        let Some(StagingFolder { path: root, folder }) = &self.root else { return Ok(None) };
        let full = root.join(path);
        stop::check().map_err(PublishError::write(&full))?;
        // A removed folder is not made again.
        if !is_in_place(folder, root) {
            return Err(PublishError::StagingLost { path: root.clone() });
        }
        if let Some(inner) = full.parent().filter(|inner| inner != root) {
            self.mode.create_folders_within(inner).map_err(PublishError::create(inner))?;
        }
        Ok(Some(full))
    }
}

/// A close after the rename.
#[derive(Debug)]
pub(crate) struct PublishedClose {
    /// Its folder.
    pub(crate) place: PathBuf,
    /// What failed after the rename.
    pub(crate) unfinished: Vec<PublishError>,
    /// Still holds the output folder.
    pub(crate) lock: Lock,
}

/// The folder with the staged files. The open folder tells it from one that replaced it.
#[derive(Debug)]
struct StagingFolder {
    path: PathBuf,
    folder: File,
}

impl StagingFolder {
    fn open(path: PathBuf) -> Result<Self, PublishError> {
        let folder = File::open(&path).map_err(PublishError::create(&path))?;
        Ok(Self { path, folder })
    }
}

/// A file of a close that is being written. Its digest is updated with each write.
#[derive(Debug)]
pub(crate) struct FileInPieces {
    path: String,
    /// The file; `None` if it is only computed.
    place: Option<(PathBuf, File)>,
    digest: Sha256,
    bytes: u64,
}

impl FileInPieces {
    /// Writes the next bytes.
    ///
    /// # Errors
    /// They cannot be written, or the run was stopped.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), PublishError> {
        if let Some((full, file)) = &mut self.place {
            stop::check().map_err(PublishError::write(full))?;
            file.write_all(bytes).map_err(PublishError::write(full))?;
        }
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// How many files of an archive are made before they are written: few enough to stay in the
/// processor's cache.
const AT_A_TIME: usize = 128;

/// One of many files, ready to be written.
#[derive(Debug)]
pub(crate) struct Made<R> {
    /// Its path within the close.
    pub(crate) path: String,
    pub(crate) content: Vec<u8>,
    /// The SHA-256 of the content, which the maker may compute from a cached prefix.
    pub(crate) digest: [u8; 32],
    /// A value to return to the caller.
    pub(crate) rest: R,
}

/// The result of writing one of many files.
#[derive(Debug)]
pub(crate) struct WrittenDocuments<R> {
    /// The SHA-256 of the content.
    pub(crate) digest: [u8; 32],
    /// The value to return to the caller.
    pub(crate) rest: R,
}

/// A file for an archive, with its CRC-32.
fn packed<R>(made: Made<R>) -> (Made<R>, u32) {
    let checksum = libdeflater::crc32(&made.content);
    (made, checksum)
}

fn store<R>(
    archive: &mut ArchiveInPieces,
    files: Vec<(Made<R>, u32)>,
    written: &mut Vec<WrittenDocuments<R>>,
) -> Result<(), PublishError> {
    for (Made { path, content, digest, rest }, checksum) in files {
        archive.add(&path, &content, checksum)?;
        written.push(WrittenDocuments { digest, rest });
    }
    Ok(())
}

impl Drop for Staging {
    fn drop(&mut self) {
        let staged = self.root.as_ref().filter(|_| !self.is_done);
        // A folder of another run may stand there by now.
        if let Some(staged) = staged.filter(|it| is_in_place(&it.folder, &it.path)) {
            // The first failure is reported; the next run removes the rest.
            let _ = std::fs::remove_dir_all(&staged.path);
        }
    }
}

/// Syncs the name of the newest close, and points the `latest` link at it. Returns what failed.
pub(crate) fn finish(output: &Path, newest: &str) -> Vec<PublishError> {
    let synced = failpoint::fails("sync-output").and_then(|()| sync_folder(output));
    [synced.map_err(PublishError::sync(output)), point_latest_at(output, newest)]
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

/// Points the `latest` link at a close, atomically for readers.
///
/// # Errors
/// The link cannot be created.
pub(crate) fn point_latest_at(output: &Path, name: &str) -> Result<(), PublishError> {
    let link = output.join(LATEST);
    if std::fs::read_link(&link).is_ok_and(|target| target == Path::new(name)) {
        return Ok(());
    }
    let fresh = output.join(format!("{PREFIX}{LATEST}"));
    // A run killed at this point leaves a link.
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(PublishError::write(&fresh)(error));
        }
        _ => {}
    }
    std::os::unix::fs::symlink(name, &fresh).map_err(PublishError::create(&fresh))?;
    failpoint::point("latest-made");
    std::fs::rename(&fresh, &link).map_err(|source| {
        // The first failure is reported.
        let _ = std::fs::remove_file(&fresh);
        PublishError::write(&link)(source)
    })?;
    sync_folder(output).map_err(PublishError::sync(output))
}
