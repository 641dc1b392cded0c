//! Writes a ZIP archive file by file, without keeping the files in memory.
//!
//! Files are stored without compression, because PDFs are already compressed. All have the earliest
//! date of the format, so the same files always give the same archive. The format is PKWARE's
//! APPNOTE 6.3. Beyond 65,535 files or 4 GB, ZIP64 records are written as well.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::PublishError;

/// An archive being written.
pub(crate) struct Archive<W> {
    out: W,
    digest: Sha256,
    /// How many bytes have been written.
    position: u64,
    files: u64,
    /// The central directory so far. Nothing else is kept about a file.
    table: Vec<u8>,
}

/// An archive of a close that is being written.
pub(crate) struct ArchiveInPieces {
    /// Its path within the close.
    pub(super) path: String,
    /// Its path.
    pub(super) full: PathBuf,
    pub(super) archive: Archive<BufWriter<Box<dyn Write + Send>>>,
}

impl ArchiveInPieces {
    /// Adds a file and its CRC-32.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn add(
        &mut self,
        path: &str,
        content: &[u8],
        checksum: u32,
    ) -> Result<(), PublishError> {
        self.archive.add(path, content, checksum).map_err(PublishError::write(&self.full))
    }
}

/// The central directory's fields for a file.
struct ZipEntry<'p> {
    path: &'p str,
    checksum: u32,
    bytes: u32,
    position: u64,
}

/// A finished archive.
pub(crate) struct Archived {
    /// Its SHA-256.
    pub(crate) digest: [u8; 32],
    /// Its length.
    pub(crate) bytes: u64,
}

/// Begins the header before each file, and the length of that header without the name.
const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
const LOCAL_HEADER: usize = 30;
/// The first versions that support folders and ZIP64.
const FOLDERS: u16 = 20;
const ZIP64: u16 = 45;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1 January 1980.
const DATE: u16 = 1 << 5 | 1;
/// Made on Unix: the owner may write the file and everybody may read it.
const MADE_BY: u16 = 3 << 8;
const MODE: u32 = 0o100_644 << 16;

impl<W: Write> Archive<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, digest: Sha256::new(), position: 0, files: 0, table: Vec::new() }
    }

    /// Adds a file. The caller passes the CRC-32, so that it can be computed in parallel.
    ///
    /// # Errors
    /// It cannot be written, or has 4 GB or more.
    pub(crate) fn add(&mut self, path: &str, content: &[u8], checksum: u32) -> io::Result<()> {
        let bytes = u32::try_from(content.len()).map_err(io::Error::other)?;
        let entry = ZipEntry { path, checksum, bytes, position: self.position };
        let mut header = Vec::with_capacity(64);
        put32(&mut header, LOCAL_SIGNATURE);
        put16(&mut header, FOLDERS);
        entry.describe(&mut header);
        put16(&mut header, 0);
        header.extend_from_slice(path.as_bytes());
        entry.list(&mut self.table);
        self.files += 1;
        self.put(&header)?;
        self.put(content)
    }

    /// Writes the central directory.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<Archived> {
        let mut table = std::mem::take(&mut self.table);
        let (count, start) = (self.files, self.position);
        let length = table.len() as u64;
        if count >= 0xffff || start >= 0xffff_ffff || length >= 0xffff_ffff {
            put_zip64(&mut table, count, start, length);
        }
        let short = |number: u64| u16::try_from(number).unwrap_or(u16::MAX);
        let long = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        put32(&mut table, 0x0605_4b50);
        for number in [0, 0, short(count), short(count)] {
            put16(&mut table, number);
        }
        put32(&mut table, long(length));
        put32(&mut table, long(start));
        put16(&mut table, 0);
        self.put(&table)?;
        self.out.flush()?;
        Ok(Archived { digest: self.digest.finalize().into(), bytes: self.position })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.position += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// The files of an archive that [`Archive`] wrote, with their paths, in order.
///
/// # Errors
/// The archive cannot be opened.
pub(crate) fn archived_files(
    archive: &Path,
) -> io::Result<impl Iterator<Item = io::Result<(String, Vec<u8>)>> + use<>> {
    let mut from = BufReader::new(File::open(archive)?);
    Ok(std::iter::from_fn(move || next_file(&mut from).transpose()))
}

/// The next file; `None` at the central directory.
fn next_file(from: &mut impl Read) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut header = [0; LOCAL_HEADER];
    from.read_exact(&mut header[..4])?;
    if header[..4] != LOCAL_SIGNATURE.to_le_bytes() {
        return Ok(None);
    }
    from.read_exact(&mut header[4..])?;
    let [.., s0, s1, s2, s3, n0, n1, e0, e1] = header;
    let (bytes, name) = (u32::from_le_bytes([s0, s1, s2, s3]), u16::from_le_bytes([n0, n1]));
    let mut take = |length: u64| {
        let mut bytes = Vec::new();
        from.take(length).read_to_end(&mut bytes).map(|_| bytes)
    };
    let name = String::from_utf8_lossy(&take(name.into())?).into_owned();
    take(u16::from_le_bytes([e0, e1]).into())?;
    Ok(Some((name, take(bytes.into())?)))
}

impl ZipEntry<'_> {
    /// Writes the fields from the flags to the length of the name.
    fn describe(&self, out: &mut Vec<u8>) {
        for number in [FLAGS, 0, 0, DATE] {
            put16(out, number);
        }
        for number in [self.checksum, self.bytes, self.bytes] {
            put32(out, number);
        }
        put16(out, u16::try_from(self.path.len()).expect("names of documents are short"));
    }

    fn list(&self, out: &mut Vec<u8>) {
        let far = u32::try_from(self.position).ok().filter(|&it| it < u32::MAX);
        put32(out, 0x0201_4b50);
        let version = if far.is_some() { FOLDERS } else { ZIP64 };
        put16(out, MADE_BY | version);
        put16(out, version);
        self.describe(out);
        put16(out, if far.is_some() { 0 } else { 12 });
        for _ in ["comment", "disk", "kind of text"] {
            put16(out, 0);
        }
        put32(out, MODE);
        put32(out, far.unwrap_or(u32::MAX));
        out.extend_from_slice(self.path.as_bytes());
        if far.is_none() {
            put16(out, 1);
            put16(out, 8);
            put64(out, self.position);
        }
    }
}

/// Writes the ZIP64 end record and its locator, for numbers too large for the usual end record.
fn put_zip64(table: &mut Vec<u8>, count: u64, start: u64, length: u64) {
    put32(table, 0x0606_4b50);
    put64(table, 44);
    put16(table, ZIP64);
    put16(table, ZIP64);
    put64(table, 0);
    for number in [count, count, length, start] {
        put64(table, number);
    }
    put32(table, 0x0706_4b50);
    put32(table, 0);
    put64(table, start + length);
    put32(table, 1);
}

fn put16(out: &mut Vec<u8>, number: u16) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(names: impl Iterator<Item = String>) -> (Vec<u8>, Archived) {
        let mut out = Vec::new();
        let mut archive = Archive::new(&mut out);
        for name in names {
            let content = name.clone().into_bytes();
            let checksum = libdeflater::crc32(&content);
            archive.add(&name, &content, checksum).expect("memory takes it");
        }
        let archived = archive.finish().expect("memory takes it");
        (out, archived)
    }

    fn has(archive: &[u8], signature: [u8; 4]) -> bool {
        archive.windows(4).any(|it| it == signature)
    }

    #[test]
    fn the_same_files_give_the_same_archive() {
        let names = || ["pdf/A.pdf".to_owned(), "receipts/Ä.pdf".to_owned()].into_iter();
        let (out, archived) = archive(names());
        assert_eq!(out, archive(names()).0);
        assert_eq!(archived.bytes, out.len() as u64);
        assert_eq!(archived.digest, <[u8; 32]>::from(Sha256::digest(&out)));
        let end = &out[out.len() - 22..];
        assert_eq!(end[..12], [b'P', b'K', 5, 6, 0, 0, 0, 0, 2, 0, 2, 0]);
    }

    #[test]
    fn only_many_files_need_zip64() {
        let names = |count: u32| (0..count).map(|number| number.to_string());
        assert!(!has(&archive(names(65_534)).0, *b"PK\x06\x06"));
        let many = archive(names(65_535)).0;
        assert!(has(&many[many.len() - 100..], *b"PK\x06\x06"));
    }
}
