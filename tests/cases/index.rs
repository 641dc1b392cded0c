//! `docs/errors.md`, made of the error catalogue: each message once, with its remedy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use libtest_mimic::{Failed, Trial};

use crate::is_updating;
use crate::support::catalogue::{Kind, catalogue};
use crate::support::root;

const HEAD: &str = "\
# Messages

Search this page for the words of a message, without its file, line and value: the right column says
what to do. `…` stands for a longer text. [Checks](checks.md) explains the rules behind the messages,
and [operations.md](operations.md#exit-codes) the exit codes.

The page is made of the error catalogue in `tests/data/errors/`, where every message is brought about:
`UPDATE_EXPECTED=1 cargo test --test cases index` writes it anew.
";

/// No cell of the page is longer.
const LONGEST: usize = 220;

/// One trial: the page is what the catalogue says.
pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::test("index::errors.md", check)]
}

fn check() -> Result<(), Failed> {
    let path = root().join("docs/errors.md");
    let page = page(&catalogue());
    if is_updating() {
        fs::write(&path, &page)?;
    }
    if fs::read_to_string(&path).is_ok_and(|text| text == page) {
        return Ok(());
    }
    Err("it is not what the catalogue gives: run this trial with UPDATE_EXPECTED=1".into())
}

/// A message as an example shows it.
struct Message {
    /// Without `error:`, the file and the line.
    text: String,
    /// The text without what differs from case to case.
    rule: String,
    remedy: String,
}

fn page(kinds: &[Kind]) -> String {
    let homes = homes(kinds);
    let (mut page, mut shown) = (HEAD.to_owned(), BTreeSet::new());
    for (place, kind) in kinds.iter().enumerate() {
        let mut rows: BTreeMap<(String, String), String> = BTreeMap::new();
        for message in messages(kind).into_iter().filter(|message| homes[&message.rule] == place) {
            let key = (message.rule, general(&message.remedy));
            if shown.insert(key.clone()) {
                let (text, remedy) = (cell(&message.text), cell(&message.remedy));
                rows.insert(key, format!("| {text} | {remedy} |\n"));
            }
        }
        if !rows.is_empty() {
            let _ = write!(page, "\n## {}\n\n{}\n\n", kind.title, kind.about);
            page.push_str("| message | what to do |\n|---|---|\n");
            page.extend(rows.into_values());
        }
    }
    page
}

/// The kind that each rule is shown under: that of most cases with it, of equals the first.
fn homes(kinds: &[Kind]) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, kind) in kinds.iter().enumerate() {
        for message in messages(kind) {
            counts.entry(message.rule).or_insert_with(|| vec![0; kinds.len()])[place] += 1;
        }
    }
    let most = |counts: &[usize]| {
        let most = counts.iter().max().copied().unwrap_or_default();
        counts.iter().position(|count| *count == most).unwrap_or_default()
    };
    counts.iter().map(|(rule, counts)| (rule.clone(), most(counts))).collect()
}

/// What the cases of a kind are told: errors and warnings, each with the hint below it.
fn messages(kind: &Kind) -> Vec<Message> {
    let mut messages = Vec::new();
    for case in &kind.cases {
        let mut lines = case.expected.lines().peekable();
        while let Some(line) = lines.next() {
            let told = line.strip_prefix("error: ").or_else(|| line.strip_prefix("warning: "));
            let Some(told) = told else { continue };
            let text = unplaced(told).to_owned();
            let remedy = lines.peek().and_then(|line| line.strip_prefix("hint: "));
            let is_usage = case.expected.contains("try '--help'");
            let otherwise =
                if is_usage { "see `prorata --help`" } else { "a warning: the run goes on" };
            let remedy = remedy.unwrap_or(otherwise);
            let (rule, remedy) = (rule(&text), remedy.to_owned());
            messages.push(Message { text, rule, remedy });
        }
    }
    messages
}

/// Without the file and the line in front, unless the message is about the file itself.
fn unplaced(told: &str) -> &str {
    let Some((place, rest)) = told.split_once(": ") else { return told };
    let is_place = place.starts_with("input/") && !place.contains(' ');
    if is_place { rest } else { told }
}

/// Without the column in front and the value behind it, in general terms.
fn rule(text: &str) -> String {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
    let (column, rest) = text.split_once(' ').unwrap_or(("", text));
    if column.is_empty() || !column.chars().all(is_name) {
        return general(text);
    }
    match rest.strip_prefix('"').and_then(|rest| rest.split_once("\" ")) {
        Some((_, rule)) => general(rule),
        None if rest.starts_with("is ") || rest.starts_with("has ") => general(rest),
        None => general(text),
    }
}

/// A sentence in which quoted texts, numbers and lists are the same as any others.
fn general(text: &str) -> String {
    let mut general = String::new();
    for (place, part) in text.split('"').enumerate() {
        if place % 2 == 1 {
            general.push('…');
            continue;
        }
        for word in part.split_inclusive(' ') {
            general.push_str(if word.contains(|c: char| c.is_ascii_digit()) {
                "… "
            } else {
                word
            });
        }
    }
    let lists =
        ["the keys are ", "the words are ", "write one of ", "the tables are ", "known are "];
    let list = lists.iter().find_map(|list| general.find(list));
    general[..list.unwrap_or(general.len())].to_owned()
}

/// A text as a cell of a table.
fn cell(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST).collect();
    let end = if cut.len() < text.len() { "…" } else { "" };
    let escaped = cut.replace('\\', "\\\\").replace('|', "\\|").replace('<', "\\<");
    format!("{}{end}", escaped.replace('*', "\\*"))
}
