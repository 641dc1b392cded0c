//! `docs/conventions.md` names every published case, with the settings that the case has.

use std::collections::BTreeMap;
use std::fs;

use crate::support::data;

/// The settings of a published case as the page writes them: `proration.granularity = "day"`.
fn settings_of(case: &toml::Table) -> String {
    let text = case.get("settings").and_then(toml::Value::as_str).unwrap_or_default();
    let tables: toml::Table = text.parse().expect("settings are TOML");
    let keys = tables.iter().flat_map(|(table, keys)| {
        let keys = keys.as_table().expect("settings are in tables");
        keys.iter().map(move |(key, value)| format!("`{table}.{key} = {value}`"))
    });
    let mut keys: Vec<String> = keys.collect();
    keys.sort();
    if keys.is_empty() { "defaults".to_owned() } else { keys.join(", ") }
}

#[test]
fn the_page_of_conventions_names_every_published_case_with_its_settings() {
    let page = include_str!("../../../docs/conventions.md");
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for row in page.lines().filter(|row| row.contains("../tests/data/published/")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let name = cells[1].strip_prefix('[').and_then(|cell| cell.split_once(']'));
        let mut settings: Vec<&str> = cells[3].split(", ").collect();
        settings.sort_unstable();
        let name = name.expect("a link").0.to_owned();
        assert!(rows.insert(name, settings.join(", ")).is_none(), "a case twice: {row}");
    }
    let files = fs::read_dir(data("published")).expect("the folder of the cases");
    let names = files.map(|file| file.expect("a file").path());
    let cases = names.filter(|path| path.extension().is_some_and(|it| it == "toml"));
    let cases: BTreeMap<String, String> = cases
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a case");
            let case: toml::Table = text.parse().expect("a case is TOML");
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, settings_of(&case))
        })
        .collect();
    assert!(cases.len() > 40, "{} cases", cases.len());
    assert_eq!(rows, cases);
}
