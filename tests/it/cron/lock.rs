//! One run at a time, and one that waits for its turn.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::signals::send;
use crate::support::{Workspace, lock};

#[test]
fn without_patience_the_second_run_ends_at_once() {
    let workspace = Workspace::with_latin_sample();
    let _held = lock(&workspace);
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
    assert_eq!(code, 75);
    assert!(message.starts_with("error: output/.lock is in use by another run"), "{message}");
}

#[test]
fn with_patience_it_goes_on_once_the_first_ends() {
    let workspace = Workspace::with_latin_sample();
    let held = lock(&workspace);
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28", "--lock-wait", "120"]);
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut note = String::new();
    said.read_line(&mut note).expect("it is read");
    assert_eq!(note, "note: output is in use by another run; waiting 120 s for it at most\n");
    assert!(!workspace.path("output/2020-06-28").exists(), "it did not wait");
    drop(held);
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it is read");
    assert!(child.wait().expect("it ends").success(), "{rest}");
    assert_eq!(rest, "");
}

#[test]
fn a_run_that_waits_stops_at_once_when_told_to() {
    let workspace = Workspace::with_latin_sample();
    let _held = lock(&workspace);
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28", "--lock-wait", "120"]);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut note = String::new();
    said.read_line(&mut note).expect("it is read");
    send(&child, Signal::TERM);
    assert_eq!(child.wait().expect("it ends").code(), Some(143), "{note}");
}

#[test]
fn patience_ends() {
    let workspace = Workspace::with_latin_sample();
    let _held = lock(&workspace);
    let started = Instant::now();
    let (code, _) = workspace.fail(&["open", "--as-of", "2020-06-01", "--lock-wait", "1"]);
    assert_eq!(code, 75);
    assert!(started.elapsed() >= Duration::from_secs(1));
}
