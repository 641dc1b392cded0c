//! The `prorata` program: arguments in, results to stdout, everything else to stderr, and an exit
//! code that says what happened.

use std::process::ExitCode;

use clap::Parser as _;
use prorata::cli::{Cli, Command};
use prorata::run::{self, RunError};

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
            for warning in &outcome.warnings {
                eprintln!("warning: {warning}");
            }
            print!("{}", run::summary(&outcome));
            Ok(())
        }
    }
}

/// Help and version are results; anything else is a wrong command line.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS }
}
