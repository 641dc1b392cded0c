//! Closes in shards: the same bytes as without, and rounds that survive whatever happens to tasks.

mod faults;
mod law;
mod round;

use crate::support::Workspace;

/// The dates of the closes of an invented company.
const CLOSES: [&str; 3] = ["2024-02-01", "2024-03-01", "2024-04-01"];

/// Writes the input of an invented company as it is known after a close, with other settings.
fn company(workspace: &Workspace, options: &str, known_at: &str, settings: &[(&str, &str)]) {
    let _ = std::fs::remove_dir_all(workspace.path("input"));
    std::fs::create_dir_all(workspace.path("output")).expect("a folder");
    let options = format!("generate --to input --months 3 {options} --as-known-at {known_at}");
    workspace.succeed(&options.split(' ').collect::<Vec<_>>());
    let mut text = workspace.read("input/billing.toml");
    for (from, to) in settings {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    workspace.write("input/billing.toml", &text);
}

/// The files of the output folder, but for the lock.
fn published(workspace: &Workspace) -> Vec<(String, Vec<u8>)> {
    let mut files = workspace.files("output");
    files.retain(|(path, _)| path != ".lock");
    files
}

/// Compares two output folders, and names the files that differ.
fn assert_same(whole: &[(String, Vec<u8>)], sharded: &[(String, Vec<u8>)], what: &str) {
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(names(whole), names(sharded), "{what}");
    let pairs = whole.iter().zip(sharded);
    let differ: Vec<&str> =
        pairs.filter(|(one, other)| one.1 != other.1).map(|(one, _)| &*one.0).collect();
    assert!(differ.is_empty(), "{what}: {differ:?}");
}
