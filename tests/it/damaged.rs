//! Tables in other forms than CSV, damaged: compressed ones, and Parquet, which another process of the
//! program reads. Whatever becomes of that process, `prorata check` names the file, or finds nothing.

#[path = "../fuzz/harness.rs"]
mod harness;
#[path = "../fuzz/mutate.rs"]
mod mutate;

use std::fs;

use serde_json::Value;

use self::harness::fuzz;
use crate::support::catalogue::catalogue;
use crate::support::{Workspace, data};

/// How many mutations are tried: each is a run of the program.
const MUTATIONS: u64 = 40;

/// The files of one name that the tests of forms and the error catalogue have.
fn seeds(file: &str) -> Vec<Vec<u8>> {
    let made = ["duckdb", "pandas", "pyarrow"].map(|form| data("formats").join(form).join(file));
    let made = made.into_iter().filter_map(|path| fs::read(path).ok());
    let cases = catalogue().into_iter().flat_map(|kind| kind.cases);
    let broken = cases.filter_map(|mut case| case.input.remove(file));
    let seeds: Vec<Vec<u8>> = made.chain(broken).collect();
    assert!(!seeds.is_empty(), "no {file} to begin with");
    seeds
}

/// Makes a form of CSV.
type Make = fn(&[u8]) -> Vec<u8>;

/// Tries a form of the log.
fn fuzz_form(file: &str, make: Option<Make>) {
    let workspace = Workspace::with_input(&data("formats/company"));
    let log = fs::read(workspace.path("input/changes.csv")).expect("the company has a log");
    workspace.remove("input/changes.csv");
    let seeds: Vec<Vec<u8>> = seeds(file).into_iter().chain(make.map(|make| make(&log))).collect();
    let path = workspace.path("input").join(file);
    fuzz(file, &seeds, MUTATIONS, &|bytes| {
        fs::write(&path, bytes).expect("a file");
        let output = workspace.run(&["check", "--log-format", "json"]);
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => Ok(()),
            Some(65) => said.lines().try_for_each(|line| placed(line, file)),
            code => Err(format!("exit code {code:?}: {said}")),
        }
    });
}

/// Whether a problem is about the file, with a hint and no line that cannot be.
fn placed(line: &str, file: &str) -> Result<(), String> {
    let line: Value = serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
    let fields = &line["fields"];
    let is_end = !fields["exit_code"].is_null() || line["level"] != "error";
    let is_placed = fields["file"] == format!("input/{file}")
        && fields["line"] != 0
        && fields["hint"].as_str().is_some_and(|hint| !hint.is_empty());
    if is_end || is_placed { Ok(()) } else { Err(format!("{line} is strange")) }
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
