//! Checks the checklist of docs/receipt.md against the text that readers can copy from the
//! documents.

use super::gallery;

const DOCUMENT: &str = include_str!("../../../docs/receipt.md");

/// The cells of the checklist, which is the last table of the page.
fn checklist() -> Vec<Vec<&'static str>> {
    let (_, table) = DOCUMENT.split_once("## What the law asks for").expect("the checklist");
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.contains("| directive"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

fn text(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("text that can be extracted");
    without_spaces(&text)
}

/// Removes spaces, because a PDF does not separate its texts.
fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The texts between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn everything_that_the_law_asks_for_stands_on_the_page() {
    let specimens = gallery();
    let rows = checklist();
    assert!(rows.len() >= 18, "{} rows", rows.len());
    for row in rows {
        let quoted = quoted(row.last().expect("a cell"));
        let (name, words) = quoted.split_first().expect("a specimen");
        let specimen = specimens.iter().find(|specimen| specimen.name == *name);
        let text = text(&specimen.unwrap_or_else(|| panic!("{name} is a specimen")).pdf());
        assert!(!words.is_empty(), "{row:?} shows nothing");
        for words in words {
            assert!(
                text.contains(&without_spaces(words)),
                "{name} lacks {words:?}: {row:?}\n{text}"
            );
        }
    }
}
