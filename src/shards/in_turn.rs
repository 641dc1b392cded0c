//! A close of one process in several shards, one after the other. Memory is that of one shard.

use std::path::Path;

use super::close::close;
use super::draft::draft;
use super::number::number;
use super::plan::{KeptBasis, RoundPlan};
use super::publish::{derive, publish};
use super::round::{Round, RoundBasis, TaskResult};
use crate::input;
use crate::model::Shard;
use crate::pipeline::{
    CloseArgs, CloseResult, RunError, StageTimings, TableFormat, already_published,
};
use crate::problem::Problems;
use crate::publish::{RoundError, RoundFolder};
use crate::register::Manifest;

/// Closes shard after shard. The close is the same as without shards.
///
/// # Errors
/// Those of a close; nothing is published then, except with [`RunError::AfterPublishing`].
pub(crate) fn close_in_turn(args: &CloseArgs, shards: u32) -> Result<CloseResult, RunError> {
    if args.withhold {
        return Err(RoundError::Option { option: "--withhold" }.into());
    }
    let mut stages = StageTimings::begin();
    let (plan, witness) = args.plan()?;
    if let Some(published) = plan.published()? {
        return already_published(published, &plan.register, args, stages);
    }
    args.refuse(&plan, None)?;
    let begun = RoundPlan::of(args, &plan, shards);
    let mode = plan.settings.output.mode;
    let folder = RoundFolder::of_one_process(&args.places.output, &begun.close, mode);
    folder.sweep()?;
    let basis = RoundBasis::Folders(args.places.clone());
    let round = Round { folder, plan: begun, basis };
    round.begin()?;
    let closed = close_shards(&round, &mut stages);
    let published = closed.and_then(|()| publish(&round, plan, witness, stages));
    if published.is_err() {
        // The error is reported; the next run removes what is left.
        let _ = round.folder.remove();
    }
    published
}

/// Makes the files of a published close again from what it kept, shard after shard. They are written
/// to the folder `to`, and `work` has the results of the steps.
///
/// # Errors
/// Those of a close.
pub(crate) fn derive_in_turn(
    kept: KeptBasis,
    of: &Manifest,
    format: TableFormat,
    shards: u32,
    [work, to]: [&Path; 2],
) -> Result<Manifest, RunError> {
    let plan = RoundPlan::of_published(&kept, of, format, shards)?;
    let folder = RoundFolder::of(work, &plan.close, kept.settings.output.mode);
    let round = Round { folder, plan, basis: RoundBasis::Kept(Box::new(kept)) };
    round.begin()?;
    let mut stages = StageTimings::begin();
    close_shards(&round, &mut stages)?;
    let manifest = derive(&round, to, &mut stages)?;
    round.folder.remove()?;
    Ok(manifest)
}

/// The steps before publishing.
fn close_shards(round: &Round, stages: &mut StageTimings) -> Result<(), RunError> {
    for_each_shard(round, "billing", draft)?;
    stages.end("bill");
    number(round)?;
    for_each_shard(round, "closing", close)?;
    stages.end("settle");
    Ok(())
}

/// Runs a step for every shard. The problems of all shards are reported together.
fn for_each_shard(
    round: &Round,
    what: &str,
    step: impl Fn(&Round, Shard) -> Result<TaskResult, RunError>,
) -> Result<(), RunError> {
    let mut found = Problems::default();
    for shard in round.shards() {
        log::debug!(target: "prorata::shards", "shard {shard}: {what}");
        match step(round, shard) {
            Err(RunError::Problems { problems, .. }) => found.append_new(problems),
            done => drop(done?),
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    input::sort(&mut found);
    Err(RunError::of_input(found))
}
