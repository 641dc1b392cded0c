//! Stops a run after a signal that would end it, without leaving partial output.
//!
//! If nothing is written yet, the run ends at once. While partial output exists, the run
//! [holds](hold) the signal: the writer [checks](check) for it, fails and cleans up as after any
//! failure. Once a close is decided, the run continues to its end, which is near. A second signal of
//! SIGINT, SIGQUIT and SIGTERM ends the run at once; the next run cleans up.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::Signal as Known;
use signal_hook::iterator::Signals;

/// The signal that stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signal(i32);

/// The signals that end a process unless it handles them. Not here are those that cannot be
/// handled, faults of the program itself, and SIGPIPE and SIGXFSZ, which become errors of writing.
const ENDING: &[(Known, &str)] = &[
    (Known::HUP, "SIGHUP"),
    (Known::INT, "SIGINT"),
    (Known::QUIT, "SIGQUIT"),
    (Known::USR1, "SIGUSR1"),
    (Known::USR2, "SIGUSR2"),
    (Known::ALARM, "SIGALRM"),
    (Known::TERM, "SIGTERM"),
    (Known::XCPU, "SIGXCPU"),
    (Known::VTALARM, "SIGVTALRM"),
    (Known::PROF, "SIGPROF"),
    #[cfg(target_os = "linux")]
    (Known::STKFLT, "SIGSTKFLT"),
    #[cfg(target_os = "linux")]
    (Known::IO, "SIGIO"),
    #[cfg(target_os = "linux")]
    (Known::POWER, "SIGPWR"),
];

/// The signals without a name that end a process, too. The library of the system keeps 32 and 33.
#[cfg(target_os = "linux")]
const UNNAMED: std::ops::RangeInclusive<i32> = 34..=64;
#[cfg(not(target_os = "linux"))]
const UNNAMED: std::ops::Range<i32> = 0..0;

/// After two of these, somebody waits for the end. Service managers and terminals send others twice,
/// or beside these.
const IMPATIENT: [Known; 3] = [Known::INT, Known::QUIT, Known::TERM];

impl Signal {
    pub(crate) fn name(self) -> String {
        let named = ENDING.iter().find(|(signal, _)| signal.as_raw() == self.0);
        named.map_or_else(|| format!("signal {}", self.0), |(_, name)| (*name).to_owned())
    }

    /// The exit code that shells report after this signal.
    pub(crate) fn exit_code(self) -> u8 {
        128 + u8::try_from(self.0).expect("numbers of signals are small")
    }

    #[cfg(test)]
    /// The signal of service managers and `kill`.
    pub(crate) const TERM: Self = Self(Known::TERM.as_raw());
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
/// Whether a signal of [`IMPATIENT`] came.
static IS_AWAITED: AtomicBool = AtomicBool::new(false);

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
/// it, otherwise the second. Signals that the parent process ignores stay ignored, as with `nohup`.
///
/// # Errors
/// The system does not let signals be handled.
pub(crate) fn watch(end: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    let ignored = ignored();
    let is_minded = |number: &i32| ignored & (1 << (number - 1)) == 0;
    let named = ENDING.iter().map(|(signal, _)| signal.as_raw());
    let mut signals = Signals::new(named.filter(is_minded))?;
    for number in UNNAMED.filter(is_minded) {
        // Another library of the system may keep one more.
        let _ = signals.handle().add_signal(number);
    }
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for number in signals.forever() {
            let progress = progress();
            // The first one counts.
            let _ = SIGNAL.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed);
            let is_patient = IMPATIENT.iter().all(|it| it.as_raw() != number)
                || !IS_AWAITED.swap(true, Ordering::Relaxed);
            match &*progress {
                Progress::Decided => {}
                Progress::Holding(count) if *count > 0 && is_patient => {}
                // Nothing new can begin meanwhile, because that takes the lock.
                Progress::Holding(_) => end(Signal(number)),
            }
        }
    })?;
    Ok(())
}

/// The signals that this process was started to ignore, as bits; the first is signal 1.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn example_of_exit_code() {
        use crate::stop::Signal;
        assert_eq!((Signal::TERM.exit_code(), &*Signal::TERM.name()), (143, "SIGTERM"));
        assert_eq!((Signal(34).exit_code(), &*Signal(34).name()), (162, "signal 34"));
    }
}
