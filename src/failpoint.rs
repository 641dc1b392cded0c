//! Named places at which a test can end the run.
//!
//! In builds with debug assertions, `PRORATA_ABORT_AT=name` ends the process there at once, like a
//! power cut. `PRORATA_PANIC_AT=name` panics, like a bug. `PRORATA_PAUSE_AT=name` waits, so that a
//! test can send a signal; with `PRORATA_PAUSE_UNTIL=file` it waits until that file exists.
//! `PRORATA_EXHAUST_AT=name` asks for more memory than there is.
//! `PRORATA_FAIL_AT=name` makes a call of the system fail. Release builds have none of this.

#[cfg(debug_assertions)]
fn asks(variable: &str, name: &str) -> bool {
    std::env::var_os(variable).is_some_and(|wanted| wanted == name)
}

/// Ends or pauses the run here, if a test requests it.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &str) {
    if asks("PRORATA_ABORT_AT", name) {
        std::process::abort();
    }
    assert!(!asks("PRORATA_PANIC_AT", name), "a test asked for a bug at {name}");
    if asks("PRORATA_EXHAUST_AT", name) {
        std::hint::black_box(Vec::<u8>::with_capacity(isize::MAX.unsigned_abs()));
    }
    if asks("PRORATA_PAUSE_AT", name) {
        eprintln!("paused at {name}");
        pause();
    }
}

#[cfg(debug_assertions)]
fn pause() {
    use std::time::Duration;
    let Some(file) = std::env::var_os("PRORATA_PAUSE_UNTIL") else {
        return std::thread::sleep(Duration::from_millis(500));
    };
    while !std::path::Path::new(&file).exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn point(_name: &str) {}

/// Fails here like a call of the system, if a test requests it.
///
/// # Errors
/// The error that a broken disk gives.
#[cfg(debug_assertions)]
pub(crate) fn fails(name: &str) -> std::io::Result<()> {
    if asks("PRORATA_FAIL_AT", name) {
        return Err(std::io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error()));
    }
    Ok(())
}

#[cfg(not(debug_assertions))]
#[inline]
#[expect(clippy::unnecessary_wraps, reason = "a test makes it fail")]
pub(crate) fn fails(_name: &str) -> std::io::Result<()> {
    Ok(())
}
