//! The child side of the conversion: a limited process that reads a Parquet file from stdin and
//! writes CSV to stdout.
//!
//! The first line of stdout is JSON with the faults of the columns, as name, rule and hint. Without
//! faults, CSV follows.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::os::fd::AsFd as _;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::columns::{Parquet, Unreadable};
use super::{ARGUMENT, MOST};

/// The exit code if stderr contains the reason.
pub(crate) const REFUSED: i32 = 65;

/// Converts a file, if the arguments request it. `main` calls this first, and returns its result.
pub(crate) fn serve(arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.skip(1).map(|argument| argument.into_string().ok());
    if arguments.next()?.as_deref() != Some(ARGUMENT) {
        return None;
    }
    let mut columns: Vec<String> = arguments.flatten().collect();
    let most = columns.first().and_then(|it| it.strip_prefix(MOST)?.parse().ok());
    if most.is_some() {
        columns.remove(0);
    }
    // Memory is limited in any case.
    let most = most.unwrap_or(u64::MAX);
    // The message of a panic does not help the owner of a damaged file.
    std::panic::set_hook(Box::new(|_| ()));
    Some(match convert(&columns, most) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(u8::try_from(REFUSED).expect("a small number"))
        }
    })
}

fn convert(columns: &[String], most: u64) -> Result<(), Unreadable> {
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    bound(file.metadata()?.len())?;
    let parquet = Parquet::open(file, columns)?;
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let faults = parquet.faults(most);
    serde_json::to_writer(&mut output, &faults).map_err(io::Error::from)?;
    output.write_all(b"\n")?;
    if faults.is_empty() {
        parquet.write_csv(&mut output)?;
    }
    output.flush()?;
    Ok(())
}

/// Limits memory and time by the length of the file. One row group is in memory at a time, and may
/// be well compressed.
fn bound(bytes: u64) -> io::Result<()> {
    const LEAST_MEMORY: u64 = 2 << 30;
    const MEMORY_A_BYTE: u64 = 64;
    const LEAST_SECONDS: u64 = 60;
    const BYTES_A_SECOND: u64 = 1 << 20;
    let memory = LEAST_MEMORY.saturating_add(bytes.saturating_mul(MEMORY_A_BYTE));
    limit(Resource::As, memory)?;
    limit(Resource::Cpu, LEAST_SECONDS + bytes / BYTES_A_SECOND)?;
    limit(Resource::Core, 0)
}

/// Sets a limit, unless a lower one is set.
fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let now = rustix::process::getrlimit(resource);
    let lower = |known: Option<u64>| Some(known.map_or(most, |known| known.min(most)));
    let limit = Rlimit { current: lower(now.current), maximum: lower(now.maximum) };
    Ok(setrlimit(resource, limit)?)
}
