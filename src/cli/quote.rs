//! The options of `prorata quote`.

use clap::Args;

use super::FolderOptions;
use super::exit_codes::exit_codes_of_looking;
use super::parse::as_of;
use crate::commands::{ProposedChange, QuoteArgs, QuoteFormat};
use crate::value::{AsOf, Instant, Moment};

/// The options of `prorata quote`.
#[derive(Debug, Args)]
pub(crate) struct QuoteOptions {
    /// The subscription, by its id
    #[arg(long, value_name = "SUBSCRIPTION")]
    pub(crate) subscription: String,

    /// The change, as a row of changes.csv would have it: quantity=5, delta=-1, price=ID,
    /// price=ID,quantity=5, cancel, cancel=immediate, uncancel, pause, resume, restart, anchor=DATE,
    /// each with policy=POLICY; several are made at the same instant
    #[arg(long = "change", value_name = "CHANGE", required = true,
        value_parser = ProposedChange::parse)]
    pub(crate) changes: Vec<ProposedChange>,

    /// When the change is made: a date or an instant, today, yesterday or month-start, in the time
    /// zone of the account; without it, now
    #[arg(long, value_name = "INSTANT", value_parser = as_of)]
    pub(crate) at: Option<AsOf>,

    /// How to write the quote: text, for people, which is the default; or json
    #[arg(
        long,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) format: QuoteFormat,

    /// Where to read.
    #[command(flatten)]
    pub(crate) folders: FolderOptions,
}

impl QuoteOptions {
    /// The arguments at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> QuoteArgs {
        QuoteArgs {
            places: self.folders.into(),
            subscription: self.subscription,
            changes: self.changes,
            at: self.at.unwrap_or(AsOf::At(Moment::Instant(now, 0))),
            now,
        }
    }
}

pub(super) const QUOTE_ABOUT: &str = "\
Say what a change of a subscription would cost, and write nothing.

A quote is what closes bill with the change in the log, beside what they bill without it: what is
due at once, what the next invoice comes to, and what a whole period costs from then on. It reads the
rows of one account. Problems in the rows of other accounts do not stop it.";

pub(super) const QUOTE_HELP: &str = concat!(
    "\
Example:
  prorata quote --subscription kumu-atlas --change quantity=5
  prorata quote --subscription kumu-atlas --change cancel=immediate --at 2020-07-01
  prorata quote --subscription kumu-atlas --change price=team,quantity=8 --format json

",
    exit_codes_of_looking!()
);
