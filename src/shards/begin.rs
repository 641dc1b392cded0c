//! Begins a round, or drops it.

use super::plan::RoundPlan;
use super::round::{PLAN, Round, RoundBasis, TaskArgs, TaskResult, read_json};
use crate::pipeline::{CloseArgs, RunError, StageTimings, already_published};
use crate::publish::{RoundError, RoundFolder};

/// Begins a round: fixes the instant, the options and the number of shards.
///
/// # Errors
/// Those of a close that may not be made, and a round that began otherwise.
pub(crate) fn begin(args: &CloseArgs, shards: u32) -> Result<TaskResult, RunError> {
    if args.withhold {
        return Err(RoundError::Option { option: "--withhold" }.into());
    }
    let (plan, _) = args.plan()?;
    if let Some(published) = plan.published()? {
        already_published(published, &plan.register, args, StageTimings::begin())?;
        return Ok(TaskResult::Published);
    }
    let wanted = RoundPlan::of(args, &plan, shards);
    let mode = plan.settings.output.mode;
    let folder = RoundFolder::of(&args.places.output, &wanted.close, mode);
    args.refuse(&plan, Some(&folder))?;
    if folder.is_begun() {
        let begun: RoundPlan = read_json(&folder.result(PLAN))?;
        begun.equals(&wanted, &folder)?;
        return Ok(TaskResult::DoneBefore);
    }
    let basis = RoundBasis::Folders(args.places.clone());
    Round { folder, plan: wanted, basis }.begin()?;
    Ok(TaskResult::Done)
}

/// Drops a round. The register is not touched.
///
/// # Errors
/// Its folder cannot be removed.
pub(crate) fn abandon(args: &TaskArgs) -> Result<TaskResult, RunError> {
    match Round::of(args) {
        Ok(Some(round)) => {
            round.folder.remove()?;
            Ok(TaskResult::Done)
        }
        Ok(None) => Ok(TaskResult::Published),
        Err(RunError::Round(RoundError::NotBegun { .. })) => Ok(TaskResult::DoneBefore),
        Err(other) => Err(other),
    }
}
