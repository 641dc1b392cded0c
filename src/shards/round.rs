//! A round, its tasks, and their results.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::plan::{KeptBasis, RoundPlan};
use crate::config;
use crate::hash::sha256_hex;
use crate::model::Shard;
use crate::pipeline::{CloseContext, ClosePlan, Folders, RunError, to_json};
use crate::publish::{RoundError, RoundFolder, Staging, close_name};
use crate::register::Register;
use crate::value::{AsOf, Instant};

/// The file that begins a round.
pub(super) const PLAN: &str = "round.json";

/// The place, the instant and the shard of a task.
#[derive(Clone, Debug)]
pub(crate) struct TaskArgs {
    pub(crate) places: Folders,
    pub(crate) as_of: AsOf,
    pub(crate) now: Instant,
    /// The shard, for the steps that have one.
    pub(crate) shard: Option<Shard>,
}

/// The result of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskResult {
    Done,
    /// The task had ended before.
    DoneBefore,
    /// The close is published.
    Published,
}

/// A round, and what its close is.
pub(super) struct Round {
    pub(super) folder: RoundFolder,
    pub(super) plan: RoundPlan,
    pub(super) basis: RoundBasis,
}

/// What the tasks of a round read.
pub(super) enum RoundBasis {
    /// The input and the register in these folders.
    Folders(Folders),
    /// The inputs that a published close kept, and the closes before it.
    Kept(Box<KeptBasis>),
}

impl Round {
    /// Finds the round that a task belongs to; `None` if its close is published.
    pub(super) fn of(args: &TaskArgs) -> Result<Option<Self>, RunError> {
        let (settings, _) = config::load(&args.places.input)?;
        let through = args.as_of.at(settings.zone, args.now);
        let close = close_name(through, settings.zone);
        let folder = RoundFolder::of(&args.places.output, &close, settings.output.mode);
        if !folder.is_begun() {
            let published = Register::open(&args.places.output)?;
            if published.closes.iter().any(|it| it.as_of == through) {
                return Ok(None);
            }
            return Err(RoundError::NotBegun { path: folder.path().to_owned() }.into());
        }
        let plan: RoundPlan = read_json(&folder.result(PLAN))?;
        if let Some(shard) = args.shard.filter(|shard| shard.count != plan.shards) {
            return Err(RoundError::Differs {
                path: folder.path().to_owned(),
                begun: format!("{} shards", plan.shards),
                now: format!("shard {shard}"),
            }
            .into());
        }
        Ok(Some(Self { folder, plan, basis: RoundBasis::Folders(args.places.clone()) }))
    }

    /// Begins a round.
    pub(super) fn begin(&self) -> Result<(), RunError> {
        let mode = self.folder.mode();
        self.folder.begin(|folder| {
            let mut files = Staging::aside(Some(folder), "", mode)?;
            files.write(PLAN, &to_json(&self.plan))?;
            files.keep();
            Ok(())
        })
    }

    /// Refuses to go on with another program, register or instant.
    pub(super) fn check(&self, plan: &ClosePlan) -> Result<(), RoundError> {
        self.plan.check(plan, &self.folder)
    }

    /// The shards of the round.
    pub(super) fn shards(&self) -> impl Iterator<Item = Shard> + use<> {
        Shard::all(self.plan.shards)
    }

    /// The plan of a task: the settings and the register, which must be those of the round.
    pub(super) fn task(&self) -> Result<ClosePlan, RunError> {
        let through = Instant::from_unix_seconds(self.plan.as_of);
        let plan = match &self.basis {
            RoundBasis::Folders(places) => ClosePlan::at(places, through)?,
            RoundBasis::Kept(kept) => ClosePlan::after(
                kept.before.clone(),
                (kept.settings.clone(), kept.settings_bytes.clone()),
                through,
            ),
        };
        self.plan.check(&plan, &self.folder)?;
        Ok(plan)
    }

    /// The folder of the input.
    pub(super) fn input(&self) -> &Path {
        match &self.basis {
            RoundBasis::Folders(places) => &places.input,
            RoundBasis::Kept(kept) => &kept.inputs.folder,
        }
    }

    /// Where files of the input are that lie elsewhere.
    pub(super) fn elsewhere(&self) -> BTreeMap<PathBuf, PathBuf> {
        match &self.basis {
            RoundBasis::Folders(_) => BTreeMap::new(),
            RoundBasis::Kept(kept) => kept.inputs.elsewhere.clone(),
        }
    }

    /// Reads the input and the state of a shard.
    pub(super) fn context(&self, shard: Shard) -> Result<CloseContext, RunError> {
        let plan = self.task()?;
        let (context, _) = plan.load(self.input(), self.plan.billing(Some(shard)))?;
        Ok(CloseContext { elsewhere: self.elsewhere(), ..context })
    }

    /// The error for something that is not as it was.
    pub(super) fn changed(&self, what: &str) -> RoundError {
        RoundError::Changed { path: self.folder.path().to_owned(), what: what.to_owned() }
    }

    /// The missing results of a step.
    pub(super) fn require(
        &self,
        what: &'static str,
        name: impl Fn(Shard) -> String,
    ) -> Result<(), RoundError> {
        let missing = self.shards().filter(|shard| !self.folder.has(&name(*shard)));
        let shards: Vec<String> = missing.map(|shard| shard.to_string()).collect();
        if shards.is_empty() {
            return Ok(());
        }
        Err(RoundError::Missing { path: self.folder.path().to_owned(), what, shards })
    }
}

/// Reads the plan of a round. It has no digest, so that a plan of another version is told apart from a
/// damaged one.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, RoundError> {
    let damaged = |reason: String| RoundError::Damaged { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| damaged(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))
}

/// A file that tasks hand to the next step: JSON, and the digest of it on the last line. Its figures go
/// into the close, and nothing else would show that one was changed.
pub(super) fn to_sealed_json(content: &impl Serialize) -> Vec<u8> {
    let mut bytes = to_json(content);
    let digest = sha256_hex(&bytes);
    bytes.extend_from_slice(digest.as_bytes());
    bytes.push(b'\n');
    bytes
}

/// Reads what [`to_sealed_json`] wrote.
pub(super) fn read_sealed_json<T: DeserializeOwned>(path: &Path) -> Result<T, RoundError> {
    const SEAL: usize = 64 + 1;
    let damaged = |reason: String| RoundError::Damaged { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| damaged(error.to_string()))?;
    let split = bytes.len().checked_sub(SEAL).map(|end| bytes.split_at(end));
    let sealed =
        split.filter(|(json, seal)| *seal == [sha256_hex(json).as_bytes(), b"\n"].concat());
    let Some((json, _)) = sealed else {
        return Err(damaged("has another digest than its last line says".to_owned()));
    };
    serde_json::from_slice(json).map_err(|error| damaged(error.to_string()))
}

/// Writes the result of a task, unless another attempt was faster.
pub(super) fn write_result(
    folder: &RoundFolder,
    name: &str,
    write: impl FnOnce(&mut Staging) -> Result<(), RunError>,
) -> Result<TaskResult, RunError> {
    let attempt = folder.attempt(name)?;
    let mut files = Staging::aside(Some(&attempt), "", folder.mode())?;
    write(&mut files)?;
    files.keep();
    folder.finish(&attempt, name)?;
    Ok(TaskResult::Done)
}
