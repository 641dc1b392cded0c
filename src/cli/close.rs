//! `prorata close`, `check`, `open` and `verify`: the commands that bill, or look at what billing did.

use clap::Args;

use super::exit_codes::{exit_codes, exit_codes_of_looking};
use super::parse::moment;
use super::{Folders, LockOptions};
use crate::run::{CheckArgs, CloseArgs, OpenArgs, TableFormat};
use crate::value::Moment;

/// The options of `prorata close`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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

    /// Leave out accounts that something is wrong with, whole, and bill the others; the exit code is 10
    /// then. They are listed in exceptions.csv, and the next close catches up. What may concern anybody
    /// stops the close all the same
    #[arg(long)]
    pub withhold: bool,

    /// How to write the tables
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,

    /// How long to wait for another run.
    #[command(flatten)]
    pub lock: LockOptions,
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

    /// How to write the tables
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,

    /// How long to wait for another run.
    #[command(flatten)]
    pub lock: LockOptions,
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

impl From<CloseOptions> for CloseArgs {
    fn from(options: CloseOptions) -> Self {
        Self {
            places: options.folders.into(),
            as_of: options.as_of,
            accept_history_change: options.accept_history_change,
            bill_from_start: options.bill_from_start,
            catch_up: options.catch_up,
            withhold: options.withhold,
            lock_wait: options.lock.wait(),
            format: options.format,
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
        Self {
            places: options.folders.into(),
            as_of: options.as_of,
            lock_wait: options.lock.wait(),
            format: options.format,
        }
    }
}

pub(super) const CLOSE_ABOUT: &str = "\
Bill everything due up to an instant, and publish it as a close.

What is due is what the change log says should have been billed, less what earlier closes billed.
Running twice bills nothing twice; a missed night is caught up, one invoice for each boundary; a
change that arrives late is corrected on the next invoice. A close is published whole or not at
all, and never rewritten.";

pub(super) const OPEN_ABOUT: &str = "\
Begin a register for a company that has customers already.

Everything due up to the instant counts as billed elsewhere, so that the first close bills only
what falls due after it. Credit that accounts bring along may be given in balances.csv, with the
columns account_id, currency and amount; the first invoice number is in billing.toml.";

pub(super) const CHECK_HELP: &str = concat!(
    "\
Example:
  prorata check
  prorata check --as-of 2020-06-28 --input /srv/billing/input --output /srv/billing/output

",
    exit_codes_of_looking!()
);

pub(super) const OPEN_HELP: &str = concat!(
    "\
Example:
  prorata open --as-of 2020-06-01
      the first close bills what falls due after 1 June

",
    exit_codes!()
);

pub(super) const CLOSE_HELP: &str = concat!(
    "\
Example:
  prorata close --as-of 2020-06-28
      reads input/, publishes output/2020-06-28/ with invoices.csv, invoice_lines.csv and pdf/
  prorata close --as-of \"$(date -u +%F)\" --quiet --lock-wait 3600
      from cron, every night

",
    exit_codes!()
);

pub(super) const VERIFY_HELP: &str = concat!(
    "\
Example:
  prorata verify
  prorata verify --deep

",
    exit_codes_of_looking!()
);
