//! Named places at which a test may pull the plug.
//!
//! In builds with debug assertions, `PRORATA_ABORT_AT=name` ends the process there as a power cut
//! would: at once, without clean-up. Release builds have nothing of this.

/// Dies here, if a test asked for it.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    if std::env::var_os("PRORATA_ABORT_AT").is_some_and(|wanted| wanted == name) {
        std::process::abort();
    }
}

/// Nothing, in a release build.
#[cfg(not(debug_assertions))]
#[inline]
pub fn point(_name: &str) {}
