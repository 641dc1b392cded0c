//! Golden folders: `tests/data/golden/<case>/{input,closes.txt,expected}`.
//!
//! A case without input of its own takes the bundled one. Every close in `closes.txt` is run in
//! order; then each file in `expected/` must be what the program wrote, byte for byte. `x.pdf.txt`
//! stands for the text that is extracted from `x.pdf`. With `UPDATE_EXPECTED=1` the expectations are
//! written anew: read the difference before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

use crate::support::{Workspace, data, files_below, pdf_text};
use crate::{is_updating, name_of};

/// One trial a folder.
pub(crate) fn trials() -> Vec<Trial> {
    let folders = fs::read_dir(data("golden")).expect("the golden folder");
    let folders = folders.map(|entry| entry.expect("an entry").path());
    folders
        .map(|folder| Trial::test(format!("golden::{}", name_of(&folder)), move || check(&folder)))
        .collect()
}

fn check(case: &Path) -> Result<(), Failed> {
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
    if is_updating() {
        update(&workspace, &expected);
    }
    let differences = files_below(&expected).into_iter().filter_map(|(name, bytes)| {
        let expected = String::from_utf8(bytes).expect("expectations are text");
        let got = produced(&workspace, &name);
        (got != expected).then(|| format!("{name}:\n{}", first_difference(&expected, &got)))
    });
    let differences: Vec<String> = differences.collect();
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n\n").into()) }
}

/// What the program wrote for an expectation.
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
        let path: PathBuf = expected.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("an expectation");
    }
}
