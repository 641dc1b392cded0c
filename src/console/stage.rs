//! A running stage: its duration and its progress.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::TARGET;

/// A stage, from its start to its end.
#[derive(Debug)]
pub(crate) struct Stage(Arc<Meter>);

/// The progress of a stage.
#[derive(Debug)]
pub(super) struct Meter {
    pub(crate) name: &'static str,
    pub(crate) started: Instant,
    /// The counted items; empty without counting.
    pub(crate) noun: &'static str,
    pub(crate) total: u64,
    pub(crate) done: AtomicU64,
}

/// The running stage, for the bar.
static CURRENT: Mutex<Option<Arc<Meter>>> = Mutex::new(None);

impl Stage {
    /// A stage without counting.
    pub(crate) fn begin(name: &'static str) -> Self {
        Self::of(name, "", 0)
    }

    /// A stage with `total` items; each calls [`Stage::step`].
    pub(crate) fn of(name: &'static str, noun: &'static str, total: usize) -> Self {
        let (started, total, done) = (Instant::now(), total as u64, AtomicU64::new(0));
        let meter = Arc::new(Meter { name, started, noun, total, done });
        *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&meter));
        Self(meter)
    }

    /// Counts one item.
    pub(crate) fn step(&self) {
        self.0.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends the stage, and logs the number of items and the action.
    pub(crate) fn end(self, rows: impl TryInto<u64>, noun: &str, done: &str) {
        let rows = rows.try_into().unwrap_or(u64::MAX);
        let seconds = self.0.started.elapsed().as_secs_f64();
        let seconds = (seconds * 1e6).round() / 1e6;
        let plural = if rows == 1 { "" } else { "s" };
        let target = format!("{TARGET}{}", self.0.name);
        log::debug!(target: &target, rows, seconds; "{rows} {noun}{plural} {done}");
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|meter| Arc::ptr_eq(meter, &self.0)) {
            *current = None;
        }
    }
}

/// The running stage.
pub(super) fn current() -> Option<Arc<Meter>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
