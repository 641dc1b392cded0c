//! Reads a file of a shard, and checks its digest at the end.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::error::{Damage, MergeError};
use crate::hash::hexadecimal;

/// How much is read at once. A merge has two files of every shard open.
const BUFFER: usize = 1 << 17;

/// A file that is read from the start to the end.
#[derive(Debug)]
pub(super) struct HashedFile {
    path: PathBuf,
    /// The SHA-256 as the shard lists it.
    expected: String,
    from: BufReader<Hashing>,
}

/// Hashes what is read, a whole buffer at a time.
#[derive(Debug)]
struct Hashing {
    file: File,
    digest: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

impl HashedFile {
    pub(super) fn open((path, expected): (PathBuf, &str)) -> Result<Self, MergeError> {
        let file = File::open(&path).map_err(MergeError::read(&path))?;
        let hashing = Hashing { file, digest: Sha256::new() };
        let from = BufReader::with_capacity(BUFFER, hashing);
        Ok(Self { path, expected: expected.to_owned(), from })
    }

    /// Opens a file, reads it to its end, and checks its digest.
    pub(super) fn check(file: (PathBuf, &str)) -> Result<PathBuf, MergeError> {
        let mut opened = Self::open(file)?;
        let read = io::copy(&mut opened.from, &mut io::sink());
        read.map_err(MergeError::read(&opened.path))?;
        opened.end()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Fills a buffer with the next bytes; `false` if the file has ended before them.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<bool, MergeError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.from.read(&mut buffer[filled..]) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(MergeError::damaged(&self.path, Damage::Cut)),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(MergeError::read(&self.path)(error)),
            }
        }
        Ok(true)
    }

    /// Replaces the content of a buffer with the next `length` bytes. A damaged length takes no
    /// more memory than the file has bytes.
    pub(super) fn take(&mut self, length: u32, buffer: &mut Vec<u8>) -> Result<(), MergeError> {
        buffer.clear();
        let read = (&mut self.from).take(length.into()).read_to_end(buffer);
        if read.map_err(MergeError::read(&self.path))? < length as usize {
            return Err(MergeError::damaged(&self.path, Damage::Cut));
        }
        Ok(())
    }

    /// Checks that the file has ended and that its digest is the listed one. Returns its path.
    pub(super) fn end(mut self) -> Result<PathBuf, MergeError> {
        if self.fill(&mut [0])? {
            return Err(MergeError::damaged(&self.path, Damage::Rest));
        }
        let digest = self.from.into_inner().digest.finalize();
        if hexadecimal(&digest) != self.expected {
            return Err(MergeError::damaged(&self.path, Damage::Digest));
        }
        Ok(self.path)
    }
}
