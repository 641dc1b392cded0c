//! How long a run has spent in each of its stages, for whoever wonders where the time goes.

use std::time::{Duration, Instant as Clock};

/// A clock that is looked at whenever a stage is done.
#[derive(Clone, Debug)]
pub struct StageTimings {
    started: Clock,
    looked: Clock,
    done: Vec<(&'static str, Duration)>,
}

impl StageTimings {
    /// Begins the first stage.
    pub(crate) fn begin() -> Self {
        let now = Clock::now();
        Self { started: now, looked: now, done: Vec::new() }
    }

    /// Ends a stage, and begins the next.
    pub(crate) fn end(&mut self, stage: &'static str) {
        let now = Clock::now();
        self.done.push((stage, now - self.looked));
        self.looked = now;
    }

    /// Since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The stages that are done, with how long each took.
    pub fn done(&self) -> &[(&'static str, Duration)] {
        &self.done
    }
}
