//! Tells the program which commit it is built from, and with which features, for `--version`.
//!
//! Nothing else is looked at: not the clock, nor whether files have been changed since the commit. It
//! runs again when HEAD moves, and only then. Where there is no git, the commit is unknown.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for path in places_of_head() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    println!("cargo::rustc-env=PRORATA_COMMIT={}", commit());
    println!("cargo::rustc-env=PRORATA_FEATURES={}", features());
}

/// The commit with its date, if this folder is the root of a repository. A package that lies in
/// somebody else's repository is not of that commit.
fn commit() -> String {
    let is_root = git(&["rev-parse", "--show-prefix"]).is_some_and(|prefix| prefix.is_empty());
    let head = git(&["log", "-1", "--format=%h, %cs", "--abbrev=7"]);
    head.filter(|_| is_root).unwrap_or_else(|| "unknown commit".to_owned())
}

/// Where git keeps what HEAD is. A branch without a file of its own is among the packed ones, and
/// gets one in the nearest folder that exists.
fn places_of_head() -> Vec<PathBuf> {
    let branch = git(&["symbolic-ref", "-q", "HEAD"]);
    let names = ["HEAD".to_owned(), "packed-refs".to_owned()].into_iter().chain(branch);
    let paths = names.filter_map(|name| git(&["rev-parse", "--git-path", &name]));
    paths.filter_map(|path| existing(Path::new(&path))).collect()
}

fn existing(path: &Path) -> Option<PathBuf> {
    if path.ends_with("packed-refs") && !path.exists() {
        return None;
    }
    path.ancestors().find(|path| path.exists()).map(Path::to_path_buf)
}

/// What git says, on one line; nothing if it says nothing, or is not there.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The features of this package that are switched on.
fn features() -> String {
    let mut features: Vec<String> = std::env::vars()
        .filter_map(|(name, _)| name.strip_prefix("CARGO_FEATURE_").map(str::to_lowercase))
        .filter(|name| name != "default")
        .map(|name| name.replace('_', "-"))
        .collect();
    features.sort();
    if features.is_empty() { "none".to_owned() } else { features.join(", ") }
}
