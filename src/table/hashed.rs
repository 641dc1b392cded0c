//! A file that is hashed while it is read.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::hash::hexadecimal;

pub(crate) struct Hashed<R> {
    source: R,
    /// `None` if nobody asks for the digest, which takes longer than to read.
    digest: Option<Sha256>,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, digest: Some(Sha256::new()), bytes: 0 }
    }

    /// A file whose digest nobody asks for.
    pub(crate) fn without_digest(source: R) -> Self {
        Self { source, digest: None, bytes: 0 }
    }

    /// The digest and length of the whole source, including unread bytes; an empty digest if nobody
    /// asks for it.
    pub(crate) fn finish(mut self) -> io::Result<(String, u64)> {
        io::copy(&mut self, &mut io::sink())?;
        let digest = self.digest.map(|digest| hexadecimal(&digest.finalize()));
        Ok((digest.unwrap_or_default(), self.bytes))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        if let Some(digest) = &mut self.digest {
            digest.update(&buffer[..length]);
        }
        self.bytes += length as u64;
        Ok(length)
    }
}
