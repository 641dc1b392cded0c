//! The `prorata` program: arguments in, results to stdout, everything else to stderr, and an exit
//! code that says what happened.

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use prorata::cli::{Cli, Command};
use prorata::run::{self, Outcome, RunError};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    if let Err(error) = fail_instead_of_dying() {
        eprintln!("warning: a file-size limit will end this program without a message: {error}");
    }
    let result = execute(cli.command).and_then(|result| show(&result));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

/// A write beyond a file-size limit is to be an error that is reported, not the end of the process.
/// The flag is not looked at: that there is a handler suffices.
fn fail_instead_of_dying() -> std::io::Result<()> {
    let signal = rustix::process::Signal::XFSZ.as_raw();
    signal_hook::flag::register(signal, Arc::default()).map(|_| ())
}

/// Does what was asked and returns what is to be shown.
fn execute(command: Command) -> Result<String, RunError> {
    Ok(match command {
        Command::Close(options) => {
            let outcome = run::close(&options.into())?;
            warn(&outcome);
            run::close_summary(&outcome)
        }
        Command::Preview(options) => {
            let preview = run::preview(&options.into())?;
            for warning in &preview.warnings {
                eprintln!("warning: {warning}");
            }
            preview.text
        }
        Command::Check(options) => run::check(&options.into())?,
        Command::Open(options) => {
            let outcome = run::open(&options.into())?;
            warn(&outcome);
            run::open_summary(&outcome)
        }
        Command::Verify(options) => {
            let verified = run::verify(&options.folders.into(), options.deep)?;
            for note in &verified.notes {
                eprintln!("note: {note}");
            }
            run::verify_summary(&verified)
        }
        Command::History(options) => {
            run::history(&options.output, &options.account, options.format)?
        }
        Command::Generate(options) => run::generate(&options.into())?,
        Command::Explain(options) => run::explain(&options.output, &options.invoice)?,
        Command::Export(options) => run::export_summary(&run::export(&options.into())?),
        Command::Statement(options) => {
            run::statement(&options.output, &options.account, options.format)?
        }
        Command::Owed(options) => run::owed(&options.output, options.format)?,
    })
}

/// Writes a result to stdout. A reader that has seen enough and gone is no failure.
fn show(result: &str) -> Result<(), RunError> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(result.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(RunError::Stdout(error)),
        _ => Ok(()),
    }
}

fn warn(outcome: &Outcome) {
    for warning in &outcome.warnings {
        eprintln!("warning: {warning}");
    }
}

/// Help and version are results; anything else is a wrong command line.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS }
}
