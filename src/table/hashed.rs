//! A file that is hashed while it is read.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::hash::hexadecimal;

pub(crate) struct Hashed<R> {
    source: R,
    digest: Sha256,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, digest: Sha256::new(), bytes: 0 }
    }

    /// The digest and length of the whole source, including unread bytes.
    pub(crate) fn finish(mut self) -> io::Result<(String, u64)> {
        io::copy(&mut self, &mut io::sink())?;
        Ok((hexadecimal(&self.digest.finalize()), self.bytes))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.digest.update(&buffer[..length]);
        self.bytes += length as u64;
        Ok(length)
    }
}
