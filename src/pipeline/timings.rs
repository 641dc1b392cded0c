//! Measures the duration of each stage.

use std::time::{Duration, Instant as Clock};

/// A clock that stops at the end of each stage.
#[derive(Clone, Debug)]
pub struct StageTimings {
    started: Clock,
    looked: Clock,
    done: Vec<(&'static str, Duration)>,
}

impl StageTimings {
    pub(crate) fn begin() -> Self {
        let now = Clock::now();
        Self { started: now, looked: now, done: Vec::new() }
    }

    /// Ends a stage and begins the next.
    pub(crate) fn end(&mut self, stage: &'static str) {
        let now = Clock::now();
        self.done.push((stage, now - self.looked));
        self.looked = now;
    }

    /// The time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The finished stages and their durations.
    pub fn done(&self) -> &[(&'static str, Duration)] {
        &self.done
    }
}
