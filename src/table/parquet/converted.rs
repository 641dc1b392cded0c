//! The parent side of the conversion: reads CSV from a pipe, and explains a failure.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};

use rustix::process::Signal;

use super::{ARGUMENT, MOST, PROGRAM};
use crate::table::file_error::{FileError, FileErrors};
use crate::table::names::NamedColumn;

/// The rows of a Parquet file as CSV.
pub(crate) struct Converted {
    process: Child,
    csv: BufReader<ChildStdout>,
    has_ended: bool,
}

/// The faults of a file's columns never need more bytes.
const MOST_WORDS: u64 = 1 << 20;

const HINT: &str = "write the file again; parquet-tools, pandas or DuckDB say whether it is whole";

impl Converted {
    /// Starts converting these columns of a file into at most so many bytes.
    pub(crate) fn begin(file: File, columns: &[NamedColumn<'_>], most: u64) -> io::Result<Self> {
        let mut process = start(file, columns, most)?;
        let csv = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut converted = Self { process, csv, has_ended: false };
        let mut words = Vec::new();
        (&mut converted.csv).take(MOST_WORDS).read_until(b'\n', &mut words)?;
        match serde_json::from_slice::<Vec<[String; 3]>>(&words) {
            Ok(faults) if faults.is_empty() => Ok(converted),
            Ok(faults) => {
                let faults = faults.into_iter().map(|fault| FileError::of_column(columns, fault));
                Err(FileErrors(faults.collect()).into())
            }
            Err(_) => Err(converted.end().err().unwrap_or_else(|| damaged("").into())),
        }
    }

    /// Waits for the other process after its output ended.
    fn end(&mut self) -> io::Result<()> {
        const MOST_REASONS: u64 = 1 << 12;
        let mut reason = String::new();
        let stderr = self.process.stderr.take();
        let _ = stderr.map(|pipe: ChildStderr| pipe.take(MOST_REASONS).read_to_string(&mut reason));
        judge(self.process.wait()?, reason.trim())
    }
}

impl Read for Converted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.csv.read(buffer)?;
        if length == 0 && !self.has_ended && !buffer.is_empty() {
            self.has_ended = true;
            self.end()?;
        }
        Ok(length)
    }
}

impl Drop for Converted {
    fn drop(&mut self) {
        // The rest is not wanted. Killing the process and waiting leaves no zombie.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn start(file: File, columns: &[NamedColumn<'_>], most: u64) -> io::Result<Child> {
    let unset = || io::Error::new(ErrorKind::Unsupported, "nothing is there that reads Parquet");
    let program = PROGRAM.get().ok_or_else(unset)?;
    let mut command = Command::new(program);
    command
        .arg(ARGUMENT)
        .arg(format!("{MOST}{most}"))
        .args(columns.iter().map(|(_, theirs)| *theirs));
    command.stdin(file).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Use one arena, because the address space of more arenas would count against the limit.
    command.env("MALLOC_ARENA_MAX", "1").env("POLARS_MAX_THREADS", "1");
    // Nobody reads a backtrace, and it must not fill the pipe.
    command.env_remove("RUST_BACKTRACE").env_remove("RUST_LIB_BACKTRACE");
    command.spawn().map_err(|error| {
        io::Error::new(error.kind(), format!("the process that reads it does not start: {error}"))
    })
}

/// The error for the exit status of the other process.
fn judge(status: ExitStatus, reason: &str) -> io::Result<()> {
    if status.success() {
        return Ok(());
    }
    let is = |signal: Signal| status.signal() == Some(signal.as_raw());
    if is(Signal::INT) || is(Signal::TERM) || is(Signal::HUP) {
        return Err(io::Error::other("the process that reads it was ended"));
    }
    // Repeat only its own reason.
    let refused = status.code() == Some(super::serve::REFUSED);
    Err(damaged(if refused { reason } else { "" }).into())
}

fn damaged(reason: &str) -> FileError {
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    FileError::new(format!("cannot be read as Parquet{reason}"), HINT)
}
