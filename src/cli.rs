//! The command line: raw arguments become checked ones here, once.

mod preview;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

use crate::export::Format;
use crate::generate::GenerateArgs;
use crate::run::{CheckArgs, CloseArgs, ExportArgs, ListFormat, OpenArgs, Places};
use crate::value::{Currency, Moment};

pub use preview::PreviewOptions;

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
    /// Show what a close would publish and what to look at in it, and publish nothing
    #[command(long_about = preview::ABOUT, after_help = EXIT_CODES)]
    Preview(PreviewOptions),
    /// Say everything that a close would find wrong, and publish nothing
    #[command(after_help = EXIT_CODES)]
    Check(CheckOptions),
    /// Begin a register: everything due up to an instant counts as billed elsewhere
    #[command(long_about = OPEN_ABOUT, after_help = EXIT_CODES)]
    Open(OpenOptions),
    /// Check that everything published is what it was, and adds up
    #[command(after_help = EXIT_CODES)]
    Verify(VerifyOptions),
    /// List the invoices of an account
    History(HistoryOptions),
    /// Say why every line of an invoice is what it is
    Explain(ExplainOptions),
    /// List what an account was billed and what it paid, with the balance after each
    Statement(StatementOptions),
    /// List who owes what after the newest close, and for how long
    Owed(OwedOptions),
    /// Write a close as files that an accounting program imports
    #[command(long_about = EXPORT_ABOUT, after_help = EXIT_CODES)]
    Export(ExportOptions),
    /// Write an invented company as an input folder
    #[command(long_about = GENERATE_ABOUT, after_help = GENERATE_HELP)]
    Generate(GenerateOptions),
}

/// The options of `prorata close`.
#[derive(Debug, Args)]
pub struct CloseOptions {
    /// Bill what is due up to and including this instant: 2020-06-28 (midnight, in the time zone
    /// of billing.toml) or 2020-06-28T12:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub as_of: Moment,

    /// Where to read and write.
    #[command(flatten)]
    pub folders: Folders,

    /// Bill the difference where rows that were billed on have been changed or removed since.
    /// Without it such rows are errors. The manifest records that it was used
    #[arg(long)]
    pub accept_history_change: bool,

    /// Let the first close of a register bill more than a year back
    #[arg(long)]
    pub bill_from_start: bool,

    /// Let a close bill more than a year after the one before it
    #[arg(long)]
    pub catch_up: bool,
}

/// The options of `prorata check`.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Look at what is due up to this instant; without it, up to the last row of the input
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub as_of: Option<Moment>,

    /// Where to read.
    #[command(flatten)]
    pub folders: Folders,
}

/// The options of `prorata open`.
#[derive(Debug, Args)]
pub struct OpenOptions {
    /// The instant up to and including which something else has billed
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub as_of: Moment,

    /// Where to read and write.
    #[command(flatten)]
    pub folders: Folders,
}

/// The options of `prorata verify`.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// Also derive every close again from the inputs, and compare
    #[arg(long)]
    pub deep: bool,

    /// Where to read.
    #[command(flatten)]
    pub folders: Folders,
}

/// The options of `prorata history`.
#[derive(Debug, Args)]
pub struct HistoryOptions {
    /// The account, by its id
    #[arg(long, value_name = "ACCOUNT")]
    pub account: String,

    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

/// The options of `prorata generate`.
#[derive(Debug, Args)]
pub struct GenerateOptions {
    /// How many accounts the company comes to have
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    pub accounts: u64,

    /// Which of all companies of that size
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,

    /// Folder to write to; one that holds an input already is left as it is
    #[arg(long, value_name = "FOLDER")]
    pub to: PathBuf,

    /// For how many months the company is in business
    #[arg(long, value_name = "NUMBER", default_value_t = 12,
        value_parser = clap::value_parser!(u32).range(1..=1200))]
    pub months: u32,

    /// Its first day
    #[arg(long, value_name = "DATE", default_value = "2024-01-01", value_parser = date)]
    pub start: NaiveDate,

    /// Leave out what comes in after this date begins, in UTC. What is left is part of what a
    /// later date gives
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_known_at: Option<NaiveDate>,

    /// Spoil so many rows, and list them; at most one an account
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub faults: u64,

    /// Also write closes.txt, the dates to close at: one a month
    #[arg(long)]
    pub closes: bool,
}

/// The options of `prorata explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// The number of the invoice
    pub invoice: String,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

/// The options of `prorata statement`.
#[derive(Debug, Args)]
pub struct StatementOptions {
    /// The account, by its id
    #[arg(long, value_name = "ACCOUNT")]
    pub account: String,

    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

/// The options of `prorata owed`.
#[derive(Debug, Args)]
pub struct OwedOptions {
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,

    /// Folder that holds the closes
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

/// The options of `prorata export`.
#[derive(Debug, Args)]
pub struct ExportOptions {
    /// What imports the files
    #[arg(value_enum)]
    pub format: Format,

    /// The close, by the name of its folder, or latest
    #[arg(long, value_name = "NAME")]
    pub close: String,

    /// Only documents in this currency; may be given more than once
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub currency: Vec<Currency>,

    /// Folder to write the files to
    #[arg(long, value_name = "FOLDER", default_value = "export")]
    pub to: PathBuf,

    /// Where to read.
    #[command(flatten)]
    pub folders: Folders,
}

/// The two folders that most commands work on.
#[derive(Debug, Args)]
pub struct Folders {
    /// Folder with billing.toml, accounts.csv, prices.csv, subscriptions.csv and changes.csv
    #[arg(long, value_name = "FOLDER", default_value = "input")]
    pub input: PathBuf,

    /// Folder that holds the closes, each a folder in it, named by its instant
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub output: PathBuf,
}

impl From<Folders> for Places {
    fn from(folders: Folders) -> Self {
        Self { input: folders.input, output: folders.output }
    }
}

impl From<CloseOptions> for CloseArgs {
    fn from(options: CloseOptions) -> Self {
        Self {
            places: options.folders.into(),
            as_of: options.as_of,
            accept_history_change: options.accept_history_change,
            bill_from_start: options.bill_from_start,
            catch_up: options.catch_up,
        }
    }
}

impl From<CheckOptions> for CheckArgs {
    fn from(options: CheckOptions) -> Self {
        Self { places: options.folders.into(), as_of: options.as_of }
    }
}

impl From<OpenOptions> for OpenArgs {
    fn from(options: OpenOptions) -> Self {
        Self { places: options.folders.into(), as_of: options.as_of }
    }
}

impl From<ExportOptions> for ExportArgs {
    fn from(options: ExportOptions) -> Self {
        Self {
            places: options.folders.into(),
            format: options.format,
            close: options.close,
            currencies: options.currency,
            to: options.to,
        }
    }
}

impl From<GenerateOptions> for GenerateArgs {
    fn from(options: GenerateOptions) -> Self {
        Self {
            accounts: options.accounts,
            seed: options.seed,
            to: options.to,
            months: options.months,
            start: options.start,
            as_known_at: options.as_known_at,
            faults: options.faults,
            closes: options.closes,
        }
    }
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::from_code(text).ok_or_else(|| "it is no currency of ISO 4217".to_owned())
}

fn date(text: &str) -> Result<NaiveDate, String> {
    match Moment::parse(text) {
        Ok(Moment::Date(date)) => Ok(date),
        Ok(Moment::Instant(..)) => Err("it has a time of day; write a date".to_owned()),
        Err(error) => Err(format!("it {error}")),
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

const OPEN_ABOUT: &str = "\
Begin a register for a company that has customers already.

Everything due up to the instant counts as billed elsewhere, so that the first close bills only
what falls due after it. Credit that accounts bring along may be given in balances.csv, with the
columns account_id, currency and amount; the first invoice number is in billing.toml.";

const EXPORT_ABOUT: &str = "\
Write a close as files that an accounting program imports.

Files are named after the close and the program, and split where the importer has a limit; an
invoice is never split. What accounts, items and taxes are called there is in billing.toml, under
[export]. Each file is read back and must come to what the close comes to. A file that is there
already is left alone if it says the same, and is never replaced.";
const GENERATE_ABOUT: &str = "\
Write an invented company as an input folder, for demonstrations, tests and measurements.

The same options give the same bytes everywhere. Most accounts are small and a few are large; all
schemes, currencies of 0, 2 and 3 decimals, trials, switches, pauses, cancellations, discounts and
taxes occur. About one change in fifty comes in days or weeks late, which --as-known-at shows.";

const GENERATE_HELP: &str = "\
Example:
  prorata generate --accounts 1000 --to demo --closes
  prorata close --as-of 2024-02-01 --input demo

Exit codes:
  0   done
  64  the command line is wrong
  73  the folder holds an input already, or cannot be written to
  74  writing failed; the files were removed again";

const EXIT_CODES: &str = "\
Exit codes:
  0   done; or the close was published before, and is as it was
  64  the command line is wrong, or asks for a close that cannot be
  65  the input is wrong, or a published file was altered; all is listed, nothing was published
  66  an input file is missing, or there is no such account or invoice
  70  a bug in prorata
  73  the output folder or a file in it cannot be created
  74  reading or writing failed
  75  another run is at work in the output folder; try again
  78  billing.toml is wrong";
