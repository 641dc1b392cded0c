//! Named places at which a test may pull the plug.
//!
//! In builds with debug assertions, `PRORATA_ABORT_AT=name` ends the process there as a power cut
//! would: at once, without clean-up. `PRORATA_PANIC_AT=name` stands for a bug, and
//! `PRORATA_PAUSE_AT=name` waits there, so that a signal can be sent. Release builds have nothing of
//! this.

/// Dies here, if a test asked for it.
///
/// # Panics
/// If a test asked for that.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
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

/// Nothing, in a release build.
#[cfg(not(debug_assertions))]
#[inline]
pub fn point(_name: &str) {}
