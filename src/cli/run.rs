//! The program: reads arguments, writes results to stdout and everything else to stderr, and
//! returns an exit code.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser as _;

use super::{Cli, Command, ConfigOptions, ListOptions, completions, threads, write_man_pages};
use crate::commands::run as commands;
use crate::commands::{ListFormat, QuoteFormat, StepResult};
use crate::config;
use crate::console::{self, Complaint, Detail};
use crate::pipeline::{CloseResult, RunError};
use crate::stop::{self, Signal};
use crate::table::parquet;
use crate::value::{Instant, visible_text};

/// The exit code of a close that left accounts out, now or earlier: published, but corrections are
/// needed.
const LEFT_OUT: u8 = 10;

/// The exit code of a comparison that finds differences, as of diff.
const DIFFERS: u8 = 1;
/// The exit code of a close with exceptions, if it was asked for: published, but somebody must look.
const HAS_EXCEPTIONS: u8 = 11;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    if let Some(converted) = parquet::serve(std::env::args_os()) {
        return converted;
    }
    parquet::convert_with_this_program();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let detail = cli.speech.detail();
    console::begin(cli.speech.log_format, detail);
    if let Err(error) = mind_signals() {
        log::warn!(target: "prorata::main", "a signal will end this program without a message: {error}");
    }
    panic::set_hook(Box::new(bug));
    // A panic here drops an unpublished close, which removes it.
    let done = panic::catch_unwind(AssertUnwindSafe(|| {
        execute(cli.command, detail).and_then(|(result, code)| show(&result).map(|()| code))
    }));
    match (done, stop::requested()) {
        (Ok(Ok(code)), _) => code,
        (Err(_), _) => ExitCode::from(BUG),
        (Ok(Err(_)), Some(signal)) if !stop::is_decided() => stopped(signal),
        (Ok(Err(error)), _) => {
            if let Some(published) = error.published() {
                show_unfinished(published, detail);
            }
            fail(&error)
        }
    }
}

/// Shows a close that is published although something failed after that.
fn show_unfinished(published: &CloseResult, detail: Detail) {
    warn(&published.warnings);
    look_at_exceptions(published, false);
    if detail != Detail::Quiet {
        let is_opening = published.manifest.options.opening;
        let summary = if is_opening { commands::open_summary } else { commands::close_summary };
        // The error that follows says that the close is published.
        let _ = show(&Printed::Words(summary(published)));
    }
}

/// Handles signals. A write beyond a file-size limit becomes an error instead of ending the
/// process; any handler suffices. Without memory the process aborts, and ends with a code of its
/// own. A stop signal lets the run clean up.
fn mind_signals() -> std::io::Result<()> {
    use rustix::process::Signal as Known;
    signal_hook::flag::register(Known::XFSZ.as_raw(), Arc::default())?;
    let always = Arc::new(AtomicBool::new(true));
    signal_hook::flag::register_conditional_shutdown(Known::ABORT.as_raw(), ABORTED, always)?;
    stop::watch(|signal| {
        stopped(signal);
        std::process::exit(signal.exit_code().into())
    })
}

/// What a command prints.
enum Printed {
    /// Words for people.
    Words(String),
    /// A file for programs.
    Data(String),
}

impl Printed {
    fn list(format: ListFormat, text: String) -> Self {
        if format == ListFormat::Table { Self::Words(text) } else { Self::Data(text) }
    }
}

/// Executes the command, and returns what to print and the exit code.
fn execute(command: Command, detail: Detail) -> Result<(Printed, ExitCode), RunError> {
    threads::start()?;
    let mut code = ExitCode::SUCCESS;
    // The only time of the clock that influences a result.
    let now = now();
    // `--quiet` prints no summaries, so that only failures are reported.
    let summary = |text: String| if detail == Detail::Quiet { String::new() } else { text };
    let text = match command {
        Command::Init(options) => summary(commands::init(&options.to, options.locale)?),
        Command::Config(options) => return Ok((Printed::Data(settings(&options)?), code)),
        Command::Completions(options) => {
            return Ok((Printed::Data(completions(options.shell)), code));
        }
        Command::Man(options) => {
            let names = write_man_pages(&options.to)
                .map_err(|source| RunError::ManPages { folder: options.to, source })?;
            summary(names.join("\n") + "\n")
        }
        Command::Close(options) => {
            let exits_on_exceptions = options.exit_on_exceptions;
            let outcome = commands::close(&options.at(now))?;
            warn(&outcome.warnings);
            code = look_at_exceptions(&outcome, exits_on_exceptions);
            summary(commands::close_summary(&outcome))
        }
        Command::Shard(options) => {
            let exits_on_exceptions = options.exits_on_exceptions();
            let result = commands::shard(&options.at(now))?;
            if let StepResult::Published(published) = &result {
                warn(&published.warnings);
                code = look_at_exceptions(published, exits_on_exceptions);
            }
            summary(commands::step_summary(&result))
        }
        Command::Import(options) => {
            let result = commands::import(&options.at(now))?;
            if result.needs_action {
                code = ExitCode::from(LEFT_OUT);
            }
            summary(result.text)
        }
        Command::Compare(options) => {
            let format = options.format;
            let (text, differs) = commands::compare(&options.into())?;
            if differs {
                code = ExitCode::from(DIFFERS);
            }
            return Ok((Printed::list(format, text), code));
        }
        Command::Check(options) => summary(commands::check(&options.at(now))?),
        Command::Preview(options) => {
            let preview = commands::preview(&options.at(now))?;
            warn(&preview.warnings);
            preview.text
        }
        Command::Quote(options) => {
            let format = options.format;
            let (text, warnings) = commands::quote(&options.at(now), format)?;
            warn(&warnings);
            return Ok(match format {
                QuoteFormat::Text => (Printed::Words(text), code),
                QuoteFormat::Json => (Printed::Data(text), code),
            });
        }
        Command::Open(options) => {
            let outcome = commands::open(&options.at(now))?;
            warn(&outcome.warnings);
            summary(commands::open_summary(&outcome))
        }
        Command::Verify(options) => {
            for note in commands::check_anchors(&options.folders.output, &options.anchors())? {
                log::info!(target: "prorata::verify", "{note}");
            }
            let verified = commands::verify(&options.folders.into(), options.deep)?;
            for note in &verified.notes {
                log::info!(target: "prorata::verify", "{note}");
            }
            summary(commands::verify_summary(&verified))
        }
        Command::History(options) => {
            let ListOptions { format, output } = options.list;
            let text = commands::history(&output, &options.account, format)?;
            return Ok((Printed::list(format, text), code));
        }
        #[cfg(feature = "generate")]
        Command::Generate(options) => summary(commands::generate(&options.into())?),
        Command::Explain(options) => commands::explain(&options.output, &options.invoice)?,
        Command::Index(options) => summary(commands::index(&options.into())?),
        Command::Export(options) => {
            summary(commands::export_summary(&commands::export(&options.into())?))
        }
        Command::Statement(options) => {
            let ListOptions { format, output } = options.list;
            let text = commands::statement(&output, &options.account, format)?;
            return Ok((Printed::list(format, text), code));
        }
        Command::Owed(options) => {
            let text = commands::owed(&options.output, options.format)?;
            return Ok((Printed::list(options.format, text), code));
        }
    };
    Ok((Printed::Words(text), code))
}

fn now() -> Instant {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // A later clock is wrong, and no close lies after it.
    let seconds = i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX);
    Instant::from_unix_seconds(seconds.min(LAST_SECOND))
}

/// The last second that inputs and options can express: the end of 2999.
const LAST_SECOND: i64 = 32_503_679_999;

fn settings(options: &ConfigOptions) -> Result<String, RunError> {
    Ok(if options.what.schema { config::schema_text() } else { config::in_force(&options.input)? })
}

/// Writes a result to stdout. A reader that closes the pipe early is not an error. Data reach a
/// program as they are; names in anything else cannot command a terminal.
fn show(result: &Printed) -> Result<(), RunError> {
    console::clear();
    let mut stdout = std::io::stdout().lock();
    let result = match result {
        Printed::Data(text) if !stdout.is_terminal() => Cow::Borrowed(text.as_str()),
        Printed::Words(text) | Printed::Data(text) => visible_text(text),
    };
    match stdout.write_all(result.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(RunError::Stdout(error)),
        _ => Ok(()),
    }
}

fn warn(warnings: &[String]) {
    for warning in warnings {
        log::warn!(target: "prorata::input", "{warning}");
    }
}

/// Says that a close has something to look at, even if the run is quiet, and returns its exit code.
fn look_at_exceptions(outcome: &CloseResult, exits_on_exceptions: bool) -> ExitCode {
    let Some(exceptions) = commands::exceptions_summary(outcome) else { return ExitCode::SUCCESS };
    log::warn!(target: console::ALWAYS, "{exceptions}");
    match (outcome.manifest.withheld.is_empty(), exits_on_exceptions) {
        (false, _) => ExitCode::from(LEFT_OUT),
        (true, true) => ExitCode::from(HAS_EXCEPTIONS),
        (true, false) => ExitCode::SUCCESS,
    }
}

fn fail(error: &RunError) -> ExitCode {
    let code = error.exit_code();
    console::fail(&error.report(), &error.complaints(), error.stage(), code);
    ExitCode::from(code)
}

fn stopped(signal: Signal) -> ExitCode {
    let message = format!("stopped by {}", signal.name());
    let hint = "nothing was published; run it again".to_owned();
    complain(message, hint, signal.exit_code());
    ExitCode::from(signal.exit_code())
}

/// Reports a failure outside the stages.
fn complain(message: String, hint: String, exit_code: u8) {
    let complaint = Complaint::new(message, Some(hint));
    console::fail(&complaint.to_string(), &[complaint], "main", exit_code);
}

/// `EX_OSERR`: an allocation failed, which ends a process at once.
const ABORTED: i32 = 71;

/// `EX_SOFTWARE`.
const BUG: u8 = 70;

/// Reports a panic as a bug.
fn bug(panic: &panic::PanicHookInfo<'_>) {
    let what = panic_text(panic);
    let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
    let published = if stop::is_decided() {
        "the close may be published: prorata verify tells"
    } else {
        "nothing was published"
    };
    let hint = format!("this is a bug in prorata; please report it with the input; {published}");
    complain(format!("{what}{place}"), hint, BUG);
    let trace = std::backtrace::Backtrace::capture();
    if trace.status() == std::backtrace::BacktraceStatus::Captured {
        log::info!(target: "prorata::main", "it happened here\n{trace}");
    }
}

fn panic_text<'a>(panic: &'a panic::PanicHookInfo<'_>) -> &'a str {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("it panicked")
}

/// Help and version are results; anything else is an invalid command line.
fn usage(error: &clap::Error) -> ExitCode {
    let words = error.to_string();
    match visible_text(&words) {
        Cow::Borrowed(_) => drop(error.print()),
        // An argument has characters that the terminal would obey.
        Cow::Owned(visible) => drop(std::io::stderr().write_all(visible.as_bytes())),
    }
    if error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS }
}
