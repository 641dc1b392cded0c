//! Equal inputs give equal bytes, unless the version of the rendering has increased.

use std::fmt::Write as _;
use std::fs;

use crate::support::{Workspace, data, files_below, sha256_hex};

/// Every version of the rendering, with the digest of what it makes of the same closes.
const VERSIONS: &str = "rendering.txt";

/// Three closes with late changes, discounts, credit notes, payments, PDFs and receipts.
fn closes() -> Workspace {
    let folder = data("register_v4");
    let workspace = Workspace::with_input(&folder.join("input"));
    let settings = workspace.read("input/billing.toml").replace("\"none\"", "\"files\"");
    workspace.write("input/billing.toml", &settings);
    workspace.close("2024-02-01");
    workspace.close("2024-03-01");
    for (name, rows) in files_below(&folder.join("late")) {
        let rows = String::from_utf8(rows).expect("late rows are text");
        let path = format!("input/{name}");
        let before = fs::read_to_string(workspace.path(&path)).unwrap_or_default();
        workspace.write(&path, &(before + &rows));
    }
    workspace.succeed(&["close", "--as-of", "2024-04-01", "--format", "parquet"]);
    workspace
}

#[test]
fn other_bytes_are_another_version_of_the_rendering() {
    let workspace = closes();
    let manifest: serde_json::Value =
        serde_json::from_str(&workspace.read("output/latest/manifest.json")).expect("JSON");
    let version = manifest["rendering"].as_u64().expect("a version");
    let mut all = String::new();
    for (name, content) in workspace.files("output") {
        // Manifests have the version of the program and of the time zones.
        if !name.contains("manifest.") {
            let _ = writeln!(all, "{}  {name}", sha256_hex(&content));
        }
    }
    let line = format!("{version} {}\n", sha256_hex(all.as_bytes()));
    let known = fs::read_to_string(data(VERSIONS)).unwrap_or_default();
    if known.contains(&line) {
        return;
    }
    let is_new = !known.lines().any(|known| known.starts_with(&format!("{version} ")));
    if is_new && std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(data(VERSIONS), known + &line).expect("writes");
        return;
    }
    panic!(
        "the bytes of closes have changed, and render::VERSION is still {version}: increase it, and \
         run this test once with UPDATE_EXPECTED=1, so that verify --deep does not compare bytes of \
         two versions"
    );
}
