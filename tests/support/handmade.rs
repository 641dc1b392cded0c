//! A small published close that is written by hand: its tables are in `tests/data/export/close`.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::{Workspace, copy_folder, data, files_below, sha256_hex};

/// A workspace with the close that is written by hand.
pub(crate) fn published() -> Workspace {
    let workspace = Workspace::empty();
    copy_folder(&data("export/close"), &workspace.path("output/2026-07-01"));
    fs::copy(data("export/billing.toml"), workspace.path("input/billing.toml")).expect("settings");
    seal(&workspace.path("output/2026-07-01"), "2026-07-01", None);
    workspace
}

/// Makes a folder a close: a manifest with the digests of its tables, and the manifest's own.
pub(crate) fn seal(folder: &Path, name: &str, previous: Option<(&str, &str)>) {
    for made in ["manifest.json", "manifest.sha256"] {
        let _ = fs::remove_file(folder.join(made));
    }
    let outputs: Vec<_> = files_below(folder)
        .into_iter()
        .map(|(path, bytes)| {
            json!({"path": path, "sha256": sha256_hex(&bytes), "bytes": bytes.len()})
        })
        .collect();
    let previous =
        previous.map(|(close, sha256)| json!({"close": close, "manifest_sha256": sha256}));
    let mut manifest: serde_json::Value = serde_json::from_str(
        &fs::read_to_string(data("export/manifest.json")).expect("a manifest"),
    )
    .expect("JSON");
    manifest["close"] = json!(name);
    manifest["as_of"] = json!(format!("{name}T00:00:00Z"));
    manifest["previous"] = json!(previous);
    manifest["outputs"] = json!(outputs);
    let text = serde_json::to_string_pretty(&manifest).expect("JSON");
    fs::write(folder.join("manifest.json"), &text).expect("a manifest");
    let digest = format!("{}  manifest.json\n", sha256_hex(text.as_bytes()));
    fs::write(folder.join("manifest.sha256"), digest).expect("its digest");
}

pub(crate) fn reconfigure(workspace: &Workspace, from: &str, to: &str) {
    let settings = workspace.read("input/billing.toml");
    assert!(settings.contains(from), "billing.toml has no {from}");
    workspace.write("input/billing.toml", &settings.replace(from, to));
}

pub(crate) fn arguments(words: &str) -> Vec<&str> {
    ["export"]
        .into_iter()
        .chain(words.split_whitespace())
        .chain(["--close", "2026-07-01"])
        .collect()
}

pub(crate) fn export(workspace: &Workspace, words: &str) -> String {
    workspace.succeed(&arguments(words))
}
