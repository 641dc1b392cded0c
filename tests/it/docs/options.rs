//! Options that the pages name are options that there are.

use std::collections::BTreeSet;
use std::fs;

use crate::support::Workspace;
use crate::support::page::pages;

/// Options of other programs, which the pages name as well.
const OTHERS: [&str; 14] = [
    "--bench",
    "--release",
    "--locked",
    "--all-targets",
    "--lib",
    "--long",
    "--test",
    "--check",
    "--user",
    "--strict",
    "--pdf",
    "--threads",
    "--folder",
    "--note",
];

/// Words that begin with two dashes.
fn options(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let words = text.split(|c: char| !is_part(c));
    words.filter(|word| word.starts_with("--") && word.len() > 3).collect()
}

/// What a page says of prorata: commands in its blocks, and code in its sentences.
fn of_prorata(page: &str) -> String {
    let mut text = String::new();
    for (place, part) in page.split("```").enumerate() {
        if place % 2 == 1 {
            // Options of other programs may stand before a path of the engines.
            let is_ours = |line: &&str| line.contains("prorata ") && !line.starts_with("spark-");
            let commands = part.lines().filter(is_ours);
            commands.for_each(|line| text.extend([line, "\n"]));
        } else {
            let code = part.split('`').skip(1).step_by(2);
            let ours = code.filter(|code| !code.starts_with("cargo "));
            ours.for_each(|code| text.extend([code, "\n"]));
        }
    }
    text
}

#[test]
fn every_option_that_is_named_is_one() {
    let workspace = Workspace::empty();
    let help = workspace.succeed(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    let mut known = help.clone();
    for command in commands.filter_map(|line| line.split_whitespace().next()) {
        if command != "help" {
            known += &workspace.succeed(&[command, "--help"]);
        }
    }
    let known = options(&known);
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for option in options(&of_prorata(&text)) {
            let is_known = known.contains(option) || OTHERS.contains(&option);
            assert!(is_known, "{}: there is no {option}", page.display());
        }
    }
}
