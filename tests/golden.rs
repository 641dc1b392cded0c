//! Golden folders: `tests/golden/<case>/{input,closes.txt,expected}` is data, this is the runner.
//!
//! A case without input of its own takes the bundled one. Every close in `closes.txt` is run in
//! order; then each file in `expected/` must be what the
//! binary wrote, byte for byte. `x.pdf.txt` stands for the text that is extracted from `x.pdf`.
//! `UPDATE_EXPECTED=1 cargo test --test golden` rewrites the expectations: read the difference.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Workspace, files_below, pdf_text};

#[test]
fn every_golden_case_is_what_it_was() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the golden folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no golden cases");
    let failures: Vec<String> = cases.iter().flat_map(|case| run_case(case)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Runs one case and returns what differs.
fn run_case(case: &Path) -> Vec<String> {
    let own_input = case.join("input");
    let workspace = if own_input.is_dir() {
        Workspace::with_input(&own_input)
    } else {
        Workspace::with_sample()
    };
    let closes = fs::read_to_string(case.join("closes.txt")).expect("closes.txt");
    for as_of in closes.lines() {
        workspace.close(as_of);
    }
    let expected = case.join("expected");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        update(&workspace, &expected);
    }
    let differences = files_below(&expected).into_iter().filter_map(|(name, bytes)| {
        let expected = String::from_utf8(bytes).expect("expectations are text");
        let got = produced(&workspace, &name);
        let case = case.file_name().expect("a name").display();
        (got != expected).then(|| format!("{case}/{name}:\n{}", first_difference(&expected, &got)))
    });
    differences.collect()
}

/// What the binary wrote for an expectation.
fn produced(workspace: &Workspace, name: &str) -> String {
    let is_pdf = |name: &&str| name.contains("/pdf/") || name.contains("/receipts/");
    let Some(pdf) = name.strip_suffix(".txt").filter(is_pdf) else {
        return workspace.read(&format!("output/{name}"));
    };
    let path = workspace.path(&format!("output/{pdf}"));
    pdf_text(&fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn first_difference(expected: &str, got: &str) -> String {
    let (mut expected, mut got) = (expected.lines(), got.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (expected.next(), got.next()) {
            (None, None) => return "only the line ends differ".to_owned(),
            (a, b) if a == b => {}
            (a, b) => {
                let show = |text: Option<&str>| text.unwrap_or("(end)").to_owned();
                return format!("line {line}\n  expected {}\n  got      {}", show(a), show(b));
            }
        }
    }
}

/// Writes the expectations anew: all CSV files and the text of all PDFs.
fn update(workspace: &Workspace, expected: &Path) {
    let _ = fs::remove_dir_all(expected);
    for (name, bytes) in workspace.files("output") {
        let (name, text) = match Path::new(&name).extension().and_then(|it| it.to_str()) {
            Some("csv") => (name, String::from_utf8(bytes).expect("CSV is UTF-8")),
            Some("pdf") => (format!("{name}.txt"), pdf_text(&bytes)),
            _ => continue,
        };
        let path = expected.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("an expectation");
    }
}
