//! Restores the input files of a close from the pieces that a register holds.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::kept_inputs::{NEW_PIECES_FILE, Piece, read_pieces};
use super::{Close, RegisterError};
use crate::config::{self, ConfigError, Settings};

/// Input files outside of the input folder are restored below this folder.
const ELSEWHERE: &str = "elsewhere";

/// The input files of one close, in a temporary folder.
pub(crate) struct RestoredInputs {
    /// The input folder.
    pub(crate) folder: PathBuf,
    /// The places of files that `billing.toml` names outside of the input folder.
    pub(crate) elsewhere: BTreeMap<PathBuf, PathBuf>,
}

impl RestoredInputs {
    /// The settings and the bytes of `billing.toml`. Files outside of the input folder are named at
    /// their restored places.
    pub(crate) fn settings(&self) -> Result<(Settings, Vec<u8>), ConfigError> {
        let (mut settings, bytes) = config::load(&self.folder)?;
        let look = &mut settings.look;
        for path in look.logo.iter_mut().chain(&mut look.fonts) {
            let name = path.strip_prefix(&self.folder).unwrap_or(path);
            if let Some(place) = self.elsewhere.get(name) {
                path.clone_from(place);
            }
        }
        Ok((settings, bytes))
    }
}

/// The pieces of a register, decompressed in a temporary folder. Closes share most of them.
pub(crate) struct PieceStore<'r> {
    closes: &'r [Close],
    folder: PathBuf,
    opened: HashMap<Arc<str>, File>,
}

impl<'r> PieceStore<'r> {
    /// `folder` is empty, and the caller removes it.
    pub(crate) fn new(closes: &'r [Close], folder: &Path) -> Self {
        Self { closes, folder: folder.to_owned(), opened: HashMap::new() }
    }

    /// Restores the input files of a close in a folder of their own.
    ///
    /// # Errors
    /// A piece is missing or damaged, or the folder cannot be written.
    pub(crate) fn restore(&mut self, close: &Close) -> Result<RestoredInputs, RegisterError> {
        let folder = self.folder.join("input");
        let _ = fs::remove_dir_all(&folder);
        create_folder(&folder)?;
        let mut restored = RestoredInputs { folder, elsewhere: BTreeMap::new() };
        // A file without bytes has no pieces.
        for input in &close.manifest.inputs {
            let path = restored.place(Path::new(&input.name))?;
            File::create(&path).map_err(unreadable(&path))?;
        }
        let pieces = read_pieces(close)?;
        for of_file in pieces.chunk_by(|one, other| one.file == other.file) {
            let path = restored.place(Path::new(&*of_file[0].file))?;
            let file = File::create(&path).map_err(unreadable(&path))?;
            let mut file = BufWriter::new(file);
            for piece in of_file {
                self.copy(piece, &mut file).map_err(|reason| damaged(close, piece, &reason))?;
            }
            file.flush().map_err(unreadable(&path))?;
        }
        Ok(restored)
    }

    fn copy(&mut self, piece: &Piece, to: &mut impl io::Write) -> io::Result<()> {
        let mut from = self.open(&piece.close)?;
        from.seek(SeekFrom::Start(piece.start))?;
        let copied = io::copy(&mut from.take(piece.length), to)?;
        if copied == piece.length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// The new pieces of a close.
    fn open(&mut self, name: &Arc<str>) -> io::Result<&File> {
        if !self.opened.contains_key(name) {
            let holder = self.closes.iter().find(|close| close.manifest.close == **name);
            let holder = holder.ok_or(io::ErrorKind::NotFound)?;
            let path = self.folder.join(format!("{}.pieces", self.opened.len()));
            decompress(holder, &path)?;
            self.opened.insert(Arc::clone(name), File::open(&path)?);
        }
        Ok(&self.opened[name])
    }
}

/// The new pieces of a close are never longer than its inputs: a longer file was made to fill the
/// disk.
fn decompress(close: &Close, to: &Path) -> io::Result<()> {
    let most: u64 = close.manifest.inputs.iter().map(|file| file.bytes).sum();
    let from = BufReader::new(File::open(close.path.join(NEW_PIECES_FILE))?);
    let mut decoder = zstd::Decoder::with_buffer(from)?.take(most);
    io::copy(&mut decoder, &mut File::create(to)?).map(|_| ())
}

impl RestoredInputs {
    /// Where to restore a file, with its folder made.
    fn place(&mut self, name: &Path) -> Result<PathBuf, RegisterError> {
        let is_within = name.components().all(|part| matches!(part, Component::Normal(_)));
        let path = if is_within {
            self.folder.join(name)
        } else if let Some(known) = self.elsewhere.get(name) {
            known.clone()
        } else {
            let path = self.folder.join(ELSEWHERE).join(self.elsewhere.len().to_string());
            self.elsewhere.insert(name.to_owned(), path.clone());
            path
        };
        create_folder(path.parent().unwrap_or(&self.folder))?;
        Ok(path)
    }
}

fn create_folder(path: &Path) -> Result<(), RegisterError> {
    fs::create_dir_all(path).map_err(unreadable(path))
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> RegisterError + '_ {
    move |source| RegisterError::Unreadable { path: path.to_owned(), source }
}

fn damaged(close: &Close, piece: &Piece, reason: &io::Error) -> RegisterError {
    let Piece { file, close: holder, start, .. } = piece;
    let reason = format!("a piece of {file} at {start} of close {holder}: {reason}");
    RegisterError::Damaged { path: close.path.join(super::PIECES_FILE), reason }
}
