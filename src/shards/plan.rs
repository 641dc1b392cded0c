//! What a round closes: every task must find the same.

use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::model::Shard;
use crate::pipeline::{Billing, CloseArgs, ClosePlan, Purpose, RunError, TableFormat};
use crate::publish::{RoundError, RoundFolder, close_name};
use crate::register::{CloseRef, MANIFEST, Manifest, Options, Register, RestoredInputs, Tool};
use crate::render;
use crate::value::{Instant, Moment};

/// What a round closes. Every task must find the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RoundPlan {
    pub(super) tool: Tool,
    /// Versions of files that tasks and the whole close share.
    pub(super) rendering: u32,
    pub(super) time_zones: String,
    /// The name of the close.
    pub(super) close: String,
    /// The instant of the close, in seconds since 1970.
    pub(super) as_of: i64,
    /// The number of shards.
    pub(super) shards: u32,
    /// The close before.
    pub(super) previous: Option<CloseRef>,
    /// The options that the manifest records.
    pub(super) options: Options,
    pub(super) format: TableFormat,
}

impl RoundPlan {
    /// The plan of a close, from the options of `begin` or `close`.
    pub(super) fn of(args: &CloseArgs, plan: &ClosePlan, shards: u32) -> Self {
        Self {
            close: close_name(plan.through, plan.settings.zone),
            as_of: plan.through.unix_seconds(),
            shards,
            previous: newest(&plan.register),
            options: args.noted(plan.through),
            format: args.format,
            ..Self::of_this_program()
        }
    }

    /// The plan of a published close that is made again.
    pub(super) fn of_published(
        kept: &KeptBasis,
        published: &Manifest,
        format: TableFormat,
        shards: u32,
    ) -> Result<Self, RunError> {
        let as_of = Moment::parse(&published.as_of).map(|moment| moment.at(kept.settings.zone));
        let as_of = as_of.map_err(|_| RoundError::Damaged {
            path: MANIFEST.into(),
            reason: format!("{} is no instant", published.as_of),
        })?;
        Ok(Self {
            close: close_name(as_of, kept.settings.zone),
            as_of: as_of.unix_seconds(),
            shards,
            previous: newest(&kept.before),
            options: published.options,
            format,
            ..Self::of_this_program()
        })
    }

    fn of_this_program() -> Self {
        Self {
            tool: Tool::this(),
            rendering: render::VERSION,
            time_zones: chrono_tz::IANA_TZDB_VERSION.to_owned(),
            close: String::new(),
            as_of: 0,
            shards: 0,
            previous: None,
            options: Options::default(),
            format: TableFormat::default(),
        }
    }

    /// The permissions of its tasks. With a shard, only its documents are made.
    pub(super) fn billing(&self, shard: Option<Shard>) -> Billing {
        Billing {
            purpose: if shard.is_some() { Purpose::Shard } else { Purpose::Documents },
            accept_history_change: self.options.accept_history_change,
            bill_from_start: self.options.bill_from_start,
            shard: shard.unwrap_or_default(),
        }
    }

    /// Refuses a task of another program, another register or another instant.
    pub(super) fn check(&self, task: &ClosePlan, folder: &RoundFolder) -> Result<(), RoundError> {
        let same = Self {
            close: self.close.clone(),
            as_of: task.through.unix_seconds(),
            shards: self.shards,
            previous: newest(&task.register),
            options: self.options,
            format: self.format,
            ..Self::of_this_program()
        };
        self.equals(&same, folder)
    }

    /// Refuses a plan that is not the same.
    pub(super) fn equals(&self, now: &Self, folder: &RoundFolder) -> Result<(), RoundError> {
        if self == now {
            return Ok(());
        }
        let differs = |what: fn(&Self) -> String| (what(self), what(now));
        let mut pairs = [Self::program, Self::before, Self::instant, Self::size, Self::choices]
            .map(differs)
            .into_iter();
        let (begun, now) = pairs.find(|(begun, now)| begun != now).expect("the plans differ");
        Err(RoundError::Differs { path: folder.path().to_owned(), begun, now })
    }

    fn program(&self) -> String {
        let Tool { name, version } = &self.tool;
        format!("{name} {version} (rendering {}, time zones {})", self.rendering, self.time_zones)
    }

    fn before(&self) -> String {
        match &self.previous {
            Some(CloseRef { close, manifest_sha256 }) => {
                format!("the close {close} before it ({manifest_sha256})")
            }
            None => "no close before it".to_owned(),
        }
    }

    fn instant(&self) -> String {
        format!("{} at {}", self.close, Instant::from_unix_seconds(self.as_of))
    }

    fn size(&self) -> String {
        format!("{} shards", self.shards)
    }

    /// The options, as the command line has them.
    fn choices(&self) -> String {
        let Options { accept_history_change, bill_from_start, ahead, opening: _ } = self.options;
        let all = [
            ("--accept-history-change", accept_history_change),
            ("--bill-from-start", bill_from_start),
            ("--ahead", ahead),
            ("--format parquet", self.format == TableFormat::Parquet),
        ];
        let chosen: Vec<&str> = all.iter().filter(|(_, is_on)| *is_on).map(|(it, _)| *it).collect();
        if chosen.is_empty() { "no options".to_owned() } else { chosen.join(" ") }
    }
}

/// What a published close was made of.
pub(crate) struct KeptBasis {
    /// The folder with the inputs, and where the files outside of it are.
    pub(crate) inputs: RestoredInputs,
    pub(crate) settings: Settings,
    pub(crate) settings_bytes: Vec<u8>,
    /// The closes before it.
    pub(crate) before: Register,
}

/// The newest close, as the next one refers to it.
fn newest(register: &Register) -> Option<CloseRef> {
    register.newest().map(|close| CloseRef {
        close: close.manifest.close.clone(),
        manifest_sha256: close.manifest_sha256.clone(),
    })
}
