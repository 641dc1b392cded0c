//! A page of the documentation, as blocks.
//!
//! - ` ```sh ` is run, and must succeed.
//! - ` ```console ` has commands after `$ ` and what each prints; both are compared. A line `…` stands
//!   for any lines, and ` … ` in a line for any words.
//! - ` ```cron ` has a line of a crontab, whose command is run.
//! - `<!-- run: command -->` is run and not shown: it brings about what the next block needs.
//! - `<!-- file: input/payments.csv -->` before a block of another kind: the block is that file.
//! - `<!-- not run: reason -->` before a block keeps it from being run.

use std::fs;
use std::path::PathBuf;

use super::root;

/// A block that may be run.
pub(crate) struct Block {
    pub(crate) line: usize,
    pub(crate) kind: String,
    pub(crate) text: String,
    /// The file that it is, if it is one.
    pub(crate) file: Option<String>,
    /// Why it is not run, if so.
    pub(crate) not_run: Option<String>,
}

/// README.md and everything in docs/, sorted.
pub(crate) fn pages() -> Vec<PathBuf> {
    let root = root();
    let entries = fs::read_dir(root.join("docs")).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    pages.push(root.join("README.md"));
    pages.sort();
    pages
}

/// The blocks of a page, hidden commands among them.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut is_inside, mut not_run, mut file) = (false, None, None);
    for (line, text) in (1..).zip(page.lines()) {
        let fence = text.trim_start().strip_prefix("```");
        match (fence, is_inside) {
            (Some(_), true) => is_inside = false,
            (Some(kind), false) => {
                is_inside = true;
                let (kind, not_run, file) = (kind.to_owned(), not_run.take(), file.take());
                blocks.push(Block { line, kind, text: String::new(), file, not_run });
            }
            (None, true) => {
                let block = blocks.last_mut().expect("it was opened");
                block.text.push_str(text);
                block.text.push('\n');
            }
            (None, false) => {
                let hidden = |word| between(text, word, "-->");
                if let Some(command) = hidden("<!-- run:") {
                    let (kind, text) = ("sh".to_owned(), command.to_owned());
                    blocks.push(Block { line, kind, text, file: None, not_run: None });
                }
                if let Some(path) = hidden("<!-- file:") {
                    file = Some(path.to_owned());
                }
                if let Some(reason) = hidden("<!-- not run:") {
                    not_run = Some(reason.to_owned());
                }
            }
        }
    }
    assert!(!is_inside, "a block is not closed");
    blocks
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_suffix(end).map(str::trim)
}
