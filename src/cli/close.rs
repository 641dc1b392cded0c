//! `prorata close`, `check`, `open` and `verify`: the commands that bill, or check billing.

use std::path::PathBuf;

use clap::Args;

use super::exit_codes::{exit_codes, exit_codes_of_looking};
use super::parse::{as_of, digest, public_key};
use super::{FolderOptions, LockOptions, WitnessOptions};
use crate::commands::{Anchors, CheckArgs, EInvoiceCheck, OpenArgs};
use crate::model::Shard;
use crate::pipeline::{CloseArgs, TableFormat, Witnessing};
use crate::publish::PublicKey;
use crate::value::{AsOf, Instant};

/// The options of `prorata close`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct CloseOptions {
    /// Bill what is due up to and including this instant: 2020-06-28 (midnight, in the time zone
    /// of billing.toml), 2020-06-28T12:00:00Z, or by the clock a midnight of that zone: today (the
    /// one that today began with), yesterday (the one before), month-start (that of the 1st)
    #[arg(long, value_name = "INSTANT", value_parser = as_of)]
    pub(crate) as_of: AsOf,

    /// Where to read and write.
    #[command(flatten)]
    pub(crate) folders: FolderOptions,

    /// Bill the difference where rows that were billed on have been changed or removed since.
    /// Without it such rows are errors. The manifest records that it was used
    #[arg(long)]
    pub(crate) accept_history_change: bool,

    /// Let the first close of a register bill more than a year back
    #[arg(long)]
    pub(crate) bill_from_start: bool,

    /// Let a close lie further after the one before than three times the usual distance of closes, and
    /// than 62 days
    #[arg(long)]
    pub(crate) catch_up: bool,

    /// Let a close lie after now, by the clock: what it bills cannot be taken back. The manifest
    /// records that it was used
    #[arg(long)]
    pub(crate) ahead: bool,

    /// Leave out accounts that something is wrong with, whole, and bill the others; the exit code is 10
    /// then. They are listed in exceptions.csv, and the next close catches up. What may concern anybody
    /// stops the close all the same
    #[arg(long)]
    pub(crate) withhold: bool,

    /// How to write the tables
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TableFormat,

    /// How long to wait for another run.
    #[command(flatten)]
    pub(crate) lock: LockOptions,
}

/// The options of `prorata close` alone.
#[derive(Debug, Args)]
pub(crate) struct PublishingOptions {
    /// The close.
    #[command(flatten)]
    pub(crate) close: CloseOptions,

    /// Divide the accounts into N shards, and close the shards one after the other. This takes less
    /// memory, and the close is the same. Without this option, the program divides a close of more
    /// than 6 million rows into shards of at most 4 million rows
    #[arg(long, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=Shard::MOST.into()))]
    pub(crate) shards: Option<u32>,

    /// Where it is witnessed.
    #[command(flatten)]
    pub(crate) witness: WitnessOptions,

    /// End with exit code 11 if somebody must look at exceptions.csv. A line on stderr says so in any
    /// case, also with --quiet
    #[arg(long)]
    pub(crate) exit_on_exceptions: bool,
}

/// The options of `prorata check`.
#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Look at what is due up to this instant; without it, up to the end of today or, if that is later,
    /// to where the next close is to be expected
    #[arg(long, value_name = "INSTANT", value_parser = as_of)]
    pub(crate) as_of: Option<AsOf>,

    /// Check also what e-invoices need of accounts without a document: of those that ask for one or, with
    /// a format, of all accounts, as if they asked for it
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        num_args = 0..=1,
        default_missing_value = "asked"
    )]
    pub(crate) einvoice: Option<EInvoiceCheck>,

    /// Where to read.
    #[command(flatten)]
    pub(crate) folders: FolderOptions,
}

/// The options of `prorata open`.
#[derive(Debug, Args)]
pub(crate) struct OpenOptions {
    /// The instant up to and including which something else has billed; see prorata close
    #[arg(long, value_name = "INSTANT", value_parser = as_of)]
    pub(crate) as_of: AsOf,

    /// Let it lie after now, by the clock. The manifest records that it was used
    #[arg(long)]
    pub(crate) ahead: bool,

    /// Where to read and write.
    #[command(flatten)]
    pub(crate) folders: FolderOptions,

    /// How to write the tables
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TableFormat,

    /// How long to wait for another run.
    #[command(flatten)]
    pub(crate) lock: LockOptions,

    /// Where it is witnessed.
    #[command(flatten)]
    pub(crate) witness: WitnessOptions,
}

/// The options of `prorata verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyOptions {
    /// Also derive every file of every close again from the inputs that it kept, and compare
    #[arg(long)]
    pub(crate) deep: bool,

    /// Also check that the register has every close in this witness file
    #[arg(long, value_name = "FILE")]
    pub(crate) witness: Option<PathBuf>,

    /// Check that the lines of the witness are signed with this public key, from wherever it was noted
    #[arg(long, value_name = "KEY", value_parser = public_key, requires = "witness")]
    pub(crate) public_key: Option<PublicKey>,

    /// Also check that the register has the close with this digest, as prorata close printed it
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub(crate) head: Option<String>,

    /// Where to read.
    #[command(flatten)]
    pub(crate) folders: FolderOptions,
}

impl CloseOptions {
    /// The arguments at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> CloseArgs {
        CloseArgs {
            places: self.folders.into(),
            as_of: self.as_of,
            now,
            accept_history_change: self.accept_history_change,
            bill_from_start: self.bill_from_start,
            catch_up: self.catch_up,
            ahead: self.ahead,
            withhold: self.withhold,
            lock_wait: self.lock.wait(),
            format: self.format,
            shards: None,
            witness: Witnessing::default(),
        }
    }
}

impl PublishingOptions {
    /// The arguments at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> CloseArgs {
        CloseArgs { witness: self.witness.into(), shards: self.shards, ..self.close.at(now) }
    }
}

impl VerifyOptions {
    /// What was kept elsewhere about the register.
    pub(crate) fn anchors(&self) -> Anchors {
        Anchors {
            witness: self.witness.clone(),
            public_key: self.public_key.clone(),
            head: self.head.clone(),
        }
    }
}

impl CheckOptions {
    /// The arguments at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> CheckArgs {
        let Self { as_of, einvoice, folders } = self;
        CheckArgs { places: folders.into(), as_of, now, einvoice }
    }
}

impl OpenOptions {
    /// The arguments at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> OpenArgs {
        OpenArgs {
            places: self.folders.into(),
            as_of: self.as_of,
            now,
            ahead: self.ahead,
            lock_wait: self.lock.wait(),
            format: self.format,
            witness: self.witness.into(),
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
  prorata close --as-of today --quiet --lock-wait 3600
      from cron, every night
  prorata close --as-of month-start
      closes the month before, whenever in this month it runs
  prorata close --as-of 2020-06-28 --shards 8
      with the memory of an eighth of the accounts
  prorata close --as-of 2020-06-28 --witness /mnt/witness/billing.txt
      appends the digest of the close to a file on another machine

",
    exit_codes!()
);

pub(super) const VERIFY_HELP: &str = concat!(
    "\
Example:
  prorata verify
  prorata verify --deep
  prorata verify --witness /mnt/witness/billing.txt

",
    exit_codes_of_looking!()
);
