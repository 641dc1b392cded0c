//! Decides which close a run makes, and whether it is allowed.

use std::path::Path;
use std::time::Duration;

use super::context::{Billing, CloseContext, Folders};
use super::error::RunError;
use crate::access::FileMode;
use crate::config::{self, Settings};
use crate::console::Stage;
use crate::publish::{
    Lock, PublishError, RoundError, RoundFolder, close_name, point_latest_at, rounds_in,
};
use crate::register::{Close, Register, RegisterError};
use crate::table::Source;
use crate::value::{AsOf, DAY_SECONDS, Instant};

/// Two months: closes may always lie this far apart.
const LONGEST_GAP_SECONDS: i64 = 62 * DAY_SECONDS;

/// One gap may be this many times the usual distance between closes.
const LONGEST_GAP_TIMES: i64 = 3;

/// The start of a close: an open register and, for publishing, the lock on the output folder.
pub(crate) struct ClosePlan {
    /// The settings of billing.toml.
    pub(crate) settings: Settings,
    settings_bytes: Vec<u8>,
    /// The earlier closes.
    pub(crate) register: Register,
    /// The instant of the close.
    pub(crate) through: Instant,
    lock: Option<Lock>,
}

impl ClosePlan {
    /// Reads the settings, locks the output folder, waiting for at most `lock_wait`, and opens the
    /// register.
    pub(crate) fn exclusive(
        places: &Folders,
        as_of: AsOf,
        now: Instant,
        lock_wait: Duration,
    ) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        let through = as_of.at(settings.zone, now);
        let lock = take(&places.output, settings.output.mode, lock_wait)?;
        let stage = Stage::begin("register");
        let register = Register::open(&places.output)?;
        // A killed run may have renamed its folder without moving the link.
        if let Some(newest) = register.newest() {
            point_latest_at(&places.output, &newest.manifest.close)?;
        }
        stage.end(register.closes.len(), "close", "so far");
        Ok(Self { settings, settings_bytes, register, through, lock: Some(lock) })
    }

    /// Does the same without the lock, for a run that publishes nothing.
    pub(crate) fn beside_others(
        places: &Folders,
        as_of: AsOf,
        now: Instant,
    ) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        let through = as_of.at(settings.zone, now);
        Self::without_lock(places, settings, settings_bytes, through)
    }

    /// Does the same for a known instant.
    pub(crate) fn at(places: &Folders, through: Instant) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        Self::without_lock(places, settings, settings_bytes, through)
    }

    /// The plan of a close that continues known ones.
    pub(crate) fn after(
        register: Register,
        (settings, settings_bytes): (Settings, Vec<u8>),
        through: Instant,
    ) -> Self {
        Self { settings, settings_bytes, register, through, lock: None }
    }

    fn without_lock(
        places: &Folders,
        settings: Settings,
        settings_bytes: Vec<u8>,
        through: Instant,
    ) -> Result<Self, RunError> {
        let register = match Register::open(&places.output) {
            // Another run may have published a close between reading the folders and reading the
            // link.
            Err(RegisterError::LostClose { .. }) => Register::open(&places.output)?,
            opened => opened?,
        };
        Ok(Self { settings, settings_bytes, register, through, lock: None })
    }

    /// Refuses to go on beside a round of shards, except the run's own.
    pub(crate) fn refuse_open_rounds(
        &self,
        output: &Path,
        own: Option<&RoundFolder>,
    ) -> Result<(), RunError> {
        let mut others = self.open_rounds(output)?.into_iter();
        let other = others.find(|round| own.is_none_or(|own| own.path() != round.path()));
        other.map_or(Ok(()), |round| Err(RoundError::Open { path: round.path().to_owned() }.into()))
    }

    /// The rounds that are not published. One whose close is published was left by a killed run, and
    /// is removed.
    pub(crate) fn open_rounds(&self, output: &Path) -> Result<Vec<RoundFolder>, RunError> {
        let mut open = Vec::new();
        for close in rounds_in(output).map_err(PublishError::create(output))? {
            let round = RoundFolder::of(output, &close, self.settings.output.mode);
            if self.register.closes.iter().any(|it| it.manifest.close == close) {
                round.remove()?;
            } else {
                open.push(round);
            }
        }
        Ok(open)
    }

    /// Refuses to publish a close in the future.
    pub(crate) fn refuse_ahead(&self, now: Instant) -> Result<(), RunError> {
        if self.through <= now {
            return Ok(());
        }
        Err(RunError::Ahead { as_of: self.through.to_string(), now: now.to_string() })
    }

    /// The requested close, if it is already published. Otherwise it must lie after the newest
    /// close.
    pub(crate) fn published(&self) -> Result<Option<&Close>, RunError> {
        if let Some(published) = self.register.closes.iter().find(|it| it.as_of == self.through) {
            return Ok(Some(published));
        }
        let Some(newest) = self.register.newest() else { return Ok(None) };
        if self.through < newest.as_of {
            let newest = newest.as_of.to_string();
            return Err(RunError::BeforeNewest { as_of: self.through.to_string(), newest });
        }
        Ok(None)
    }

    /// Refuses a close too far after the newest one. A mistyped month would bill ahead or skip
    /// missed closes.
    pub(crate) fn refuse_a_long_gap(&self) -> Result<(), RunError> {
        let Some(newest) = self.register.newest() else { return Ok(()) };
        let usual = self.register.usual_distance().unwrap_or_default();
        let longest = LONGEST_GAP_SECONDS.max(LONGEST_GAP_TIMES * usual);
        let distance = self.through.seconds_since(newest.as_of);
        if distance <= longest {
            return Ok(());
        }
        Err(RunError::LongGap {
            as_of: self.through.to_string(),
            newest: newest.as_of.to_string(),
            days: distance / DAY_SECONDS,
            longest: longest / DAY_SECONDS,
        })
    }

    /// Reads the input. The returned lock holds the output folder, if the plan is
    /// [exclusive](Self::exclusive).
    pub(crate) fn load(
        self,
        input: &Path,
        billing: Billing,
    ) -> Result<(CloseContext, Option<Lock>), RunError> {
        let Self { settings, settings_bytes, register, through, lock } = self;
        let name = close_name(through, settings.zone);
        let context =
            CloseContext::read(input, settings, &settings_bytes, register, through, name, billing)?;
        Ok((context, lock))
    }

    /// The basis of a close whose input its shards have read, and the lock.
    pub(crate) fn of_shards(
        self,
        input: &Path,
        sources: Vec<Source>,
        billing: Billing,
    ) -> (CloseContext, Option<Lock>) {
        let Self { settings, register, through, lock, .. } = self;
        let name = close_name(through, settings.zone);
        let context =
            CloseContext::of_shards(input, settings, register, through, name, sources, billing);
        (context, lock)
    }
}

/// Locks the output folder. Prints a message if it waits for another run.
fn take(output: &Path, mode: FileMode, wait: Duration) -> Result<Lock, RunError> {
    let _stage = Stage::begin("waiting");
    let seconds = wait.as_secs();
    Ok(Lock::take(output, mode, wait, |holder| {
        log::info!(
            target: "prorata::publish", seconds;
            "{} is in use by {holder}; waiting {seconds} s for it at most", output.display()
        );
    })?)
}
