//! No command hides from `tests/cases/commands.rs` in a block of another kind, or without a reason.

use std::fs;

use crate::support::page::{blocks, pages};

#[test]
fn every_command_line_stands_in_a_block_that_is_run() {
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for block in blocks(&text) {
            let place = format!("{}:{}", page.display(), block.line);
            let is_run = ["sh", "console", "cron"].contains(&block.kind.as_str());
            let mut lines = block.text.lines().map(|line| line.trim_start_matches("$ "));
            let has_command =
                lines.any(|line| line.starts_with("prorata ") || line.starts_with("cargo "));
            assert!(is_run || !has_command, "{place}: tag it sh or console");
            assert!(block.not_run.is_none_or(|reason| reason.len() > 10), "{place}: no reason");
        }
    }
}
