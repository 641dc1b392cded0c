//! `prorata quote`: says what a change of a subscription would cost, and writes nothing.

mod answer;
mod moved;
mod words;

use clap::ValueEnum;

use self::answer::Answer;
use self::words::Words;
use super::list::json_text;
use crate::pipeline::{Folders, QuoteQuestion, RunError, quote as quoted};
use crate::value::{AsOf, Instant};

pub(crate) use crate::input::ProposedChange;

/// The options of `prorata quote`.
#[derive(Clone, Debug)]
pub(crate) struct QuoteArgs {
    /// Where to read.
    pub(crate) places: Folders,
    pub(crate) subscription: String,
    /// The changes, all at one instant.
    pub(crate) changes: Vec<ProposedChange>,
    /// Their instant.
    pub(crate) at: AsOf,
    /// The current time.
    pub(crate) now: Instant,
}

/// How a quote is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum QuoteFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Quotes a change. Returns the text, and oddities in the input.
///
/// # Errors
/// Problems of the change and of the account's rows.
pub(crate) fn quote(
    args: &QuoteArgs,
    format: QuoteFormat,
) -> Result<(String, Vec<String>), RunError> {
    let QuoteArgs { places, subscription, changes, at, now } = args;
    let asked = QuoteQuestion { places, subscription, changes, at: *at, now: *now };
    let answer = quoted(&asked)?;
    let text = match format {
        QuoteFormat::Text => Words { subscription, changes, answer: &answer }.text(),
        QuoteFormat::Json => json_text(&Answer::of(subscription, changes, &answer)),
    };
    Ok((text, answer.warnings.into_iter().map(|warning| warning.0).collect()))
}
