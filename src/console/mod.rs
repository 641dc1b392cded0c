//! What the program says on stderr: warnings, notes, what each stage did, and how far it is.
//!
//! Stages say it through the `log` facade, so that nobody hands them a place to say it; this is where
//! it arrives, in words for people or as one JSON object a line for programs. Results never come
//! this way: they go to stdout. Stages that are pure have no clock and say nothing; [`Stage`] is for
//! those who run them.

mod bar;
mod human;
mod json;
mod stage;

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use clap::ValueEnum;
use log::{LevelFilter, Log, Metadata, Record};

pub(crate) use json::Complaint;
pub(crate) use stage::Stage;

/// How what is said is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Words for people.
    #[default]
    Human,
    /// A JSON object a line.
    Json,
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Nothing but errors.
    Quiet,
    /// Warnings and notes.
    Usual,
    /// What each stage did, and how long it took.
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

/// What our own records are addressed to, before the stage; libraries have no say here.
const TARGET: &str = "prorata::";

struct Console {
    format: LogFormat,
    detail: LevelFilter,
    /// Whether the bar is on the terminal at the moment; held while anything is written.
    drawn: Mutex<bool>,
    /// Whether the run is at its end, where no bar is drawn any more.
    is_over: AtomicBool,
}

static CONSOLE: OnceLock<Console> = OnceLock::new();

/// Listens from now on. On a terminal a bar shows how far the run is, unless whoever reads wants
/// lines for a program, or nothing.
pub(crate) fn begin(format: LogFormat, detail: Detail) {
    let detail = LevelFilter::from(detail);
    let (drawn, is_over) = (Mutex::new(false), AtomicBool::new(false));
    let console = CONSOLE.get_or_init(|| Console { format, detail, drawn, is_over });
    if log::set_logger(console).is_ok() {
        log::set_max_level(detail);
    }
    let is_wanted = format == LogFormat::Human && detail > LevelFilter::Error;
    if is_wanted && std::io::stderr().is_terminal() && !is_dumb() {
        bar::begin(console);
    }
}

/// A terminal that can only add text at the end of a line.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|terminal| terminal == "dumb")
}

/// Says why the run ends without its result, in the words of the error or piece by piece for
/// programs, and what it exits with.
pub(crate) fn fail(error: &str, complaints: &[Complaint<'_>], stage: &str, exit_code: u8) {
    clear();
    match CONSOLE.get() {
        Some(console) if console.format == LogFormat::Json => {
            let lines = complaints.iter().map(|complaint| complaint.line(stage));
            let lines: Vec<String> = lines.chain([json::ending(stage, exit_code)]).collect();
            console.write(&lines.join("\n"));
        }
        Some(console) => console.write(error),
        None => eprintln!("{error}"),
    }
}

/// Takes the bar off the terminal for good, so that a result can be printed there.
pub(crate) fn clear() {
    if let Some(console) = CONSOLE.get() {
        console.is_over.store(true, Ordering::Relaxed);
        drop(console.hold());
    }
}

impl Console {
    /// Writes a line, in the place of the bar if there is one. That stderr is gone is no reason not
    /// to go on.
    fn write(&self, line: &str) {
        let _held = self.hold();
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// Waits for whoever is writing, and takes the bar away.
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
        metadata.level() <= self.detail && metadata.target().starts_with(TARGET)
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
