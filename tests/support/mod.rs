//! What tests share: folders to work in, the program, and readers of what it writes.

#![allow(dead_code, reason = "each test binary uses its part of this")]
#![allow(unused_imports, reason = "each test binary uses its part of this")]

pub(crate) mod catalogue;
pub(crate) mod handmade;
pub(crate) mod page;
mod program;
mod workspace;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};

use sha2::{Digest as _, Sha256};

pub(crate) use workspace::{Row, Workspace, copy_folder, data, files_below, root};

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The files of an archive, found by its table.
pub(crate) fn unpacked(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |at: usize, bytes: usize| {
        archive[at..at + bytes].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let end = archive.len() - 22;
    let mut at = number(end + 16, 4);
    let mut files = BTreeMap::new();
    for _ in 0..number(end + 10, 2) {
        let (bytes, name, local) = (number(at + 24, 4), number(at + 28, 2), number(at + 42, 4));
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let path = String::from_utf8(archive[at + 46..at + 46 + name].to_vec()).expect("UTF-8");
        files.insert(path, archive[start..start + bytes].to_vec());
        at += 46 + name;
    }
    files
}

/// Takes the output folder as another run would.
pub(crate) fn lock(workspace: &Workspace) -> File {
    fs::create_dir_all(workspace.path("output")).expect("a folder");
    let file = File::create(workspace.path("output/.lock")).expect("a file");
    file.lock().expect("nobody else has it");
    file
}

/// The text of a PDF, page by page, as a reader would copy it: each text on a line of its own.
pub(crate) fn pdf_text(bytes: &[u8]) -> String {
    let mut document = lopdf::Document::load_mem(bytes).expect("a PDF");
    for page in document.get_pages().into_values() {
        let mut content = document.get_and_decode_page_content(page).expect("operations");
        content.operations = content.operations.into_iter().flat_map(on_its_own_line).collect();
        let content = content.encode().expect("operations can be written");
        document.change_page_content(page, content).expect("the page is there");
    }
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("text that can be extracted");
    // A space at the end of a line is for screen readers.
    text.lines().flat_map(|line| [line.trim_end_matches(' '), "\n"]).collect()
}

/// An operation, with the end of a line before it where the pen goes elsewhere.
fn on_its_own_line(operation: lopdf::content::Operation) -> Vec<lopdf::content::Operation> {
    let moves = operation.operator == "Td";
    let end = moves.then(|| lopdf::content::Operation::new("T*", Vec::new()));
    end.into_iter().chain([operation]).collect()
}
