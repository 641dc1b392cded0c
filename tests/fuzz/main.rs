//! Whatever bytes a file holds: no panic, no hang, no unbounded memory, and every problem names a
//! line that is there.
//!
//! This is mutation fuzzing on stable Rust, in `cargo test`. Every target replays its corpus
//! (`tests/fuzz_corpus/<target>/`, inputs that parsers are known to fail on) and the seeds (the
//! sample, the error catalogue, an invented company); then it mutates them for a second, or for as
//! long as `PRORATA_FUZZ_SECONDS` says, in an order that `PRORATA_FUZZ_SEED` decides. What fails is
//! shrunk and printed. Optimised (`--release`) it tries ten times as much.
//!
//! There are no libFuzzer targets: `cargo fuzz` needs a nightly compiler, which neither the
//! project nor its gate has, and what it would add, guidance by coverage, matters less where seeds
//! for every rule exist and fields are exchanged whole.

mod closes;
mod files;
mod forms;
mod harness;
mod mutate;
mod registers;
mod values;
