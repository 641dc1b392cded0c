//! One step of a close at a time: what a line, a boundary, a timeline, a file, a table and a receipt
//! cost by themselves.
//!
//! `cargo bench --features internals --bench micro [-- FILTER]` takes about half a minute. It prints the
//! median of thirty samples, and how far half of them lie apart: a change that is smaller is noise. All
//! input is of companies that prorata generates, the same in every run. What a whole close takes is for
//! `cargo bench --features internals --bench close`.

use std::time::{Duration, Instant};

use prorata::internals::steps::{self, Size};

const SAMPLES: usize = 30;

/// How long a sample takes at least, so that the clock is exact enough.
const SAMPLE: Duration = Duration::from_millis(50);

fn main() {
    let filter = std::env::args().skip(1).find(|it| it != "--bench").unwrap_or_default();
    let folder = tempfile::tempdir().expect("a temporary folder");
    steps::all(folder.path(), &mut |name, size, step| {
        if name.contains(&filter) {
            print(name, size, &samples(step));
        }
    });
}

/// Seconds that the step takes, sorted.
fn samples(step: &mut dyn FnMut()) -> Vec<f64> {
    let mut time = |count: u32| {
        let started = Instant::now();
        (0..count).for_each(|_| step());
        started.elapsed()
    };
    let mut count = 1;
    while time(count) < SAMPLE {
        count *= 2;
    }
    let mut samples: Vec<f64> =
        (0..SAMPLES).map(|_| time(count).as_secs_f64() / f64::from(count)).collect();
    samples.sort_by(f64::total_cmp);
    samples
}

#[expect(clippy::cast_precision_loss, reason = "sizes are small")]
fn print(name: &str, size: Size, samples: &[f64]) {
    let median = samples[SAMPLES / 2];
    let spread = (samples[SAMPLES * 3 / 4] - samples[SAMPLES / 4]) / median * 100.0;
    let speed = match size {
        Size::Elements(count) => format!("{:>10.0} a second", count as f64 / median),
        Size::Bytes(count) => format!("{:>10.1} MB a second", count as f64 / median / 1e6),
    };
    println!("{name:<40} {:>12.3} µs ± {spread:>4.1} % {speed}", median * 1e6);
}
