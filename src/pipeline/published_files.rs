//! Checks that the files of a published close are unchanged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use super::print::{PDF_ARCHIVE, PDF_DIGESTS};
use crate::hash::sha256_hex_of;
use crate::register::{Close, MANIFEST, MANIFEST_DIGEST};

/// The remedy for changed files.
pub(crate) const RESTORE: &str = "restore what was published from a backup";

/// Compares the files of a close with its manifest. Returns their number and the findings.
pub(crate) fn check_close(close: &Close) -> (usize, Vec<String>) {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for file in &close.manifest.outputs {
        known.insert(file.path.clone(), file.sha256.clone());
    }
    // The digests of archived files are listed too, but the digest of the archive covers them.
    let is_packed = known.contains_key(PDF_ARCHIVE);
    let digests = std::fs::read_to_string(close.path.join(PDF_DIGESTS)).unwrap_or_default();
    let digests = if is_packed { String::new() } else { digests };
    for (path, digest) in listed_digests(&digests) {
        known.insert(path.to_owned(), digest.to_owned());
    }
    let mut findings: Vec<String> = known
        .iter()
        .filter_map(|(path, digest)| check_file(&close.path.join(path), digest))
        .collect();
    let mut strangers = BTreeSet::new();
    strange_files(&close.path, &close.path, &known, &mut strangers);
    findings.extend(strangers.into_iter().map(|path| format!("{path}: is not part of the close")));
    // Opening the register has already checked the manifest and its digest.
    (known.len() + 2, findings)
}

/// The paths of a list as `sha256sum` writes it, with their digests.
pub(crate) fn listed_digests(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.lines().filter_map(|line| line.split_once("  ")).map(|(digest, path)| (path, digest))
}

fn check_file(path: &Path, digest: &str) -> Option<String> {
    let shown = path.display();
    match File::open(path).and_then(sha256_hex_of) {
        Ok(found) if found == digest => None,
        Ok(_) => Some(format!("{shown}: has been changed since it was published")),
        Err(error) => Some(format!("{shown}: {error}")),
    }
}

fn strange_files(
    root: &Path,
    folder: &Path,
    known: &BTreeMap<String, String>,
    strangers: &mut BTreeSet<String>,
) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            strange_files(root, &path, known, strangers);
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        if !known.contains_key(&name) && name != MANIFEST && name != MANIFEST_DIGEST {
            strangers.insert(path.display().to_string());
        }
    }
}
