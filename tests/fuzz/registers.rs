//! What earlier closes left, damaged: a manifest whose digest was written anew, and Parquet files of
//! the state.

use std::fs;
use std::path::PathBuf;

use crate::hash::sha256_hex;
use crate::pipeline::{CloseArgs, Folders, close};
use crate::register::{MANIFEST, MANIFEST_DIGEST, Register};
use crate::value::{AsOf, Instant};

use super::files::write_company;
use super::harness::fuzz;

/// How many mutations of each file are tried.
const MUTATIONS: u64 = 100;

/// A register of one close, and the folder of the close.
fn register() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let (input, output) = (place.path().join("input"), place.path().join("output"));
    write_company(&input);
    let as_of = AsOf::parse("2020-06-28").expect("a moment");
    let places = Folders { input, output: output.clone() };
    let args = CloseArgs::new(places, as_of, Instant::from_unix_seconds(1_800_000_000));
    close(&args).expect("a close");
    (place, output.join("2020-06-28"))
}

#[test]
fn manifest() {
    let (place, folder) = register();
    let seeds = [fs::read(folder.join(MANIFEST)).expect("a manifest")];
    fuzz("manifest.json", &seeds, MUTATIONS, &|bytes| {
        fs::write(folder.join(MANIFEST), bytes).expect("a manifest");
        let digest = format!("{}  {MANIFEST}\n", sha256_hex(bytes));
        fs::write(folder.join(MANIFEST_DIGEST), digest).expect("a digest");
        let Ok(register) = Register::open(&place.path().join("output")) else { return Ok(()) };
        let _ = (register.state(), register.series());
        Ok(())
    });
}

/// Tries a Parquet file of the newest close: what is not byte for byte what the manifest says is
/// refused before it is read. The reader of polars panics on some damaged files, and asks for all
/// the memory there is on others.
fn fuzz_state(file: &str) {
    let (place, folder) = register();
    let path = folder.join(file);
    let published = fs::read(&path).expect("a file of the state");
    let seeds = [published.clone()];
    fuzz(&file.replace('/', "_"), &seeds, MUTATIONS, &|bytes| {
        fs::write(&path, bytes).expect("a file");
        let register = Register::open(&place.path().join("output")).map_err(|it| it.to_string())?;
        match register.state() {
            Ok(_) if bytes != published => Err("was read although it was damaged".to_owned()),
            Err(error) if !error.is_altered() => Err(error.to_string()),
            _ => Ok(()),
        }
    });
}

#[test]
fn subscriptions() {
    fuzz_state("state/subscriptions.parquet");
}

#[test]
fn credit() {
    fuzz_state("state/credit.parquet");
}

#[test]
fn tax_rates() {
    fuzz_state("state/tax_rates.parquet");
}
