//! Whatever bytes a file holds: no panic, no hang, no unbounded memory, and every problem names a
//! line that is there.
//!
//! This is mutation fuzzing on stable Rust, in `cargo test`. Every target replays its corpus
//! (`tests/data/fuzz_corpus/<target>/`, inputs that parsers are known to fail on) and the seeds (the
//! sample and the error catalogue). Then it tries a fixed number of mutations, in an order that
//! `PRORATA_FUZZ_SEED` decides: the same everywhere. `PRORATA_FUZZ_SECONDS` asks for more. What
//! fails is shrunk and printed. `tests/it/damaged.rs` does the same with compressed and Parquet tables.
//!
//! There are no libFuzzer targets: `cargo fuzz` needs a nightly compiler, which neither the
//! project nor its gate has, and what it would add, guidance by coverage, matters less where seeds
//! for every rule exist and fields are exchanged whole.

mod closes;
mod files;
mod harness;
mod mutate;
mod registers;
mod values;

use super::catalogue::catalogue;
use super::workspace::root;

/// The files of one name in the sample and in the error catalogue.
fn seeds(file: &str) -> Vec<Vec<u8>> {
    let sample = std::fs::read(root().join("input").join(file)).ok();
    let cases = catalogue().into_iter().flat_map(|kind| kind.cases);
    let broken = cases.filter_map(|mut case| case.input.remove(file));
    let mut seeds: Vec<Vec<u8>> = sample.into_iter().chain(broken).collect();
    seeds.sort();
    seeds.dedup();
    seeds
}
