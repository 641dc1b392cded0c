//! Every case of the error catalogue: the user is told word for word what the case says.
//!
//! The program runs in a fresh folder that holds `input/`, so messages name files as users see
//! them. After a failure `output/` must hold what it held before, and after a success one close
//! more. With `UPDATE_EXPECTED=1` a case takes over what the program says now: read the difference
//! before you commit it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};

use crate::is_updating;
use crate::support::catalogue::{Case, Files, catalogue, expect};

/// One trial a case.
pub(crate) fn trials() -> Vec<Trial> {
    let cases = catalogue().into_iter().flat_map(|kind| kind.cases);
    cases.map(|case| Trial::test(format!("errors::{}", case.name), move || check(&case))).collect()
}

fn check(case: &Case) -> Result<(), Failed> {
    let place = tempfile::tempdir().expect("a temporary folder");
    if let Some(command) = &case.before {
        write(place.path(), &case.base);
        let earlier = run(place.path(), command);
        if !earlier.status.success() {
            return Err(format!("the close before it failed:\n{}", told(&earlier)).into());
        }
    }
    write(place.path(), &case.input);
    let before = published(place.path());
    let output = run(place.path(), &case.command);
    check_publication(&output, &before, &published(place.path()))?;
    let told = told(&output);
    if is_updating() && told != case.expected {
        expect(case, &told);
    } else if told != case.expected {
        return Err(format!("expected\n{}--- but got\n{told}", case.expected).into());
    }
    Ok(())
}

/// Makes the input folder what it is to be.
fn write(place: &Path, files: &Files) {
    let input = place.join("input");
    let _ = fs::remove_dir_all(&input);
    fs::create_dir(&input).expect("a fresh folder");
    for (name, bytes) in files {
        fs::write(input.join(name), bytes).expect("a fresh file");
    }
}

/// A failure leaves nothing behind, not even words on stdout; a success leaves one close.
fn check_publication(
    output: &Output,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Result<(), Failed> {
    let fresh: Vec<&String> = after.difference(before).collect();
    let left = format!("stdout: {:?}\nnew in output/: {fresh:?}", text(&output.stdout));
    if output.status.success() {
        let closes = fresh.iter().filter(|name| name.starts_with("2020-")).count();
        let is_clean = fresh.iter().all(|name| !name.starts_with('.'));
        return if closes == 1 && is_clean && !output.stdout.is_empty() {
            Ok(())
        } else {
            Err(format!("did not publish one close\n{left}").into())
        };
    }
    if before == after && output.stdout.is_empty() {
        return Ok(());
    }
    Err(format!("failed and still left something\n{left}").into())
}

/// Runs the program where `input/` is. The environment is empty, so that no terminal or locale
/// has a say in the words.
fn run(place: &Path, command: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prorata"))
        .args(command.split_whitespace())
        .current_dir(place)
        .env_clear()
        .output()
        .expect("the program starts")
}

/// The exit code and what the user reads.
fn told(output: &Output) -> String {
    let code = output.status.code().map_or("none".to_owned(), |code| code.to_string());
    format!("exit: {code}\n{}", text(&output.stderr))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Everything in `output/` but the lock, which stays, and the list of problems.
fn published(place: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(place.join("output")).into_iter().flatten();
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name != ".lock" && name != "problems.csv").collect()
}
