//! The command line: raw arguments become checked ones here, once.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::run::CloseArgs;
use crate::value::Moment;

/// Turns a product's change log into invoices that finance trusts and customers understand.
#[derive(Debug, Parser)]
#[command(name = "prorata", version, about, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bill everything due up to an instant, and publish it as a close
    #[command(long_about = CLOSE_ABOUT, after_help = EXIT_CODES)]
    Close(CloseOptions),
}

/// The options of `prorata close`.
#[derive(Debug, Args)]
pub struct CloseOptions {
    /// Bill what is due up to and including this instant: 2020-06-28 (midnight, in the time zone
    /// of billing.toml) or 2020-06-28T12:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub as_of: Moment,

    /// Folder with billing.toml, accounts.csv, prices.csv, subscriptions.csv and changes.csv
    #[arg(long, value_name = "FOLDER", default_value = "input")]
    pub input: PathBuf,

    /// Folder that holds the closes; this one becomes a folder in it, named by its instant
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,

    /// Bill the difference where rows that were billed on have been changed or removed since.
    /// Without it such rows are errors. The manifest records that it was used
    #[arg(long)]
    pub accept_history_change: bool,
}

impl From<CloseOptions> for CloseArgs {
    fn from(options: CloseOptions) -> Self {
        Self {
            input: options.input,
            output: options.output,
            as_of: options.as_of,
            accept_history_change: options.accept_history_change,
        }
    }
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).map_err(|error| format!("it {error}"))
}

const AFTER_HELP: &str = "\
Example:
  prorata close --as-of 2020-06-28
      reads input/, publishes output/2020-06-28/ with invoices.csv, invoice_lines.csv and pdf/";

const CLOSE_ABOUT: &str = "\
Bill everything due up to an instant, and publish it as a close.

What is due is what the change log says should have been billed, less what earlier closes billed.
Running twice bills nothing twice; a missed night is caught up, one invoice for each boundary; a
change that arrives late is corrected on the next invoice. A close is published whole or not at
all, and never rewritten.";

const EXIT_CODES: &str = "\
Exit codes:
  0   published, or published before
  64  the command line is wrong, or --as-of lies before the newest close
  65  the input is wrong; every problem is listed, nothing was published
  66  an input file is missing
  70  a bug in prorata
  73  the output folder or a file in it cannot be created
  74  reading or writing failed
  75  another run is at work in the output folder; try again
  78  billing.toml is wrong";
