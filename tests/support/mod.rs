//! What the end-to-end tests share: a workspace in a temporary folder and the binary run in it.

#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A temporary folder with `input/` and `output/`, gone when dropped.
pub struct Workspace {
    root: tempfile::TempDir,
}

impl Workspace {
    /// A workspace with a copy of an input folder.
    pub fn with_input(input: &Path) -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        copy_folder(input, &root.path().join("input"));
        Self { root }
    }

    /// A workspace with the input that is bundled with the project.
    pub fn with_sample() -> Self {
        Self::with_input(&Path::new(env!("CARGO_MANIFEST_DIR")).join("input"))
    }

    /// A workspace with nothing in it.
    pub fn empty() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join("input")).expect("a folder");
        Self { root }
    }

    /// A path in the workspace.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// The content of a text file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces a file.
    pub fn write(&self, path: &str, content: &str) {
        fs::write(self.path(path), content).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Adds a line to a file.
    pub fn append(&self, path: &str, line: &str) {
        let content = self.read(path) + line + "\n";
        self.write(path, &content);
    }

    /// Empties the log and gives it another header.
    pub fn write_changes(&self, header: &str) {
        self.write("input/changes.csv", &format!("{header}\n"));
    }

    /// Adds lines at the end of a file, whatever they are.
    pub fn write_key(&self, path: &str, lines: &str) {
        let content = self.read(path) + lines;
        self.write(path, &content);
    }

    /// The binary, ready to run in the workspace with its defaults.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prorata"));
        command.args(arguments).current_dir(self.root.path());
        command
    }

    /// Runs the binary.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary starts")
    }

    /// Runs the binary, which must succeed, and returns what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed:\n{stderr}");
        String::from_utf8(output.stdout).expect("output is UTF-8")
    }

    /// Runs the binary, which must fail, and returns its exit code and what it complained of.
    pub fn fail(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded");
        let code = output.status.code().expect("it ended by itself");
        (code, String::from_utf8(output.stderr).expect("messages are UTF-8"))
    }

    /// `prorata close --as-of …`, which must succeed.
    pub fn close(&self, as_of: &str) -> String {
        self.succeed(&["close", "--as-of", as_of])
    }

    /// The rows of a CSV file as maps from column to cell.
    pub fn rows(&self, path: &str) -> Vec<Row> {
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
    pub fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        files_below(&self.path(folder))
    }
}

/// One row of a CSV file.
#[derive(Debug)]
pub struct Row(Vec<(String, String)>);

impl Row {
    /// The cell in a column.
    pub fn get(&self, column: &str) -> &str {
        let cell = self.0.iter().find(|(name, _)| name == column);
        cell.map_or_else(|| panic!("no column {column}"), |(_, cell)| cell)
    }

    /// The cells in some columns.
    pub fn cells<const N: usize>(&self, columns: [&str; N]) -> [&str; N] {
        columns.map(|column| self.get(column))
    }
}

/// Every file below a folder with its bytes, sorted by path. Links are not followed, and neither
/// the lock nor the list of problems is part of the register.
pub fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
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
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for (name, bytes) in files_below(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a copy");
    }
}

/// The text of a PDF, page by page, as a reader would copy it: each text on a line of its own.
pub fn pdf_text(bytes: &[u8]) -> String {
    let mut document = lopdf::Document::load_mem(bytes).expect("a PDF");
    for page in document.get_pages().into_values() {
        let mut content = document.get_and_decode_page_content(page).expect("operations");
        content.operations = content.operations.into_iter().flat_map(on_its_own_line).collect();
        let content = content.encode().expect("operations can be written");
        document.change_page_content(page, content).expect("the page is there");
    }
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&pages).expect("text that can be extracted")
}

/// An operation, with the end of a line before it where the pen goes elsewhere.
fn on_its_own_line(operation: lopdf::content::Operation) -> Vec<lopdf::content::Operation> {
    let moves = operation.operator == "Td";
    let end = moves.then(|| lopdf::content::Operation::new("T*", Vec::new()));
    end.into_iter().chain([operation]).collect()
}
