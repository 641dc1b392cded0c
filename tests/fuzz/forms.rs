//! Tables in other forms than CSV, damaged: compressed ones, and Parquet, which another process
//! reads. Whatever becomes of that one, there is a problem that names the file, or a book.

use std::fs;
use std::path::Path;

use prorata::table::parquet;
use prorata::{config, input};

use super::files::write_company;
use super::harness::{fuzz, root};

/// The files of one name that the tests of forms and the error catalogue have.
fn seeds(file: &str) -> Vec<Vec<u8>> {
    let folders = ["tests/formats", "tests/errors"].map(|folder| fs::read_dir(root().join(folder)));
    let folders = folders.into_iter().flat_map(|folder| folder.expect("a folder").flatten());
    let mut paths: Vec<_> = folders.map(|folder| folder.path().join(file)).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().filter_map(|path| fs::read(path).ok()).collect();
    assert!(!seeds.is_empty(), "no {file} to begin with");
    seeds
}

/// Makes a form of CSV.
type Make = fn(&[u8]) -> Vec<u8>;

/// Tries a form of the log.
fn fuzz_form(file: &str, make: Option<Make>) {
    parquet::convert_with(env!("CARGO_BIN_EXE_prorata"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_company(folder.path(), 5);
    let log = folder.path().join("changes.csv");
    let whole = make.map(|make| make(&fs::read(&log).expect("the company has a log")));
    fs::remove_file(log).expect("it was there");
    let seeds: Vec<Vec<u8>> = seeds(file).into_iter().chain(whole).collect();
    let (settings, _) = config::load(folder.path()).expect("settings");
    let path = folder.path().join(file);
    fuzz(file, &seeds, &|bytes| {
        fs::write(&path, bytes).expect("a file");
        let loaded =
            input::load(folder.path(), &settings, prorata::model::ExcludedAccounts::default())
                .map_err(|error| error.to_string())?;
        let strange = loaded.problems.iter().find(|problem| {
            Path::new(&problem.file) != path || problem.line == Some(0) || problem.hint.is_empty()
        });
        strange.map_or(Ok(()), |problem| Err(format!("{problem}: is strange")))
    });
}

#[test]
fn gzip() {
    fuzz_form("changes.csv.gz", None);
}

#[test]
fn zstd() {
    fuzz_form("changes.csv.zst", Some(|log| zstd::encode_all(log, 3).expect("a frame")));
}

#[test]
fn parquet_table() {
    fuzz_form("changes.parquet", None);
}
