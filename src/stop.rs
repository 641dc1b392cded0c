//! A run that is told to stop, by SIGTERM or SIGINT, ends soon and leaves nothing half done.
//!
//! Where nothing has been written yet, it ends at once. Where something half done would be left, it
//! is [held](hold): whoever writes [asks](check) now and then, fails, and tidies up as after any
//! failure. And from the moment in which a close is decided on, it is too late: the run goes on to
//! its end, which is near. A second signal does not wait for anything; the next run tidies up.

use std::io;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// What told the run to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signal(i32);

impl Signal {
    /// What operators call it.
    pub(crate) fn name(self) -> &'static str {
        if self.0 == SIGINT { "SIGINT" } else { "SIGTERM" }
    }

    /// The exit code, as shells report a process that a signal ended.
    pub(crate) fn exit_code(self) -> u8 {
        128 + u8::try_from(self.0).expect("numbers of signals are small")
    }

    #[cfg(test)]
    /// What service managers and `kill` send.
    pub(crate) const TERM: Self = Self(SIGTERM);
}

/// How far the run is.
enum Progress {
    /// Of so many things half done none may be left.
    Holding(usize),
    /// What was to be published is, or is about to be.
    Decided,
}

static PROGRESS: Mutex<Progress> = Mutex::new(Progress::Holding(0));
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// While it lives there is something half done, which its holder removes when asked to stop.
#[derive(Debug)]
pub(crate) struct HeldSignal(());

/// Says that something half done is about to be.
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

/// What told the run to stop, if anything has.
pub(crate) fn requested() -> Option<Signal> {
    match SIGNAL.load(Ordering::Relaxed) {
        0 => None,
        number => Some(Signal(number)),
    }
}

/// Fails once the run has been told to stop.
///
/// # Errors
/// [`io::ErrorKind::Interrupted`].
pub(crate) fn check() -> io::Result<()> {
    requested().map_or(Ok(()), |signal| {
        Err(io::Error::new(io::ErrorKind::Interrupted, format!("stopped by {}", signal.name())))
    })
}

/// The last look before a close is decided on: from here on the run goes on to its end.
///
/// # Errors
/// The run has been told to stop.
pub(crate) fn decide() -> io::Result<()> {
    let mut progress = progress();
    check()?;
    *progress = Progress::Decided;
    Ok(())
}

/// Whether a close was decided on.
pub(crate) fn is_decided() -> bool {
    matches!(*progress(), Progress::Decided)
}

fn progress() -> MutexGuard<'static, Progress> {
    PROGRESS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for signals from now on. `end` ends the process; it is called with the first signal if
/// nothing is half done, else with the second.
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
                // Nothing new can be begun meanwhile: that would take the lock.
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
