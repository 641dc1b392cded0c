//! Opens and reads files that other people wrote. Pipes, devices and folders are refused before
//! anything is read, because they may hang, never end or do something. Sizes have a limit.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

/// Opens a regular file to read it.
///
/// # Errors
/// It is no regular file, or cannot be opened.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    // Opening a device may already have an effect, so its kind is looked at before.
    refuse(std::fs::metadata(path)?.file_type())?;
    // In between it may have been replaced. Without the flag a pipe would wait for a writer.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    let flags = i32::try_from(flags).expect("both are small");
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    refuse(file.metadata()?.file_type())?;
    Ok(file)
}

/// Reads a regular file. `most_mib` is the largest size in mebibytes.
///
/// # Errors
/// It is no regular file, is larger, or cannot be read.
pub(crate) fn read(path: &Path, most_mib: u64) -> io::Result<Vec<u8>> {
    let most = most_mib << 20;
    let mut bytes = Vec::new();
    open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let reason = format!("has more than {most_mib} MiB, which is the limit");
        return Err(io::Error::new(ErrorKind::FileTooLarge, reason));
    }
    Ok(bytes)
}

fn refuse(kind: FileType) -> io::Result<()> {
    let what = match kind {
        _ if kind.is_file() => return Ok(()),
        _ if kind.is_dir() => "a folder",
        _ if kind.is_fifo() => "a named pipe",
        _ if kind.is_socket() => "a socket",
        _ if kind.is_block_device() || kind.is_char_device() => "a device",
        _ => "something else",
    };
    Err(io::Error::new(ErrorKind::InvalidInput, format!("is {what}, not a file")))
}
