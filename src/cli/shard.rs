//! The steps of a close in shards, for engines that start processes on many machines.

use clap::{Args, Subcommand};

use super::exit_codes::exit_codes;
use super::parse::{as_of, shard};
use super::{CloseOptions, FolderOptions, LockOptions, WitnessOptions};
use crate::commands::ShardStep;
use crate::model::Shard;
use crate::pipeline::CloseArgs;
use crate::shards::TaskArgs;
use crate::value::{AsOf, Instant};

/// The options of `prorata shard`.
#[derive(Debug, Args)]
pub(crate) struct ShardOptions {
    /// The step.
    #[command(subcommand)]
    step: StepOptions,
}

/// The steps, in order.
#[derive(Debug, Subcommand)]
enum StepOptions {
    /// Begin: fix the instant, the options and the number of shards
    #[command(after_help = BEGIN_HELP, mut_arg("withhold", |arg| arg.hide(true)))]
    Begin(BeginOptions),
    /// Bill a shard, and list the documents that need numbers
    Draft(TaskOptions),
    /// Give the documents of all shards their numbers
    Number(RoundOptions),
    /// Bill a shard again, settle it, and write its files
    Close(TaskOptions),
    /// Merge the files of all shards into one close, and publish it
    Publish(MergeOptions),
    /// Drop what the steps have made so far; the register is not touched
    Abandon(RoundOptions),
}

/// The options of the first step.
#[derive(Debug, Args)]
struct BeginOptions {
    /// The close.
    #[command(flatten)]
    close: CloseOptions,

    /// How many shards the accounts are divided into
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=Shard::MOST.into()))]
    shards: u32,
}

/// The options of a step for all shards.
#[derive(Debug, Args)]
struct RoundOptions {
    /// The instant of the close, as the round began with it
    #[arg(long, value_name = "INSTANT", value_parser = as_of)]
    as_of: AsOf,

    /// Where to read and write.
    #[command(flatten)]
    folders: FolderOptions,
}

/// The options of a step for one shard.
#[derive(Debug, Args)]
struct TaskOptions {
    /// The shard, from 0 on, and the number of shards: 0/8 to 7/8
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Shard,

    /// The round.
    #[command(flatten)]
    round: RoundOptions,
}

/// The options of the last step.
#[derive(Debug, Args)]
struct MergeOptions {
    /// The round.
    #[command(flatten)]
    round: RoundOptions,

    /// How long to wait for another run.
    #[command(flatten)]
    lock: LockOptions,

    /// Where it is witnessed.
    #[command(flatten)]
    witness: WitnessOptions,

    /// End with exit code 11 if somebody must look at exceptions.csv. A line on stderr says so in any
    /// case, also with --quiet
    #[arg(long)]
    exit_on_exceptions: bool,
}

impl ShardOptions {
    /// Whether exceptions of the published close have an exit code.
    pub(crate) fn exits_on_exceptions(&self) -> bool {
        matches!(&self.step, StepOptions::Publish(options) if options.exit_on_exceptions)
    }

    /// The step at the current time `now`.
    pub(crate) fn at(self, now: Instant) -> ShardStep {
        match self.step {
            StepOptions::Begin(BeginOptions { close, shards }) => {
                ShardStep::Begin(close.at(now), shards)
            }
            StepOptions::Draft(options) => ShardStep::Draft(options.at(now)),
            StepOptions::Number(options) => ShardStep::Number(options.at(now)),
            StepOptions::Close(options) => ShardStep::Close(options.at(now)),
            StepOptions::Publish(options) => ShardStep::Publish(options.at(now)),
            StepOptions::Abandon(options) => ShardStep::Abandon(options.at(now)),
        }
    }
}

impl RoundOptions {
    fn at(self, now: Instant) -> TaskArgs {
        TaskArgs { places: self.folders.into(), as_of: self.as_of, now, shard: None }
    }
}

impl TaskOptions {
    fn at(self, now: Instant) -> TaskArgs {
        TaskArgs { shard: Some(self.shard), ..self.round.at(now) }
    }
}

impl MergeOptions {
    /// The permissions are those of the round.
    fn at(self, now: Instant) -> CloseArgs {
        let RoundOptions { as_of, folders } = self.round;
        CloseArgs {
            lock_wait: self.lock.wait(),
            witness: self.witness.into(),
            ..CloseArgs::new(folders.into(), as_of, now)
        }
    }
}

pub(super) const SHARD_ABOUT: &str = "\
Run one step of a close whose accounts are divided into shards, on many machines.

Begin, draft every shard, number, close every shard, publish. Every step may be repeated, and run
twice at once. The close is the same, byte for byte, as without shards. On one machine,
prorata close --shards N does all steps.";

pub(super) const SHARD_HELP: &str = concat!(
    "\
Example:
  prorata shard begin --shards 8 --as-of 2020-06-28
  prorata shard draft --shard 0/8 --as-of 2020-06-28
      and 1/8 to 7/8, at the same time or not
  prorata shard number --as-of 2020-06-28
  prorata shard close --shard 0/8 --as-of 2020-06-28
      and 1/8 to 7/8, at the same time or not
  prorata shard publish --as-of 2020-06-28

",
    exit_codes!()
);

const BEGIN_HELP: &str = "\
Example:
  prorata shard begin --shards 8 --as-of 2020-06-28";
