//! Reads a table's file as CSV, whatever its form, and hashes the bytes on disk.
//!
//! Files are decompressed piece by piece, so a small file that holds a huge one costs time, not
//! memory. A file that ends early or has trailing bytes is an error. Several gzip members or zstd
//! frames in a row are one text.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Seek as _};

use flate2::bufread::MultiGzDecoder;

use super::decoding::Decoding;
use super::file_error::{FileError, oversize};
use super::form::FileForm;
use super::hashed::Hashed;
use super::names::NamedColumn;
use super::parquet::Converted;
use crate::config::TextEncoding;

/// An open file of a table.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Its name in the input folder.
    pub(crate) name: String,
    pub(crate) form: FileForm,
    pub(crate) file: File,
}

impl Opened {
    /// The table, as billing.toml names it.
    pub(crate) fn table(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }

    /// Estimates the bytes of CSV.
    pub(crate) fn expected_bytes(&self) -> u64 {
        /// The usual compression ratio of tables.
        const RATIO: u64 = 5;
        let bytes = self.file.metadata().map_or(0, |about| about.len());
        if self.form == FileForm::Csv { bytes } else { bytes.saturating_mul(RATIO) }
    }

    /// The text of the table as UTF-8. A text of more than `most_mib` mebibytes is an error. Of a Parquet
    /// file only `columns` are read. A plain file is hashed if the run publishes its digest.
    pub(crate) fn content(
        self,
        columns: &[NamedColumn<'_>],
        encoding: TextEncoding,
        most_mib: u32,
        is_hashed: bool,
    ) -> TableContent {
        let left = u64::from(most_mib) << 20;
        let table = self.table().to_owned();
        let source = match self.form {
            FileForm::Csv if is_hashed => Ok(ContentSource::Csv(Hashed::new(self.file))),
            FileForm::Csv => Ok(ContentSource::Csv(Hashed::without_digest(self.file))),
            FileForm::Gzip => gzip(self.file),
            FileForm::Zstd => zstd(self.file),
            FileForm::Parquet => parquet(self.file, columns, left),
        };
        let is_text = self.form != FileForm::Parquet;
        let decoding = Decoding::new(encoding, &table).filter(|_| is_text);
        TableContent { source, decoding, left, most_mib }
    }
}

/// The text of a table, or why there is none. A file may hold far more text than it has bytes, so
/// the text has a limit.
pub(crate) struct TableContent {
    source: io::Result<ContentSource>,
    /// `None` for UTF-8.
    decoding: Option<Decoding>,
    /// The bytes that may still come.
    left: u64,
    most_mib: u32,
}

type Buffered = BufReader<Hashed<File>>;

enum ContentSource {
    Csv(Hashed<File>),
    Gzip(Box<MultiGzDecoder<Buffered>>),
    Zstd(zstd::Decoder<'static, Buffered>),
    /// With the digest and length of the file.
    Parquet(Converted, (String, u64)),
}

impl TableContent {
    /// The digest and length of the whole file, including unread bytes.
    pub(crate) fn finish(self) -> io::Result<(String, u64)> {
        match self.source? {
            ContentSource::Csv(file) => file.finish(),
            ContentSource::Gzip(decoder) => decoder.into_inner().into_inner().finish(),
            ContentSource::Zstd(decoder) => decoder.finish().into_inner().finish(),
            ContentSource::Parquet(_, digest) => Ok(digest),
        }
    }
}

impl Read for TableContent {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let source = match &mut self.source {
            Ok(source) => source,
            Err(error) => {
                let kind = error.kind();
                return Err(std::mem::replace(error, kind.into()));
            }
        };
        let length = match &mut self.decoding {
            None => source.read(buffer)?,
            Some(decoding) => decoding.read(source, buffer)?,
        };
        self.left = self.left.checked_sub(length as u64).ok_or_else(|| {
            let [rule, hint] = oversize(self.most_mib.into());
            FileError::new(rule, hint)
        })?;
        Ok(length)
    }
}

impl Read for ContentSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Csv(file) => file.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer).map_err(|error| damaged(error, "gzip")),
            Self::Zstd(decoder) => decoder.read(buffer).map_err(|error| damaged(error, "zstd")),
            Self::Parquet(converted, _) => converted.read(buffer),
        }
    }
}

fn gzip(file: File) -> io::Result<ContentSource> {
    let is_gzip = |start: &[u8]| start.starts_with(b"\x1f\x8b");
    starting(file, "gzip", is_gzip)
        .map(|file| ContentSource::Gzip(MultiGzDecoder::new(file).into()))
}

fn zstd(file: File) -> io::Result<ContentSource> {
    // Matches a frame or a skippable frame, whose first byte has any low digit.
    let is_zstd = |start: &[u8]| match *start {
        [0x28, 0xb5, 0x2f, 0xfd, ..] => true,
        [first, 0x2a, 0x4d, 0x18, ..] => first >> 4 == 5,
        _ => false,
    };
    zstd::Decoder::with_buffer(starting(file, "zstd", is_zstd)?).map(ContentSource::Zstd)
}

fn parquet(mut file: File, columns: &[NamedColumn<'_>], most: u64) -> io::Result<ContentSource> {
    let mut start = Vec::new();
    (&mut file).take(4).read_to_end(&mut start)?;
    let rule = match &start[..] {
        b"PAR1" => None,
        b"PARE" => Some("is encrypted"),
        [] => Some("is empty"),
        _ => Some("is not a Parquet file"),
    };
    if let Some(rule) = rule {
        return Err(
            FileError::new(rule, "write Parquet, or let its name end with what it is").into()
        );
    }
    file.rewind()?;
    let digest = Hashed::new(file.try_clone()?).finish()?;
    file.rewind()?;
    Ok(ContentSource::Parquet(Converted::begin(file, columns, most)?, digest))
}

/// Returns the file if it begins as its extension promises.
fn starting(file: File, what: &str, is_it: impl Fn(&[u8]) -> bool) -> io::Result<Buffered> {
    let mut file = BufReader::with_capacity(1 << 17, Hashed::new(file));
    match file.fill_buf()? {
        [] => Err(FileError::new(
            "is empty",
            format!("write a CSV file with a header row, and compress it with {what}"),
        )
        .into()),
        start if is_it(start) => Ok(file),
        _ => Err(FileError::new(
            format!("is not a {what} file"),
            format!("compress it with {what}, or let its name end with what it is"),
        )
        .into()),
    }
}

/// Passes on disk errors. Every other error is reported as damage of the file.
fn damaged(error: io::Error, what: &str) -> io::Error {
    if error.raw_os_error().is_some() || error.kind() == ErrorKind::Interrupted {
        return error;
    }
    let rule = if error.kind() == ErrorKind::UnexpectedEof {
        format!("is cut off: its {what} data end too early")
    } else {
        format!("is damaged: its {what} data cannot be read ({error})")
    };
    FileError::new(rule, format!("write the file again; {what} -t says whether it is whole")).into()
}
