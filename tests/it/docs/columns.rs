//! docs/files.md and the code name the same tables with the same columns.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::support::Workspace;
use crate::support::page::pages;

fn files_page() -> String {
    read("files")
}

fn read(page: &str) -> String {
    let path = format!("{}/docs/{page}.md", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("a page")
}

/// The part of a page that begins with a text, to the next heading.
fn part<'a>(page: &'a str, start: &str) -> &'a str {
    let begin = page.find(start).unwrap_or_else(|| panic!("{start} is not described"));
    let rest = &page[begin + start.len()..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// Names in backticks, with whether a star follows.
fn names(text: &str) -> Vec<(&str, bool)> {
    let pieces: Vec<&str> = text.split('`').collect();
    let names = pieces.iter().skip(1).step_by(2).zip(pieces.iter().skip(2).step_by(2));
    names.map(|(name, after)| (*name, after.starts_with('*'))).collect()
}

/// The columns that a description of an input table names, required ones with a star: the first
/// cells of its table, or, where it is a paragraph, the words that look like columns.
fn described<'a>(file: &str, page: &'a str) -> BTreeSet<(&'a str, bool)> {
    let heading = format!("\n## {file}\n");
    if page.contains(&heading) && part(page, &heading).contains("| column |") {
        let rows = part(page, &heading).lines().filter_map(|line| line.strip_prefix("| "));
        let cells = rows.filter_map(|row| row.split(" |").next());
        return cells.flat_map(names).collect();
    }
    let start = if page.contains(&heading) { heading } else { format!("**{file}**") };
    let text = part(page, &start);
    let paragraph = text.trim_start().split("\n\n").next().unwrap_or_default();
    let named = names(paragraph);
    // A column may be named again where its star is not repeated.
    let is_required = |name: &str| named.contains(&(name, true));
    let columns = named.iter().filter(|(name, _)| !name.contains([' ', '.']));
    columns.map(|(name, _)| (*name, is_required(name))).collect()
}

/// The columns of every input table, with whether each is required: `init` writes their names, and
/// a table without any of them says which it needs.
fn columns_read() -> BTreeMap<String, BTreeSet<(String, bool)>> {
    let workspace = Workspace::empty();
    workspace.succeed(&["init", "--to", "new"]);
    let mut files = workspace.files("new");
    files.retain(|(name, _)| name.contains(".csv"));
    for (name, _) in &files {
        workspace.write(&format!("new/{name}"), "none_of_them\n");
    }
    let settings = workspace.read("new/billing.toml").replace("Your company", "Seats Ltd");
    workspace.write("new/billing.toml", &settings);
    let open = ["open", "--as-of", "2020-06-01", "--input", "new", "--log-format", "json"];
    let missing: BTreeSet<(String, String)> =
        workspace.fail(&open).1.lines().filter_map(missing_column).collect();
    let columns = files.into_iter().map(|(name, bytes)| {
        let header = String::from_utf8(bytes).expect("a header");
        let columns = header.trim_end().split(',').map(|column| {
            let is_required = missing.contains(&(format!("new/{name}"), column.to_owned()));
            (column.to_owned(), is_required)
        });
        let columns = columns.collect();
        (name, columns)
    });
    columns.collect()
}

/// The file and the column of a problem, if it is that the column is missing.
fn missing_column(problem: &str) -> Option<(String, String)> {
    let problem: Value = serde_json::from_str(problem).expect("JSON");
    let fields = &problem["fields"];
    let is_missing = fields["rule"] == "is missing from the header";
    let text = |key: &str| fields[key].as_str().map(str::to_owned);
    is_missing.then(|| text("file").zip(text("column"))).flatten()
}

#[test]
fn every_column_that_is_read_is_described_and_none_besides() {
    let page = files_page();
    for (file, columns) in columns_read() {
        let known: BTreeSet<(&str, bool)> =
            columns.iter().map(|(name, required)| (&**name, *required)).collect();
        let described = described(&file, &page);
        let missing: Vec<_> = known.difference(&described).collect();
        let unknown: Vec<_> = described.difference(&known).collect();
        assert!(missing.is_empty(), "{file}: not in docs/files.md: {missing:?}");
        assert!(unknown.is_empty(), "{file}: only in docs/files.md: {unknown:?}");
    }
}

/// The headers of all tables that a close writes, and that of the list of problems.
fn headers() -> BTreeMap<String, String> {
    let workspace = Workspace::with_sample();
    workspace.write_key("input/billing.toml", "\n[payments]\nrefund_credit = \"when_ended\"\n");
    workspace.close("2020-06-28");
    workspace.append("input/changes.csv", "c-9,2020-13-01,atlas-projects,quantity,2,,,,,");
    workspace.fail(&["check"]);
    let mut files = workspace.files("output/2020-06-28");
    let problems = workspace.read("output/problems.csv");
    files.push(("problems.csv".to_owned(), problems.into_bytes()));
    let tables = files.into_iter().filter(|(name, _)| name.contains(".csv"));
    let header = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.lines().next().expect("a header").replace(',', ", ")
    };
    tables.map(|(name, bytes)| (header(&bytes), name)).collect()
}

/// Lists of columns in a page: three or more names in one pair of backticks, over lines.
fn lists(page: &str) -> Vec<String> {
    let words = |code: &str| code.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_column = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte))
    };
    let codes = page.split('`').skip(1).step_by(2).map(words);
    codes.filter(|code| code.matches(", ").count() > 2 && code.split(", ").all(is_column)).collect()
}

#[test]
fn every_column_that_is_written_is_listed_in_its_place_and_none_besides() {
    let pages = pages().into_iter().map(|page| fs::read_to_string(page).expect("a page"));
    let listed: Vec<String> = pages.flat_map(|page| lists(&page)).collect();
    let headers = headers();
    assert!(headers.len() > 8, "{headers:?}");
    for (header, name) in &headers {
        assert!(listed.contains(header), "{name}: no page lists its columns: {header}");
    }
    for list in [files_page(), read("payments")].iter().flat_map(|page| lists(page)) {
        assert!(headers.contains_key(&list), "no table has these columns: {list}");
    }
}
