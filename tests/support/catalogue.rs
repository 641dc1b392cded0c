//! The error catalogue, `tests/data/errors/`: one table file for each kind of mistake.
//!
//! `base/` is a small, complete and valid input folder. Every table of a file is one case. Its keys
//! say what differs from `base`; `tests/README.md` lists their forms. `[all]` holds what differs in
//! every case of the file.

#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use toml::{Table, Value};

/// Input files by name, with their bytes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

const DEFAULT_COMMAND: &str = "close --as-of 2020-07-01";

/// A file of the catalogue.
pub(crate) struct Kind {
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) cases: Vec<Case>,
}

/// One mistake.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The file of the catalogue that the case stands in.
    pub(crate) file: PathBuf,
    /// The command line of a close of `base` that is published first.
    pub(crate) before: Option<String>,
    pub(crate) command: String,
    /// The exit code and then stderr, to the letter.
    pub(crate) expected: String,
    /// The input before the mistake is made.
    pub(crate) base: Files,
    pub(crate) input: Files,
}

/// All kinds, in the order of their files.
pub(crate) fn catalogue() -> Vec<Kind> {
    let folder = folder();
    let base = files_of(&folder.join("base"));
    let mut paths: Vec<PathBuf> = entries(&folder);
    paths.retain(|path| path.extension().is_some_and(|it| it == "toml"));
    paths.iter().map(|path| kind(path, &base)).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/errors")
}

fn kind(path: &Path, base: &Files) -> Kind {
    let text = fs::read_to_string(path).expect("a readable catalogue");
    let parsed = text.parse::<Table>();
    let mut table = parsed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let title = text_of(&table.remove("title").expect("every kind has a title"));
    let about = text_of(&table.remove("about").expect("every kind says what it is about"));
    let base = match table.remove("all") {
        Some(Value::Table(all)) => edited(base, &all),
        _ => base.clone(),
    };
    let cases = table.into_iter().map(|(name, case)| match case {
        Value::Table(case) => read_case(path, name, case, &base),
        _ => panic!("{}: {name} is no case", path.display()),
    });
    Kind { title, about, cases: cases.collect() }
}

fn read_case(file: &Path, name: String, mut case: Table, base: &Files) -> Case {
    let mut take = |key| case.remove(key).map(|value| text_of(&value));
    let (before, command) = (take("before"), take("command"));
    let Some(expected) = take("expected") else {
        panic!("{name}: write expected = '''''', and run it with UPDATE_EXPECTED=1")
    };
    Case {
        file: file.to_owned(),
        before,
        command: command.unwrap_or_else(|| DEFAULT_COMMAND.to_owned()),
        expected: in_full(&expected),
        base: base.clone(),
        input: edited(base, &case),
        name,
    }
}

/// What is told, with what goes without saying: exit code 65, and at the end the count of problems.
fn in_full(expected: &str) -> String {
    if expected.is_empty() || expected.starts_with("exit: ") {
        return expected.to_owned();
    }
    let count = expected.lines().filter(|line| line.starts_with("error: ")).count();
    let problems = if count == 1 { "problem" } else { "problems" };
    format!("exit: 65\n{expected}{count} {problems}; nothing was published\n")
}

/// What is told, as the catalogue has it.
fn in_short(told: &str) -> &str {
    let short = told.strip_prefix("exit: 65\n").and_then(|rest| {
        let last = rest.trim_end().rfind('\n')?;
        Some(&rest[..=last])
    });
    short.filter(|short| in_full(short) == told).unwrap_or(told)
}

/// Where a difference is.
enum Place<'a> {
    /// `prices.csv`: a text is the whole file, `false` removes it, `{ from = "…" }` copies a file of
    /// `files/`.
    File,
    /// `prices.csv:3`: a text replaces the line, `false` removes it.
    Line(usize),
    /// `prices.csv:3+`: a text is inserted after the line.
    After(usize),
    /// `prices.csv:+`: a text is added at the end.
    End,
    /// `prices.csv:3:currency`: a text replaces the cell, as it stands between the commas.
    Cell(usize, &'a str),
    /// `prices.csv:tax_code`: a list is a new column, a cell a row.
    Column(&'a str),
}

impl<'a> Place<'a> {
    /// The file and the place of a key.
    fn of(key: &'a str) -> (&'a str, Self) {
        let Some((file, place)) = key.split_once(':') else { return (key, Self::File) };
        let number = |text: &str| text.parse::<usize>().ok();
        let place = match (place.split_once(':'), place.strip_suffix('+')) {
            (Some((line, column)), _) => Self::Cell(number(line).expect("a line"), column),
            (None, Some("")) => Self::End,
            (None, Some(line)) => Self::After(number(line).expect("a line")),
            (None, None) => number(place).map_or(Self::Column(place), Self::Line),
        };
        (file, place)
    }
}

/// The files with all differences made. Lines are counted as in `base`.
fn edited(base: &Files, edits: &Table) -> Files {
    let mut by_file: BTreeMap<&str, Vec<(Place<'_>, &Value)>> = BTreeMap::new();
    for (key, value) in edits {
        let (file, place) = Place::of(key);
        by_file.entry(file).or_default().push((place, value));
    }
    let mut files = base.clone();
    for (file, edits) in by_file {
        let content = match edits[..] {
            [(Place::File, value)] => whole(value),
            _ => Some(edited_lines(&text_in(base, file), &edits).into_bytes()),
        };
        match content {
            Some(content) => files.insert(file.to_owned(), content),
            None => files.remove(file),
        };
    }
    files
}

/// What becomes of a whole file; none if it is removed.
fn whole(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Boolean(false) => None,
        Value::Table(table) => {
            let path = folder().join("files").join(text_of(&table["from"]));
            Some(fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        }
        text => Some(text_of(text).into_bytes()),
    }
}

fn text_in(base: &Files, file: &str) -> String {
    let bytes = base.get(file).unwrap_or_else(|| panic!("base has no {file}"));
    String::from_utf8(bytes.clone()).expect("base is text")
}

/// The lines of a file while it is edited.
struct EditedFile {
    header: Vec<String>,
    /// Each line as its cells; none if it is removed, one if it was replaced as a whole.
    lines: Vec<Vec<String>>,
    /// What is inserted after each.
    after: Vec<String>,
    end: String,
}

fn edited_lines(text: &str, edits: &[(Place<'_>, &Value)]) -> String {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<String>>();
    let lines: Vec<Vec<String>> = text.lines().map(cells).collect();
    let after = vec![String::new(); lines.len()];
    let header = lines.first().cloned().unwrap_or_default();
    let mut file = EditedFile { header, lines, after, end: String::new() };
    for (place, value) in edits {
        file.edit(place, value);
    }
    file.text()
}

impl EditedFile {
    fn edit(&mut self, place: &Place<'_>, value: &Value) {
        match (place, value) {
            (Place::Line(line), Value::Boolean(false)) => self.lines[line - 1].clear(),
            (Place::Line(line), _) => {
                let text = text_of(value);
                self.lines[line - 1] = vec![text.strip_suffix('\n').unwrap_or(&text).to_owned()];
            }
            (Place::After(line), _) => self.after[line - 1] = ended(&text_of(value)),
            (Place::End, _) => self.end = ended(&text_of(value)),
            (Place::Cell(line, column), _) => {
                let at = self.header.iter().position(|name| name == column);
                let at = at.unwrap_or_else(|| panic!("base has no column {column}"));
                self.lines[line - 1][at] = text_of(value);
            }
            (Place::Column(name), Value::Array(cells)) => {
                let cells = std::iter::once((*name).to_owned()).chain(cells.iter().map(text_of));
                self.lines.iter_mut().zip(cells).for_each(|(line, cell)| line.push(cell));
            }
            _ => panic!("{value} is no such difference"),
        }
    }

    fn text(&self) -> String {
        let lines = self.lines.iter().zip(&self.after).map(|(line, after)| {
            if line.is_empty() { after.clone() } else { ended(&line.join(",")) + after }
        });
        lines.collect::<String>() + &self.end
    }
}

/// A text with the end of its last line.
fn ended(text: &str) -> String {
    text.strip_suffix('\n').unwrap_or(text).to_owned() + "\n"
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn files_of(folder: &Path) -> Files {
    let name = |path: &PathBuf| path.file_name().expect("a name").display().to_string();
    let files = entries(folder).into_iter();
    files.map(|path| (name(&path), fs::read(&path).expect("a readable file"))).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listing = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = listing.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// Rewrites what a case expects, and nothing else of its file.
pub(crate) fn expect(case: &Case, told: &str) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(&case.file).expect("a readable catalogue");
    let from = |place: usize, text_there: &str| {
        place + text[place..].find(text_there).expect("the case was read") + text_there.len()
    };
    let start = from(from(0, &format!("\n[{}]\n", case.name)) - 1, "\nexpected = ");
    let quotes = &text[start..start + 3];
    let end = from(start + 3, quotes);
    let text = [&text[..start], &*literal(in_short(told)), &text[end..]].concat();
    fs::write(&case.file, text).expect("a writable catalogue");
}

/// A text of several lines as TOML, as it is where that is possible.
fn literal(text: &str) -> String {
    let is_plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if text.chars().all(is_plain) && !text.contains("'''") {
        return format!("'''\n{text}'''");
    }
    let escaped = text.chars().map(|c| match c {
        '\\' | '"' => format!("\\{c}"),
        c if is_plain(c) => c.to_string(),
        c => format!("\\u{:04X}", u32::from(c)),
    });
    format!("\"\"\"\n{}\"\"\"", escaped.collect::<String>())
}
