//! The output on stderr: warnings, notes, results of stages, and progress.
//!
//! Stages write through the `log` facade, so they need no writer. This module formats the records
//! for people, or as one JSON object per line for programs. Results go to stdout instead. Pure
//! stages have no clock and write nothing; their callers use [`Stage`].

mod bar;
mod human;
mod json;
mod stage;

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use clap::ValueEnum;
use log::{LevelFilter, Log, Metadata, Record};

use crate::value::visible_text;

pub(crate) use json::Complaint;
pub(crate) use stage::Stage;

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Words for people.
    #[default]
    Human,
    /// A JSON object a line.
    Json,
}

/// The amount of output on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Nothing but errors, and exceptions of closes.
    Quiet,
    /// Warnings and notes.
    Usual,
    /// The result and the duration of each stage.
    Stages,
    /// Each file, too.
    Files,
}

impl From<Detail> for LevelFilter {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Quiet => Self::Error,
            Detail::Usual => Self::Info,
            Detail::Stages => Self::Debug,
            Detail::Files => Self::Trace,
        }
    }
}

/// The target of warnings that quiet runs print, too: a close is published, and somebody must look at
/// it.
pub(crate) const ALWAYS: &str = "prorata::exceptions";

/// The prefix of our own log targets, before the stage; records of libraries are dropped.
const TARGET: &str = "prorata::";

struct Console {
    format: LogFormat,
    detail: LevelFilter,
    /// Whether the bar is visible; locked during every write.
    drawn: Mutex<bool>,
    /// Whether the run is ending, so that no bar is drawn.
    is_over: AtomicBool,
}

static CONSOLE: OnceLock<Console> = OnceLock::new();

/// Begins to receive records. On a terminal it shows a progress bar, unless the output is for
/// programs or quiet.
pub(crate) fn begin(format: LogFormat, detail: Detail) {
    let detail = LevelFilter::from(detail);
    let (drawn, is_over) = (Mutex::new(false), AtomicBool::new(false));
    let console = CONSOLE.get_or_init(|| Console { format, detail, drawn, is_over });
    if log::set_logger(console).is_ok() {
        log::set_max_level(detail.max(LevelFilter::Warn));
    }
    let is_wanted = format == LogFormat::Human && detail > LevelFilter::Error;
    if is_wanted && std::io::stderr().is_terminal() && !is_dumb() {
        bar::begin(console);
    }
}

/// Whether the terminal can only append text.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|terminal| terminal == "dumb")
}

/// Reports why the run failed, and its exit code. Programs get each complaint separately; people
/// get the text of the error.
pub(crate) fn fail(error: &str, complaints: &[Complaint<'_>], stage: &str, exit_code: u8) {
    clear();
    match CONSOLE.get() {
        Some(console) if console.format == LogFormat::Json => {
            let lines = complaints.iter().map(|complaint| complaint.line(stage));
            let lines: Vec<String> = lines.chain([json::ending(stage, exit_code)]).collect();
            console.write(&lines.join("\n"));
        }
        Some(console) => console.write(error),
        None => eprintln!("{}", visible_text(error)),
    }
}

/// Removes the bar for good, so that a result can be printed.
pub(crate) fn clear() {
    if let Some(console) = CONSOLE.get() {
        console.is_over.store(true, Ordering::Relaxed);
        drop(console.hold());
    }
}

impl Console {
    /// Writes a line, replacing the bar. A closed stderr does not stop the run. Names in the line
    /// cannot command the terminal.
    fn write(&self, line: &str) {
        let _held = self.hold();
        let _ = writeln!(std::io::stderr().lock(), "{}", visible_text(line));
    }

    /// Waits for other writers, and removes the bar.
    fn hold(&self) -> MutexGuard<'_, bool> {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if *drawn {
            let _ = std::io::stderr().lock().write_all(bar::ERASE.as_bytes());
            *drawn = false;
        }
        drawn
    }
}

impl Log for Console {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_wanted = metadata.level() <= self.detail || metadata.target() == ALWAYS;
        is_wanted && metadata.target().starts_with(TARGET)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let stage = record.target().trim_start_matches(TARGET);
        self.write(&match self.format {
            LogFormat::Human => human::line(record.level(), stage, record),
            LogFormat::Json => json::record(stage, record),
        });
    }

    fn flush(&self) {}
}
