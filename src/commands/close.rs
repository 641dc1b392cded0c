//! `prorata close`: publishes everything due up to an instant.

use std::path::Path;

use crate::pipeline::{self, CloseArgs, CloseResult, RunError, keep, keep_withheld};

/// Runs a close, and writes problems to `problems.csv`.
///
/// # Errors
/// See [`RunError`]; nothing is published then, except with [`RunError::AfterPublishing`].
pub(crate) fn close(args: &CloseArgs) -> Result<CloseResult, RunError> {
    let output = &args.places.output;
    let outcome = pipeline::close(args);
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

/// The close that is published, even if something failed after that.
fn published(outcome: &Result<CloseResult, RunError>) -> Option<&CloseResult> {
    outcome.as_ref().map_or_else(RunError::published, Some)
}

fn note_withheld(published: &mut CloseResult, output: &Path) {
    published.warnings.extend(keep_withheld(&published.problems, output));
}
