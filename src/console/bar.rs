//! The progress bar on a terminal: the stage, its progress, its speed and the remaining time.
//!
//! It has no colour, so no option is needed to turn colour off.

use std::io::Write as _;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Console;
use super::stage::{Meter, current};

/// Returns to the start of the line and clears it.
pub(crate) const ERASE: &str = "\r\x1b[K";

/// A shorter run shows no bar.
const PATIENCE: Duration = Duration::from_millis(400);
const INTERVAL: Duration = Duration::from_millis(100);

/// Draws until the process ends.
pub(crate) fn begin(console: &'static Console) {
    let started = Instant::now();
    let draw = move || {
        loop {
            std::thread::sleep(INTERVAL);
            if started.elapsed() >= PATIENCE {
                draw(console);
            }
        }
    };
    // The run works without a bar too.
    let _ = std::thread::Builder::new().name("bar".to_owned()).spawn(draw);
}

fn draw(console: &Console) {
    let mut drawn = console.drawn.lock().unwrap_or_else(PoisonError::into_inner);
    if console.is_over.load(Ordering::Relaxed) {
        return;
    }
    let Some(meter) = current() else { return };
    // A terminal that does not know its size returns 0.
    let size = rustix::termios::tcgetwinsize(std::io::stderr());
    let columns = size.map_or(0, |size| usize::from(size.ws_col));
    let columns = if columns == 0 { 80 } else { columns };
    let text = line(&meter, meter.started.elapsed(), columns);
    let _ = write!(std::io::stderr().lock(), "{ERASE}{text}");
    *drawn = true;
}

/// The bar after some time, in a number of columns. The last column stays free.
fn line(meter: &Meter, elapsed: Duration, columns: usize) -> String {
    let done = meter.done.load(Ordering::Relaxed);
    let text = match meter.total {
        0 => format!("{:<9} {} s", meter.name, elapsed.as_secs()),
        total => {
            let (done_text, total_text) = (grouped(done), grouped(total));
            let (rate, left) = rate(done, total, elapsed);
            let noun = meter.noun;
            format!(
                "{:<9} {} {done_text} of {total_text} {noun}, {rate}/s, {left} left",
                meter.name,
                blocks(done, total)
            )
        }
    };
    text.chars().take(columns.saturating_sub(1)).collect()
}

/// Twenty blocks, filled in proportion.
fn blocks(done: u64, total: u64) -> String {
    const PLACES: usize = 20;
    let filled = u128::from(done.min(total)) * PLACES as u128 / u128::from(total);
    let filled = usize::try_from(filled).unwrap_or(PLACES);
    "█".repeat(filled) + &"░".repeat(PLACES - filled)
}

/// The speed per second, and the remaining time at that speed.
fn rate(done: u64, total: u64, elapsed: Duration) -> (String, String) {
    let milliseconds = elapsed.as_millis().max(1);
    let rate = u128::from(done) * 1000 / milliseconds;
    if done == 0 {
        return ("0".to_owned(), "?".to_owned());
    }
    let left = u128::from(total.saturating_sub(done)) * milliseconds / u128::from(done) / 1000;
    let rate = u64::try_from(rate).unwrap_or(u64::MAX);
    (grouped(rate), format!("{}:{:02}", left / 60, left % 60))
}

/// A number with thousands separators.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    fn meter(done: u64, total: u64) -> Meter {
        let done = AtomicU64::new(done);
        Meter { name: "billing", started: Instant::now(), noun: "accounts", total, done }
    }

    #[test]
    fn says_how_much_how_fast_and_how_long() {
        let text = line(&meter(12_345, 50_000), Duration::from_secs(2), 100);
        let expected =
            "billing   ████░░░░░░░░░░░░░░░░ 12,345 of 50,000 accounts, 6,172/s, 0:06 left";
        assert_eq!(text, expected);
        let text = line(&meter(0, 50_000), Duration::from_secs(1), 100);
        assert!(text.ends_with("0 of 50,000 accounts, 0/s, ? left"), "{text}");
        let text = line(&meter(7, 7), Duration::from_millis(1), 100);
        assert!(text.ends_with("7 of 7 accounts, 7,000/s, 0:00 left"), "{text}");
    }

    #[test]
    fn a_stage_that_counts_nothing_says_how_long_it_has_taken() {
        assert_eq!(line(&meter(0, 0), Duration::from_secs(3), 80), "billing   3 s");
    }

    #[test]
    fn stays_on_its_line() {
        let text = line(&meter(12_345, 50_000), Duration::from_secs(2), 40);
        assert_eq!(text.chars().count(), 39);
    }
}
