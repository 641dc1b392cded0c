//! `prorata close`: publishes everything due up to an instant.

use std::path::Path;

use crate::pipeline::{self, CloseArgs, CloseResult, RunError, keep, keep_withheld};
use crate::shards::{close_in_turn, shards_for};

/// Runs a close, and writes problems to `problems.csv`.
///
/// # Errors
/// See [`RunError`]; nothing is published then, except with [`RunError::AfterPublishing`].
pub(crate) fn close(args: &CloseArgs) -> Result<CloseResult, RunError> {
    let output = &args.places.output;
    let outcome = close_whole_or_in_shards(args);
    if published(&outcome).is_some_and(CloseResult::is_to_be_mended) {
        return outcome;
    }
    let mut outcome = keep(outcome, output);
    // The close is published, but the withheld accounts still need corrections.
    match &mut outcome {
        Ok(published) => note_withheld(published, output),
        Err(RunError::AfterPublishing { published, .. }) => note_withheld(published, output),
        Err(_) => {}
    }
    outcome
}

/// Closes all accounts at once, if they are not too many.
fn close_whole_or_in_shards(args: &CloseArgs) -> Result<CloseResult, RunError> {
    let shards = match args.shards {
        Some(shards) => shards,
        // Withholding bills all accounts again and again until none has problems.
        None if args.withhold => 1,
        None => shards_for(&args.places.input),
    };
    if shards > 1 { close_in_turn(args, shards) } else { pipeline::close(args) }
}

/// The close that is published, even if something failed after that.
fn published(outcome: &Result<CloseResult, RunError>) -> Option<&CloseResult> {
    outcome.as_ref().map_or_else(RunError::published, Some)
}

fn note_withheld(published: &mut CloseResult, output: &Path) {
    published.warnings.extend(keep_withheld(&published.problems, output));
}
