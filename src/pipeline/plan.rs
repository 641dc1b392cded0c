//! Which close a run is to make, and whether it may.

use std::path::Path;
use std::time::Duration;

use super::context::{Billing, CloseContext, Folders};
use super::error::RunError;
use crate::config::{self, Settings};
use crate::console::Stage;
use crate::publish::{Lock, close_name};
use crate::register::{Close, Register, RegisterError};
use crate::value::{AsOf, DAY_SECONDS, Instant};

/// Two months, whichever: closes may lie so far apart, however close they were before.
const LONGEST_GAP_SECONDS: i64 = 62 * DAY_SECONDS;

/// So many times the usual distance of closes may one of them take.
const LONGEST_GAP_TIMES: i64 = 3;

/// What a close begins with: the register is open and, if something is to be published, the output
/// folder its own.
pub struct ClosePlan {
    /// What billing.toml says.
    pub settings: Settings,
    settings_bytes: Vec<u8>,
    /// What earlier closes billed.
    pub register: Register,
    /// The instant of the close.
    pub through: Instant,
    lock: Option<Lock>,
}

impl ClosePlan {
    /// Reads the settings, takes the output folder, for which it waits if told to, and opens the
    /// register.
    pub fn exclusive(
        places: &Folders,
        as_of: AsOf,
        now: Instant,
        lock_wait: Duration,
    ) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        let through = as_of.at(settings.zone, now);
        let lock = take(&places.output, lock_wait)?;
        let stage = Stage::begin("register");
        let register = Register::open(&places.output)?;
        stage.end(register.closes.len(), "close", "so far");
        Ok(Self { settings, settings_bytes, register, through, lock: Some(lock) })
    }

    /// The same for a run that publishes nothing, beside others.
    pub fn beside_others(places: &Folders, as_of: AsOf, now: Instant) -> Result<Self, RunError> {
        let (settings, settings_bytes) = config::load(&places.input)?;
        let through = as_of.at(settings.zone, now);
        let register = match Register::open(&places.output) {
            // A close may have been published between a look at the folders and one at the link.
            Err(RegisterError::LostClose { .. }) => Register::open(&places.output)?,
            opened => opened?,
        };
        Ok(Self { settings, settings_bytes, register, through, lock: None })
    }

    /// Refuses to publish what lies after now.
    pub fn refuse_ahead(&self, now: Instant) -> Result<(), RunError> {
        if self.through <= now {
            return Ok(());
        }
        Err(RunError::Ahead { as_of: self.through.to_string(), now: now.to_string() })
    }

    /// The close that was asked for, if it is there; otherwise it must lie after the newest one.
    pub fn published(&self) -> Result<Option<&Close>, RunError> {
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

    /// Refuses a close that lies further after the newest one than closes do: a mistyped month bills
    /// ahead, or jumps over closes that were missed.
    pub fn refuse_a_long_gap(&self) -> Result<(), RunError> {
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

    /// Reads the input. The output folder is held for as long as the lock that comes back.
    pub fn load(
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
}

/// Takes the output folder, and says so if another run has it and is waited for.
fn take(output: &Path, wait: Duration) -> Result<Lock, RunError> {
    let _stage = Stage::begin("waiting");
    let seconds = wait.as_secs();
    Ok(Lock::take(output, wait, |holder| {
        log::info!(
            target: "prorata::publish", seconds;
            "{} is in use by {holder}; waiting {seconds} s for it at most", output.display()
        );
    })?)
}
