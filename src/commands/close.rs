//! `prorata close`: publishes everything due up to an instant.

use crate::pipeline::{self, CloseArgs, CloseResult, RunError, keep, keep_withheld};

/// Runs a close, and writes problems to `problems.csv`.
///
/// # Errors
/// See [`RunError`]; nothing is published then.
pub(crate) fn close(args: &CloseArgs) -> Result<CloseResult, RunError> {
    let output = &args.places.output;
    let outcome = pipeline::close(args);
    if outcome.as_ref().is_ok_and(CloseResult::is_to_be_mended) {
        return outcome;
    }
    let mut outcome = keep(outcome, output)?;
    // The close is published, but the withheld accounts still need corrections.
    outcome.warnings.extend(keep_withheld(&outcome.problems, output));
    Ok(outcome)
}
