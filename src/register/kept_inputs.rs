//! `inputs/`: the input files of a close, so that it can be derived again.
//!
//! A file is cut into pieces where its content says so. Most pieces of a growing log are therefore
//! those of the close before, and a close stores only the others.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use fastcdc::v2020::StreamCDC;
use sha2::{Digest as _, Sha256};

use super::{Close, Register, RegisterError};
use crate::hash::{Digest, hexadecimal};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};

/// Lists the pieces of every input file.
pub(crate) const PIECES_FILE: &str = "inputs/pieces.parquet";

/// The pieces that no earlier close holds, one after the other.
pub(crate) const NEW_PIECES_FILE: &str = "inputs/new.zst";

/// The first file format whose closes keep their inputs.
const FIRST_FORMAT: u32 = 6;

/// The bytes of a piece: at least, on average, at most.
const PIECE: [usize; 3] = [4 << 10, 16 << 10, 64 << 10];

/// New pieces are compressed in blocks of about this size.
const BLOCK: usize = 1 << 20;

/// A piece of an input file, and its place in a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The name of the input file.
    pub(crate) file: Arc<str>,
    /// The digest of its bytes.
    pub(crate) digest: Digest,
    /// The close that holds it.
    pub(crate) close: Arc<str>,
    /// Where it begins in the new pieces of that close.
    pub(crate) start: u64,
    /// Its length.
    pub(crate) length: u64,
}

/// Cuts the input files of a close, and compresses the pieces that are new.
pub(crate) struct InputKeeper<W> {
    close: Arc<str>,
    known: HashMap<Digest, Piece>,
    pieces: Vec<Piece>,
    waiting: Vec<u8>,
    position: u64,
    write: W,
}

impl<W, E> InputKeeper<W>
where
    W: FnMut(&[u8]) -> Result<(), E>,
    E: From<io::Error>,
{
    /// `write` takes the compressed pieces.
    ///
    /// # Errors
    /// The newest close lists its pieces in a file that is damaged.
    pub(crate) fn new(close: &str, before: &Register, write: W) -> Result<Self, RegisterError> {
        let known = match before.newest().filter(|newest| newest.keeps_inputs()) {
            Some(newest) => read_pieces(newest)?,
            None => Vec::new(),
        };
        Ok(Self {
            close: close.into(),
            known: known.into_iter().map(|piece| (piece.digest, piece)).collect(),
            pieces: Vec::new(),
            waiting: Vec::with_capacity(BLOCK + PIECE[2]),
            position: 0,
            write,
        })
    }

    /// Keeps a file. Returns the SHA-256 of its bytes.
    pub(crate) fn keep(&mut self, name: &str, content: impl Read) -> Result<String, E> {
        let file: Arc<str> = name.into();
        let mut whole = Sha256::new();
        let [least, average, most] = PIECE;
        for piece in StreamCDC::new(content, least, average, most) {
            let bytes = piece.map_err(io::Error::from)?.data;
            whole.update(&bytes);
            self.add(&file, &bytes)?;
        }
        Ok(hexadecimal(&whole.finalize()))
    }

    fn add(&mut self, file: &Arc<str>, bytes: &[u8]) -> Result<(), E> {
        let digest = Digest::of(bytes);
        let file = Arc::clone(file);
        if let Some(known) = self.known.get(&digest) {
            self.pieces.push(Piece { file, ..known.clone() });
            return Ok(());
        }
        let length = bytes.len() as u64;
        let piece =
            Piece { file, digest, close: Arc::clone(&self.close), start: self.position, length };
        self.position += length;
        self.known.insert(digest, piece.clone());
        self.pieces.push(piece);
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= BLOCK { self.compress() } else { Ok(()) }
    }

    fn compress(&mut self) -> Result<(), E> {
        let frame = zstd::bulk::compress(&self.waiting, zstd::DEFAULT_COMPRESSION_LEVEL)?;
        self.waiting.clear();
        (self.write)(&frame)
    }

    /// Writes the rest. Returns the list of the pieces.
    pub(crate) fn finish(mut self) -> Result<Vec<Piece>, E> {
        self.compress()?;
        Ok(self.pieces)
    }
}

/// Writes the list of pieces.
pub(crate) fn pieces_to_parquet(pieces: &[Piece]) -> Result<Vec<u8>, ColumnsError> {
    let number = |number: u64| i64::try_from(number).expect("no file has that many bytes");
    StateColumns::of(pieces)
        .word("file", |piece| Some(&piece.file))
        .digest("digest", |piece| piece.digest)
        .word("close", |piece| Some(&piece.close))
        .number("start", |piece| number(piece.start))
        .number("length", |piece| number(piece.length))
        .to_parquet()
}

/// The pieces of a close's input files, in their order.
///
/// # Errors
/// The list is damaged.
pub(crate) fn read_pieces(close: &Close) -> Result<Vec<Piece>, RegisterError> {
    close.check_files(PIECES_FILE)?;
    let table = StateTable::read(&close.path.join(PIECES_FILE))?;
    let (file, in_close) = (table.texts("file")?, table.texts("close")?);
    let (digest, start, length) =
        (table.digests("digest")?, table.numbers("start")?, table.numbers("length")?);
    let mut names: HashMap<&str, Arc<str>> = HashMap::new();
    let mut name = |text| Arc::clone(names.entry(text).or_insert_with_key(|text| (*text).into()));
    let piece = |row: usize| {
        Some(Piece {
            file: name(file[row]),
            digest: digest[row],
            close: name(in_close[row]),
            start: start[row].try_into().ok()?,
            length: length[row].try_into().ok()?,
        })
    };
    let pieces: Option<Vec<Piece>> = (0..table.height()).map(piece).collect();
    pieces.ok_or_else(|| table.damaged("a piece has a negative place").into())
}

impl Close {
    /// Whether the close keeps its inputs, as all closes since format 6 do.
    pub(crate) fn keeps_inputs(&self) -> bool {
        self.manifest.format >= FIRST_FORMAT
    }
}
