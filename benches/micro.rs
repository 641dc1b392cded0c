//! One step of a close at a time, measured with criterion: what a line, a boundary, a timeline, a
//! file, a table and a receipt cost by themselves.
//!
//! `cargo bench --features internals --bench micro [-- FILTER]` takes about a minute; a second run says
//! what has changed since. All input is of companies that prorata generates, the same in every run.
//! What a whole close takes is for `cargo bench --features internals --bench close`.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use prorata::internals::steps::{self, Size};

criterion_group! {
    name = all;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .sample_size(30);
    targets = measure
}
criterion_main!(all);

fn measure(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    steps::all(folder.path(), &mut |name, size, step| {
        let mut group = criterion.benchmark_group("step");
        group.throughput(match size {
            Size::Elements(count) => Throughput::Elements(count),
            Size::Bytes(count) => Throughput::Bytes(count),
        });
        group.bench_function(name, |bencher| bencher.iter(&mut *step));
    });
}
