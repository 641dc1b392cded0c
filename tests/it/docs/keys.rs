//! The pages and the schema name the same keys of billing.toml.

use std::fs;

use serde_json::Value;

use crate::support::Workspace;
use crate::support::page::pages;

/// All keys that are no tables of fixed keys, with their tables: `invoice.first_number`.
fn keys(schema: &Value, path: &str, found: &mut Vec<String>) {
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if schema["properties"].is_object() {
            keys(schema, &path, found);
        } else {
            found.push(path);
        }
    }
}

fn known() -> Vec<String> {
    let mut found = Vec::new();
    keys(
        &serde_json::from_str(&Workspace::empty().succeed(&["config", "--schema"])).expect("JSON"),
        "",
        &mut found,
    );
    found
}

fn read(page: &str) -> String {
    let path = format!("{}/docs/{page}.md", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("a page")
}

/// Words of a page that may be keys.
fn words(page: &str) -> Vec<&str> {
    page.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).collect()
}

#[test]
fn every_key_is_described() {
    let (files, accounting, exports) = (read("files"), read("accounting"), read("exports"));
    let (files, accounting, exports) = (words(&files), words(&accounting), words(&exports));
    for key in known() {
        let name = key.rsplit('.').next().unwrap_or_default();
        let is_described = match key.split('.').next() {
            Some("ledger") => accounting.iter().any(|word| word.ends_with(name)),
            Some("export") => exports.iter().any(|word| word.ends_with(name)),
            Some("seller") => files.iter().any(|word| word.ends_with(name)),
            _ => files.contains(&&*key),
        };
        assert!(is_described, "no page says what {key} is");
    }
}

#[test]
fn every_key_that_is_named_is_one() {
    let known = known();
    let tables: Vec<&str> = known.iter().filter_map(|key| key.split('.').next()).collect();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for code in text.split('`').skip(1).step_by(2) {
            let is_key = code.split_once('.').is_some_and(|(table, key)| {
                let is_word = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
                tables.contains(&table) && !key.is_empty() && key.chars().all(is_word)
            });
            let is_file = [".csv", ".toml", ".xlsx", ".zip"].iter().any(|end| code.contains(end));
            let is_known =
                known.iter().any(|key| key == code || key.starts_with(&format!("{code}.")));
            assert!(!is_key || is_file || is_known, "{}: there is no {code}", page.display());
        }
    }
}
