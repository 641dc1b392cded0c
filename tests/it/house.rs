//! The plan of the house, held: imports run one way between rooms, and in no circle between files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms. Each imports only rooms that stand before it.
const ROOMS: [&str; 36] = [
    "value",
    "hash",
    "stop",
    "failpoint",
    "access",
    "files",
    "ids",
    "locale",
    "problem",
    "model",
    "config",
    "timeline",
    "rating",
    "tax",
    "invoice",
    "payments",
    "accounting",
    "review",
    "wording",
    "einvoice",
    "table",
    "input",
    "register",
    "render",
    "export",
    "publish",
    "merge",
    "console",
    "generate",
    "import",
    "pipeline",
    "shards",
    "commands",
    "cli",
    "lib",
    "main",
];

/// Files that may import each other in a circle, and why.
const CIRCLES: [(&[&str], &str); 2] = [
    (
        &[
            "value::clock_text",
            "value::instant",
            "value::wall_time",
            "value::written",
            "value::zone",
        ],
        "an instant is written in a zone, and a zone finds the instant of a wall time",
    ),
    (
        &["timeline::status", "timeline::walk", "timeline::within"],
        "one walk through a log, in three files for its length",
    ),
];

#[test]
fn imports_run_one_way_between_rooms() {
    let imports = House::read().imports();
    let count: usize = imports.values().map(BTreeSet::len).sum();
    assert!(count > 1500, "{count} imports: the library has more");
    assert_eq!(backward(&imports), "");
}

#[test]
fn an_import_that_runs_backward_and_a_circle_are_found() {
    let house = House::of([
        ("value", "pub use low::Low; mod low;"),
        ("value::low", "use crate::model::{Line, price}; // crate::cli::Never"),
        ("model", "pub use line::Line; mod line; pub mod price;"),
        ("model::line", "fn f() { super::price::of(crate::value::Low) }"),
        ("model::price", "#[cfg(test)] mod tests { use crate::cli::Cli; }"),
    ]);
    let imports = house.imports();
    let expected = "value::low imports model::line\nvalue::low imports model::price";
    assert_eq!(backward(&imports), expected);
    let circle = vec!["model::line".to_owned(), "value::low".to_owned()];
    assert_eq!(circles(&imports), BTreeSet::from([circle]));
}

/// The imports of rooms that stand later, one a line.
fn backward(imports: &BTreeMap<String, BTreeSet<String>>) -> String {
    let place = |room: &str| ROOMS.iter().position(|it| *it == room);
    let mut backward = Vec::new();
    for (file, imports) in imports {
        for import in imports {
            let (from, to) = (room(file), room(import));
            let known = place(from).zip(place(to));
            let (here, there) = known.unwrap_or_else(|| panic!("{from} or {to} has no place"));
            if there > here {
                backward.push(format!("{file} imports {import}"));
            }
        }
    }
    backward.join("\n")
}

#[test]
fn files_import_each_other_in_no_other_circle_than_these() {
    let house = House::read();
    let found = circles(&house.imports());
    let allowed: BTreeSet<Vec<String>> = CIRCLES
        .iter()
        .map(|(files, _)| files.iter().map(|file| (*file).to_owned()).collect())
        .collect();
    assert_eq!(found, allowed);
}

/// The first part of a module's name: `invoice` of `invoice::caps`.
fn room(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

/// All files of the library by their modules, `a::b`; the root is `lib`.
struct House {
    files: BTreeMap<String, Source>,
}

/// What one file says of other files.
#[derive(Default)]
struct Source {
    /// What it re-exports: name, and the path behind it.
    exports: Vec<(String, Vec<String>)>,
    /// The paths that it uses, whole.
    paths: Vec<Vec<String>>,
}

impl House {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut paths = Vec::new();
        collect(&root, &mut paths);
        let texts = paths.iter().filter_map(|path| {
            let module = module_of(path.strip_prefix(&root).expect("below src"))?;
            Some((module, fs::read_to_string(path).expect("a source")))
        });
        Self::of(texts)
    }

    fn of<M: Into<String>, T: AsRef<str>>(texts: impl IntoIterator<Item = (M, T)>) -> Self {
        let sources = texts.into_iter().map(|(module, text)| {
            let module = module.into();
            let source = Source::of(&without_tests(&code_alone(text.as_ref())), &module);
            (module, source)
        });
        Self { files: sources.collect() }
    }

    /// For each file, the files that define what it names.
    fn imports(&self) -> BTreeMap<String, BTreeSet<String>> {
        let each = self.files.iter().map(|(module, source)| {
            let found = source.paths.iter().filter_map(|path| self.defines(path, 0));
            (module.clone(), found.filter(|it| it != module).collect())
        });
        each.collect()
    }

    /// The file that defines what a path names: facades are looked through.
    fn defines(&self, path: &[String], depth: usize) -> Option<String> {
        let known = |length: usize| self.files.contains_key(&path[..length].join("::"));
        let length = (1..=path.len()).rev().find(|length| known(*length))?;
        let module = path[..length].join("::");
        let Some(name) = path.get(length).filter(|_| depth < 9) else { return Some(module) };
        let source = &self.files[&module];
        match source.exports.iter().find(|(exported, _)| exported == name) {
            Some((_, behind)) => self.defines(behind, depth + 1),
            None => Some(module),
        }
    }
}

impl Source {
    fn of(text: &str, module: &str) -> Self {
        let mut source = Self::default();
        let mut modules: BTreeSet<String> = BTreeSet::new();
        let mut names: Vec<(String, Vec<String>)> = Vec::new();
        let mut rest = String::new();
        for statement in statements(text) {
            let Some((is_public, tree)) = use_tree(statement) else {
                rest.push_str(statement);
                rest.push('\n');
                continue;
            };
            for (path, name) in leaves(tree) {
                let Some(path) = absolute(&path, module) else { continue };
                if is_public {
                    source.exports.push((name, path));
                } else {
                    modules.insert(name.clone());
                    names.push((name, path.clone()));
                    source.paths.push(path);
                }
            }
        }
        source.add_inline(&rest, module, &names);
        source
    }

    /// Paths in the midst of code: `crate::a::B`, and `b::C` where `b` was imported.
    fn add_inline(&mut self, text: &str, module: &str, names: &[(String, Vec<String>)]) {
        for path in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let parts: Vec<String> =
                path.split("::").filter(|it| !it.is_empty()).map(str::to_owned).collect();
            if parts.len() < 2 {
                continue;
            }
            if let Some((_, behind)) = names.iter().find(|(name, _)| *name == parts[0]) {
                self.paths.push([&behind[..], &parts[1..]].concat());
            } else if ["crate", "super", "self"].contains(&&*parts[0]) {
                self.paths.extend(absolute(&parts, module));
            }
        }
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "bin") {
                collect(&path, paths);
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            paths.push(path);
        }
    }
}

/// `a::b` of `a/b.rs`; none of tests, which may know everything.
fn module_of(path: &Path) -> Option<String> {
    let text = path.with_extension("").display().to_string().replace('/', "::");
    let is_test = |part: &str| part == "tests" || part.ends_with("_tests");
    if text.split("::").any(is_test) || text == "main" {
        return None;
    }
    Some(text.strip_suffix("::mod").unwrap_or(&text).to_owned())
}

/// The code without comments, and with empty texts.
fn code_alone(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(hashes) = raw_hashes(rest).filter(|_| !ends_in_a_word(&code)) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            start + rest[start..].find(&end).expect("a closed text") + end.len()
        } else if first == '"' {
            end_of_text(rest)
        } else if let Some(length) = length_of_char(rest) {
            length
        } else {
            code.push(first);
            first.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

fn ends_in_a_word(code: &str) -> bool {
    code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// How many `#` a raw text begins with.
fn raw_hashes(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('r')?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

fn end_of_text(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, character) in text.char_indices().skip(1) {
        match character {
            '"' if !is_escaped => return place + 1,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

/// The length of `'x'` or `'\n'`; `None` of a lifetime.
fn length_of_char(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('\'')?;
    let mut characters = rest.chars();
    let first = characters.next()?;
    if first == '\\' {
        return Some(1 + 2 + rest[2..].find('\'')? + 1);
    }
    (characters.next() == Some('\'')).then_some(2 + first.len_utf8())
}

/// The code without what `#[cfg(test)]` stands before.
fn without_tests(text: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(MARK) {
        kept.push_str(&rest[..start]);
        rest = &rest[start + MARK.len()..];
        let end = rest.find([';', '{']).unwrap_or(rest.len() - 1);
        rest = if rest[end..].starts_with('{') {
            &rest[end_of_block(rest, end)..]
        } else {
            &rest[end + 1..]
        };
    }
    kept + rest
}

fn end_of_block(text: &str, start: usize) -> usize {
    let mut depth = 0;
    for (place, character) in text[start..].char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return start + place + 1;
        }
    }
    text.len()
}

/// Pieces of code that end with `;`, a `use` among them whole.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(';')
}

/// Whether it is public, and the tree of a `use`.
fn use_tree(statement: &str) -> Option<(bool, &str)> {
    let start = statement.rfind("use ")?;
    let before = statement[..start].trim_end();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    let is_public = line == "pub" || (line.starts_with("pub(") && line.ends_with(')'));
    (is_public || line.is_empty() || line.ends_with(['}', ']']))
        .then(|| (is_public, statement[start + 4..].trim_end_matches(';')))
}

/// The paths of a `use`, each with the name that it gets.
fn leaves(tree: &str) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    if let Some((before, inner)) = tree.split_once('{') {
        let prefix: Vec<String> = before
            .split("::")
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        let inner = inner.strip_suffix('}').unwrap_or(inner);
        let parts = split_outside_braces(inner).into_iter().flat_map(leaves);
        return parts.map(|(path, name)| ([&prefix[..], &path].concat(), name)).collect();
    }
    if tree.is_empty() {
        return Vec::new();
    }
    let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
    let mut path: Vec<String> = path.split("::").map(|it| it.trim().to_owned()).collect();
    if path.last().is_some_and(|it| it == "self" && path.len() > 1) {
        path.pop();
    }
    let name = if alias.is_empty() { path.last().cloned() } else { Some(alias.trim().to_owned()) };
    vec![(path, name.unwrap_or_default())]
}

fn split_outside_braces(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (place, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A path from the root of the library; `None` if it leads out of it.
fn absolute(path: &[String], module: &str) -> Option<Vec<String>> {
    let mut here: Vec<String> =
        module.split("::").filter(|it| *it != "lib").map(str::to_owned).collect();
    let mut rest = path;
    match &*rest.first()?.clone() {
        "crate" => here.clear(),
        "self" => {}
        "super" => {
            while rest.first().is_some_and(|it| it == "super") {
                here.pop();
                rest = &rest[1..];
            }
            return Some([&here[..], rest].concat());
        }
        // In a facade: a path from one of its own files.
        _ => return Some([&here[..], rest].concat()),
    }
    Some([&here[..], &rest[1..]].concat())
}

/// The sets of files that reach each other.
fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> =
        imports.keys().map(|file| (file, reachable(file, imports))).collect();
    let mut circles = BTreeSet::new();
    for (file, reached) in &reach {
        let circle = reached.iter().filter(|other| reach[**other].contains(file));
        let circle: Vec<String> = circle.map(|it| (*it).clone()).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles
}

fn reachable<'a>(
    file: &'a String,
    imports: &'a BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&String> = vec![file];
    while let Some(file) = open.pop() {
        for next in imports.get(file).into_iter().flatten() {
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    reached
}
