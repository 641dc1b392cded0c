//! Stops a run after SIGTERM or SIGINT without leaving partial output.
//!
//! If nothing is written yet, the run ends at once. While partial output exists, the run
//! [holds](hold) the signal: the writer [checks](check) for it, fails and cleans up as after any
//! failure. Once a close is decided, the run continues to its end, which is near. A second signal
//! ends the run at once; the next run cleans up.

use std::io;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The signal that stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signal(i32);

impl Signal {
    pub(crate) fn name(self) -> &'static str {
        if self.0 == SIGINT { "SIGINT" } else { "SIGTERM" }
    }

    /// The exit code that shells report after this signal.
    pub(crate) fn exit_code(self) -> u8 {
        128 + u8::try_from(self.0).expect("numbers of signals are small")
    }

    #[cfg(test)]
    /// The signal of service managers and `kill`.
    pub(crate) const TERM: Self = Self(SIGTERM);
}

/// The progress of the run.
enum Progress {
    /// The number of partial outputs.
    Holding(usize),
    /// The close is published, or will be.
    Decided,
}

static PROGRESS: Mutex<Progress> = Mutex::new(Progress::Holding(0));
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// Marks partial output until it is dropped. The holder removes the output after a signal.
#[derive(Debug)]
pub(crate) struct HeldSignal(());

/// Call this before writing partial output.
pub(crate) fn hold() -> HeldSignal {
    if let Progress::Holding(count) = &mut *progress() {
        *count += 1;
    }
    HeldSignal(())
}

impl Drop for HeldSignal {
    fn drop(&mut self) {
        if let Progress::Holding(count) = &mut *progress() {
            *count -= 1;
        }
    }
}

/// The signal received, if any.
pub(crate) fn requested() -> Option<Signal> {
    match SIGNAL.load(Ordering::Relaxed) {
        0 => None,
        number => Some(Signal(number)),
    }
}

/// Fails after a signal.
///
/// # Errors
/// [`io::ErrorKind::Interrupted`].
pub(crate) fn check() -> io::Result<()> {
    requested().map_or(Ok(()), |signal| {
        Err(io::Error::new(io::ErrorKind::Interrupted, format!("stopped by {}", signal.name())))
    })
}

/// The last check before a close is decided. After it the run continues to its end.
pub(crate) fn decide() -> io::Result<()> {
    let mut progress = progress();
    check()?;
    *progress = Progress::Decided;
    Ok(())
}

pub(crate) fn is_decided() -> bool {
    matches!(*progress(), Progress::Decided)
}

fn progress() -> MutexGuard<'static, Progress> {
    PROGRESS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts to handle signals. `end` ends the process. Without partial output the first signal calls
/// it, otherwise the second.
///
/// # Errors
/// The system does not let signals be handled.
pub(crate) fn watch(end: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for number in signals.forever() {
            let progress = progress();
            let is_first = SIGNAL.swap(number, Ordering::Relaxed) == 0;
            match &*progress {
                Progress::Decided => {}
                Progress::Holding(count) if *count > 0 && is_first => {}
                // Nothing new can begin meanwhile, because that takes the lock.
                Progress::Holding(_) => end(Signal(number)),
            }
        }
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn example_of_exit_code() {
        use crate::stop::Signal;
        assert_eq!(Signal::TERM.exit_code(), 143);
    }
}
