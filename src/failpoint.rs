//! Named places at which a test can end the run.
//!
//! In builds with debug assertions, `PRORATA_ABORT_AT=name` ends the process there at once, like a
//! power cut. `PRORATA_PANIC_AT=name` panics, like a bug. `PRORATA_PAUSE_AT=name` waits, so that a
//! test can send a signal. Release builds have none of this.

/// Ends or pauses the run here, if a test requests it.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &str) {
    let asks = |variable| std::env::var_os(variable).is_some_and(|wanted| wanted == name);
    if asks("PRORATA_ABORT_AT") {
        std::process::abort();
    }
    assert!(!asks("PRORATA_PANIC_AT"), "a test asked for a bug at {name}");
    if asks("PRORATA_PAUSE_AT") {
        eprintln!("paused at {name}");
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}

#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn point(_name: &str) {}
