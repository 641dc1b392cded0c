//! A folder for one test, with `input/` and `output/`.

#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::fs;
use std::path::{Path, PathBuf};

/// A temporary folder with `input/` and `output/`, gone when dropped.
pub(crate) struct Workspace {
    root: tempfile::TempDir,
}

impl Workspace {
    /// A workspace with a copy of an input folder.
    pub(crate) fn with_input(input: &Path) -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        copy_folder(input, &root.path().join("input"));
        Self { root }
    }

    /// A workspace with the input that is bundled with the project.
    pub(crate) fn with_sample() -> Self {
        Self::with_input(&root().join("input"))
    }

    /// The sample without the account in Japan and the font that it needs: a close of it takes a
    /// quarter of the time.
    pub(crate) fn with_latin_sample() -> Self {
        let workspace = Self::with_sample();
        let without = |path: &str, is_left_out: fn(&str) -> bool| {
            let content = workspace.read(path);
            let lines = content.split_inclusive('\n').filter(|line| !is_left_out(line));
            workspace.write(path, &lines.collect::<String>());
        };
        without("input/billing.toml", |line| line.starts_with("fonts = "));
        for table in ["accounts", "subscriptions", "changes", "adjustments", "payments"] {
            let is_in_japan = |line: &str| line.contains("tokyo") || line.contains("sakura");
            without(&format!("input/{table}.csv"), is_in_japan);
        }
        workspace
    }

    /// A workspace with nothing in it.
    pub(crate) fn empty() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join("input")).expect("a folder");
        Self { root }
    }

    /// Another workspace with the same input and output: so one close may go on in many ways.
    pub(crate) fn again(&self) -> Self {
        let other = Self::with_input(&self.path("input"));
        copy_folder(&self.path("output"), &other.path("output"));
        if let Ok(newest) = fs::read_link(self.path("output/latest")) {
            std::os::unix::fs::symlink(newest, other.path("output/latest")).expect("a link");
        }
        other
    }

    /// A path in the workspace.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// The content of a text file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces a file.
    pub(crate) fn write(&self, path: &str, content: &str) {
        fs::write(self.path(path), content).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Adds a line to a file.
    pub(crate) fn append(&self, path: &str, line: &str) {
        let content = self.read(path) + line + "\n";
        self.write(path, &content);
    }

    /// Empties the log and gives it another header.
    pub(crate) fn write_changes(&self, header: &str) {
        self.write("input/changes.csv", &format!("{header}\n"));
    }

    /// Adds lines at the end of a file, whatever they are.
    pub(crate) fn write_key(&self, path: &str, lines: &str) {
        let content = self.read(path) + lines;
        self.write(path, &content);
    }

    /// The rows of a CSV file as maps from column to cell.
    pub(crate) fn rows(&self, path: &str) -> Vec<Row> {
        let mut reader = csv::Reader::from_path(self.path(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let header = reader.headers().expect("a header").clone();
        let rows = reader.records().map(|record| record.expect("a record"));
        rows.map(|record| {
            let pairs = header.iter().zip(record.iter());
            Row(pairs.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect())
        })
        .collect()
    }

    /// Every file below a folder of the workspace with its bytes, sorted by path.
    pub(crate) fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        files_below(&self.path(folder))
    }
}

/// One row of a CSV file.
#[derive(Debug)]
pub(crate) struct Row(Vec<(String, String)>);

impl Row {
    /// The cell in a column.
    pub(crate) fn get(&self, column: &str) -> &str {
        let cell = self.0.iter().find(|(name, _)| name == column);
        cell.map_or_else(|| panic!("no column {column}"), |(_, cell)| cell)
    }

    /// The cells in some columns.
    pub(crate) fn cells<const N: usize>(&self, columns: [&str; N]) -> [&str; N] {
        columns.map(|column| self.get(column))
    }
}

/// Every file below a folder with its bytes, sorted by path. Links are not followed, and neither
/// the lock nor the list of problems is part of the register.
pub(crate) fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    files.sort();
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let entry = entry.expect("an entry");
        let kind = entry.file_type().expect("a kind");
        let path = entry.path();
        let name = path.strip_prefix(root).expect("below the root").display().to_string();
        if kind.is_dir() {
            collect(root, &path, files);
        } else if kind.is_file() && name != ".lock" && name != "problems.csv" {
            files.push((name, fs::read(&path).expect("a readable file")));
        }
    }
}

/// Copies a folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for (name, bytes) in files_below(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a copy");
    }
}

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file or folder of `tests/data/`.
pub(crate) fn data(path: &str) -> PathBuf {
    root().join("tests/data").join(path)
}
