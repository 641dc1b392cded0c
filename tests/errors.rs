//! The error catalogue: every folder of `tests/errors/` is one mistake, and says word for word what
//! the user is told about it.
//!
//! `base` is a small, complete and valid input folder. Every other folder holds only what differs:
//!
//! - files that replace those of `base`, and `missing.txt`, the names of files to leave out;
//! - `args.txt`, the command line, if it is not `close --as-of 2020-07-01`;
//! - `before.txt`, the command line of a close of `base` that is published first;
//! - `expected.txt`, the exit code and then stderr, to the letter.
//!
//! The program runs in a fresh folder that holds `input/`, so messages name files as users see
//! them. After a failure `output/` must hold what it held before, and after a success one close
//! more. `UPDATE_EXPECTED=1 cargo test --test errors` writes what the program says now: read the
//! difference before it is committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DEFAULT_ARGUMENTS: &str = "close --as-of 2020-07-01";

/// Files of a case that are about it, not part of its input.
const ABOUT: [&str; 4] = ["missing.txt", "args.txt", "before.txt", "expected.txt"];

#[test]
fn every_mistake_is_told_to_the_letter() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut cases: Vec<PathBuf> =
        entries(&catalogue).into_iter().filter(|path| path.is_dir()).collect();
    cases.sort();
    assert!(cases.len() > 1, "no cases in {}", catalogue.display());
    let base = catalogue.join("base");
    let failures: Vec<String> =
        cases.iter().filter_map(|folder| Case { folder, base: &base }.check().err()).collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases differ\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

/// One folder of the catalogue.
struct Case<'a> {
    folder: &'a Path,
    base: &'a Path,
}

impl Case<'_> {
    /// Runs the case; an error says how it differs from what is expected.
    fn check(&self) -> Result<(), String> {
        let place = tempfile::tempdir().expect("a temporary folder");
        let input = place.path().join("input");
        fs::create_dir(&input).expect("a fresh folder");
        copy(self.base, &input);
        if let Some(arguments) = self.about("before.txt") {
            let earlier = run(place.path(), &arguments);
            if !earlier.status.success() {
                return Err(self.failure("the close before it failed", &told(&earlier)));
            }
        }
        copy(self.folder, &input);
        for name in self.about("missing.txt").unwrap_or_default().lines() {
            fs::remove_file(input.join(name)).expect("missing.txt names files of base");
        }
        let before = published(place.path());
        let arguments = self.about("args.txt");
        let output = run(place.path(), arguments.as_deref().unwrap_or(DEFAULT_ARGUMENTS));
        self.check_publication(&output, &before, &published(place.path()))?;
        self.check_words(&told(&output))
    }

    /// A failure leaves nothing behind, not even words on stdout; a success leaves one close.
    fn check_publication(
        &self,
        output: &Output,
        before: &BTreeSet<String>,
        after: &BTreeSet<String>,
    ) -> Result<(), String> {
        let fresh: Vec<&String> = after.difference(before).collect();
        let left = format!("stdout: {:?}\nnew in output/: {fresh:?}\n", text(&output.stdout));
        if output.status.success() {
            let closes = fresh.iter().filter(|name| name.starts_with("2020-")).count();
            let is_clean = fresh.iter().all(|name| !name.starts_with('.'));
            return if closes == 1 && is_clean && !output.stdout.is_empty() {
                Ok(())
            } else {
                Err(self.failure("did not publish one close", &left))
            };
        }
        if before == after && output.stdout.is_empty() {
            return Ok(());
        }
        Err(self.failure("failed and still left something", &left))
    }

    fn check_words(&self, told: &str) -> Result<(), String> {
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(self.folder.join("expected.txt"), told).expect("the catalogue is writable");
            return Ok(());
        }
        let expected = self.about("expected.txt").unwrap_or_default();
        if told == expected {
            return Ok(());
        }
        Err(self.failure("expected", &format!("{expected}--- but got\n{told}")))
    }

    /// The text of a file about the case.
    fn about(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }

    fn failure(&self, what: &str, details: &str) -> String {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        format!("=== {name}: {what}\n{details}")
    }
}

/// Runs the program where `input/` is. The environment is empty, so that no terminal or locale
/// has a say in the words.
fn run(place: &Path, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prorata"))
        .args(arguments.split_whitespace())
        .current_dir(place)
        .env_clear()
        .output()
        .expect("the program starts")
}

/// What the user learns, as `expected.txt` has it.
fn told(output: &Output) -> String {
    let code = output.status.code().map_or("none".to_owned(), |code| code.to_string());
    format!("exit: {code}\n{}", text(&output.stderr))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Copies the input files of a case.
fn copy(from: &Path, to: &Path) {
    for path in entries(from) {
        let name = path.file_name().expect("an entry has a name").to_owned();
        if !ABOUT.iter().any(|about| *about == name) {
            fs::copy(&path, to.join(name)).expect("the case is readable");
        }
    }
}

/// Everything in `output/` but the lock, which stays.
fn published(place: &Path) -> BTreeSet<String> {
    let output = place.join("output");
    if !output.exists() {
        return BTreeSet::new();
    }
    let names = entries(&output).into_iter().filter_map(|path| path.file_name().map(text_of));
    names.filter(|name| name != ".lock" && name != "problems.csv").collect()
}

fn text_of(name: &std::ffi::OsStr) -> String {
    name.to_string_lossy().into_owned()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listing = fs::read_dir(folder).expect("a folder");
    listing.map(|entry| entry.expect("an entry").path()).collect()
}
