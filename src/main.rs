//! The `prorata` program: arguments in, results to stdout, everything else to stderr, and an exit
//! code that says what happened.

use std::process::ExitCode;

use clap::Parser as _;
use prorata::cli::{Cli, Command};
use prorata::run::{self, Outcome, RunError};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match execute(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn execute(command: Command) -> Result<(), RunError> {
    match command {
        Command::Close(options) => {
            let outcome = run::close(&options.into())?;
            warn(&outcome);
            print!("{}", run::close_summary(&outcome));
        }
        Command::Open(options) => {
            let outcome = run::open(&options.into())?;
            warn(&outcome);
            print!("{}", run::open_summary(&outcome));
        }
        Command::Verify(options) => {
            let verified = run::verify(&options.folders.into(), options.deep)?;
            for note in &verified.notes {
                eprintln!("note: {note}");
            }
            println!("{}", run::verify_summary(&verified));
        }
        Command::History(options) => {
            print!("{}", run::history(&options.output, &options.account, options.format)?);
        }
        Command::Explain(options) => {
            print!("{}", run::explain(&options.output, &options.invoice)?);
        }
    }
    Ok(())
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
