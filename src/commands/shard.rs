//! `prorata shard`: one step of a close in shards.

use super::summary::close_summary;
use crate::pipeline::{CloseArgs, CloseResult, RunError, keep};
use crate::shards::{
    TaskArgs, TaskResult, abandon, begin, close_shard, draft_shard, number_shards, publish_shards,
};

/// A step, with its options.
#[derive(Clone, Debug)]
pub(crate) enum ShardStep {
    /// With the number of shards.
    Begin(CloseArgs, u32),
    Draft(TaskArgs),
    Number(TaskArgs),
    Close(TaskArgs),
    Publish(CloseArgs),
    Abandon(TaskArgs),
}

/// The result of a step.
pub(crate) enum StepResult {
    /// What to print.
    Done(String),
    Published(Box<CloseResult>),
}

/// Runs a step. Tasks of many machines write no `problems.csv`, because they would overwrite each
/// other's.
///
/// # Errors
/// Those of the step; nothing is published then, except with [`RunError::AfterPublishing`].
pub(crate) fn shard(step: &ShardStep) -> Result<StepResult, RunError> {
    let (what, done) = match step {
        ShardStep::Begin(args, shards) => {
            (format!("round of {shards} shards begun"), begin(args, *shards)?)
        }
        ShardStep::Draft(args) => (format!("{} drafted", shard_of(args)), draft_shard(args)?),
        ShardStep::Number(args) => ("documents numbered".to_owned(), number_shards(args)?),
        ShardStep::Close(args) => (format!("{} closed", shard_of(args)), close_shard(args)?),
        ShardStep::Publish(args) => {
            let published = keep(publish_shards(args), &args.places.output)?;
            return Ok(StepResult::Published(Box::new(published)));
        }
        ShardStep::Abandon(args) => ("round dropped".to_owned(), abandon(args)?),
    };
    Ok(StepResult::Done(match done {
        TaskResult::Done => format!("{what}\n"),
        TaskResult::DoneBefore => format!("{what} before\n"),
        TaskResult::Published => "the close is published\n".to_owned(),
    }))
}

fn shard_of(args: &TaskArgs) -> String {
    format!("shard {}", args.shard.unwrap_or_default())
}

/// What a step prints.
pub(crate) fn step_summary(result: &StepResult) -> String {
    match result {
        StepResult::Done(text) => text.clone(),
        StepResult::Published(published) => close_summary(published),
    }
}
