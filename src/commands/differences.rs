//! The differences between a published close and the same close derived again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::compared_cells::compared_cells;
use super::derive_older::other_time_zones;
use crate::pipeline::{PDF_ARCHIVE, PDF_DIGESTS, listed_digests};
use crate::publish::archived_files;
use crate::register::{Close, MANIFEST, Manifest, OutputFile};
use crate::render::SAME_WORDS_SINCE;
use crate::render::pdf::text_of;
use crate::table::parquet::StateTable;

/// Whether equal documents have equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rendered {
    /// The same version wrote both.
    Alike,
    /// Another version wrote the published close.
    Otherwise(u32),
}

impl Rendered {
    pub(super) fn of(published: &Manifest, derived: &Manifest) -> Self {
        if published.rendering == derived.rendering {
            Self::Alike
        } else {
            Self::Otherwise(published.rendering)
        }
    }
}

/// The differences of one close.
pub(super) struct Differences<'c> {
    close: &'c Close,
    /// The files that differ.
    pub(super) files: Vec<String>,
    /// What differs, for people.
    pub(super) findings: Vec<String>,
    /// What could not be compared.
    pub(super) notes: Vec<String>,
    /// Whether the next close may begin from the state.
    pub(super) is_state_sound: bool,
}

/// Programs and time zones may be newer than those of a close.
const MAY_DIFFER: [&str; 4] = ["format", "tool", "time_zones", "rendering"];

impl<'c> Differences<'c> {
    /// Compares the manifests, except for the content of files.
    pub(super) fn of_manifests(close: &'c Close, derived: &Manifest) -> Self {
        let mut found = Self {
            close,
            files: Vec::new(),
            findings: Vec::new(),
            notes: other_time_zones(close).into_iter().collect(),
            is_state_sound: true,
        };
        let published = &close.manifest;
        let without_files = |manifest: &Manifest| {
            let mut value = serde_json::to_value(manifest).unwrap_or_default();
            if let Some(fields) = value.as_object_mut() {
                fields.retain(|key, _| key != "outputs" && !MAY_DIFFER.contains(&&**key));
            }
            value
        };
        if let Some(difference) = of_values(&without_files(published), &without_files(derived), "")
        {
            found.say(MANIFEST, &difference);
        }
        let (was, is) = (digests(&published.outputs), digests(&derived.outputs));
        let paths: BTreeSet<&str> = was.keys().copied().chain(is.keys().copied()).collect();
        for path in paths {
            match (was.get(path), is.get(path)) {
                (Some(one), Some(other)) if one == other => {}
                (Some(_), Some(_)) => found.files.push(path.to_owned()),
                (Some(_), None) => found.say(path, "the inputs do not give such a file"),
                (None, _) => found.say(path, "the inputs give such a file, and it is missing"),
            }
        }
        found
    }

    /// Names the first difference in each file that differs.
    pub(super) fn compare_files(&mut self, derived: &Path, rendered: Rendered) {
        for path in std::mem::take(&mut self.files) {
            self.compare_file(&path, derived, rendered);
        }
    }

    fn compare_file(&mut self, path: &str, derived: &Path, rendered: Rendered) {
        if path == PDF_DIGESTS {
            return self.compare_pdfs(derived, rendered);
        }
        if path == PDF_ARCHIVE {
            return self.compare_archives(derived, rendered);
        }
        let (was, is) = (self.close.path.join(path), derived.join(path));
        let extension = Path::new(path).extension().and_then(|it| it.to_str());
        let (content, difference) = match extension {
            Some("parquet") => (true, of_state(&was, &is)),
            Some("csv") if rendered != Rendered::Alike => (true, of_tables(&was, &is)),
            Some("csv" | "json") => (true, of_texts(&was, &is)),
            Some("html") => (false, of_texts(&was, &is)),
            _ => (false, None),
        };
        match (difference, rendered) {
            (Some(difference), Rendered::Alike) => self.say(path, &difference),
            (Some(difference), Rendered::Otherwise(_)) if content => self.say(path, &difference),
            (None, Rendered::Alike) => self.say(path, "other bytes than the inputs give"),
            (None, Rendered::Otherwise(_)) if content => {}
            (_, Rendered::Otherwise(version)) => self.note_other(path, version),
        }
    }

    /// Compares the documents that are files of their own.
    fn compare_pdfs(&mut self, derived: &Path, rendered: Rendered) {
        let read = |folder: &Path| fs::read_to_string(folder.join(PDF_DIGESTS)).unwrap_or_default();
        let (was, is) = (read(&self.close.path), read(derived));
        let listed = |list| listed_digests(list).collect::<BTreeMap<&str, &str>>();
        let (was, is) = (listed(&was), listed(&is));
        let paths: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
        for path in paths.into_iter().filter(|path| was.get(path) != is.get(path)) {
            match (was.contains_key(path), is.contains_key(path)) {
                (true, true) => {
                    let read = |folder: &Path| fs::read(folder.join(path)).ok();
                    // PDFs of an archive are compared with it.
                    if let Some((was, is)) = read(&self.close.path).zip(read(derived)) {
                        self.compare_document(path, &was, &is, rendered);
                    }
                }
                (true, false) => self.say(path, "the inputs do not give such a document"),
                (false, _) => self.say(path, "the inputs give such a document, and it is missing"),
            }
        }
    }

    fn compare_archives(&mut self, derived: &Path, rendered: Rendered) {
        let read = |folder: &Path| archived_files(&folder.join(PDF_ARCHIVE));
        let (was, is) = (read(&self.close.path), read(derived));
        let (Ok(mut was), Ok(mut is)) = (was, is) else {
            return self.say(PDF_ARCHIVE, "other bytes than the inputs give");
        };
        let before = self.findings.len();
        loop {
            match (was.next(), is.next()) {
                (Some(Ok((path, was))), Some(Ok((other, is)))) if path == other => {
                    if was != is {
                        self.compare_document(
                            &format!("{PDF_ARCHIVE}/{path}"),
                            &was,
                            &is,
                            rendered,
                        );
                    }
                }
                (None, None) => break,
                _ => return self.say(PDF_ARCHIVE, "has other files than the inputs give"),
            }
        }
        if self.findings.len() == before && rendered == Rendered::Alike {
            self.say(PDF_ARCHIVE, "other bytes than the inputs give");
        }
    }

    /// Compares a PDF or an e-invoice.
    fn compare_document(&mut self, path: &str, was: &[u8], is: &[u8], rendered: Rendered) {
        let is_xml = Path::new(path).extension().is_some_and(|it| it == "xml");
        if let (true, Rendered::Otherwise(version)) = (is_xml, rendered) {
            return self.note_other("the XML of e-invoices", version);
        }
        match (text_of(was).zip(text_of(is)), rendered) {
            (Some((was, is)), Rendered::Otherwise(version)) if version < SAME_WORDS_SINCE => {
                if let Some(amount) = unknown_amount(&was, &is) {
                    self.say(path, &format!("says {amount}, and the inputs do not give that"));
                }
                self.note_other("the wording of PDFs", version);
            }
            (Some((was, is)), _) if was != is => {
                let (was, is) = (was.join("\n"), is.join("\n"));
                let difference = of_lines(was.lines(), is.lines());
                self.say(path, &difference.unwrap_or_else(|| "has another text".to_owned()));
            }
            (Some(_), Rendered::Otherwise(version)) => {
                self.note_other("the look of PDFs", version);
            }
            (None, Rendered::Otherwise(_)) => self.say(path, "is no PDF of prorata"),
            (_, Rendered::Alike) => self.say(path, "other bytes than the inputs give"),
        }
    }

    fn say(&mut self, path: &str, difference: &str) {
        self.is_state_sound &= !path.starts_with("state/");
        self.findings.push(format!("{}: {difference}", self.close.path.join(path).display()));
    }

    fn note_other(&mut self, what: &str, version: u32) {
        let close = &self.close.manifest.close;
        let note = format!(
            "{close}: {what} was not compared, because version {version} of the rendering wrote it"
        );
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

fn digests(files: &[OutputFile]) -> BTreeMap<&str, &str> {
    files.iter().map(|file| (&*file.path, &*file.sha256)).collect()
}

/// The first amount or quantity of a document that the other one does not have. Zero says nothing.
fn unknown_amount<'t>(was: &'t [String], is: &[String]) -> Option<&'t str> {
    let known: BTreeSet<&str> =
        is.iter().flat_map(|page| page.lines()).filter_map(amount_in).collect();
    let mut said = was.iter().flat_map(|page| page.lines()).filter_map(amount_in);
    said.find(|amount| !known.contains(amount))
}

/// The number of a text that is nothing but one, with or without its currency. Its sign is left out,
/// because words may say it.
fn amount_in(text: &str) -> Option<&str> {
    let number = text.trim_matches(|it: char| !it.is_ascii_digit());
    let is_part = |it: char| it.is_ascii_digit() || ".,'’ \u{a0}\u{202f}".contains(it);
    let (before, after) = text.split_once(number).filter(|_| !number.is_empty())?;
    let around = before.chars().chain(after.chars());
    let around = around.filter(|it| !it.is_whitespace() && !matches!(it, '-' | '\u{2212}'));
    let is_zero = !number.contains(|it: char| matches!(it, '1'..='9'));
    (!is_zero && around.count() <= 3 && number.chars().all(is_part)).then_some(number)
}

/// The first difference between two JSON values.
fn of_values(was: &Value, is: &Value, place: &str) -> Option<String> {
    let within =
        |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => {
            let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
            let value = |fields: &serde_json::Map<String, Value>, key: &str| {
                fields.get(key).cloned().unwrap_or_default()
            };
            keys.into_iter()
                .find_map(|key| of_values(&value(was, key), &value(is, key), &within(key)))
        }
        (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
            let mut pairs = was.iter().zip(is).enumerate();
            pairs.find_map(|(index, (was, is))| of_values(was, is, &within(&index.to_string())))
        }
        _ if was == is => None,
        _ => Some(format!("{place} is {was}, and the inputs give {is}")),
    }
}

/// The first difference between two texts, by line.
fn of_texts(was: &Path, is: &Path) -> Option<String> {
    let (was, is) = (fs::read_to_string(was).ok()?, fs::read_to_string(is).ok()?);
    of_lines(was.lines(), is.lines())
}

/// The first difference between two tables, in the columns that the published one has. Later versions
/// append columns.
fn of_tables(was: &Path, is: &Path) -> Option<String> {
    let (was, is) = (fs::read(was).ok()?, fs::read(is).ok()?);
    let columns = csv::Reader::from_reader(&was[..]).headers().ok()?.len();
    // The subject of a message is wording.
    let lines = |table: &[u8]| -> Vec<String> {
        let rows = compared_cells(table, columns, |column| column != "subject");
        rows.iter().map(|row| row.join(",")).collect()
    };
    let (was, is) = (lines(&was), lines(&is));
    of_lines(was.iter().map(String::as_str), is.iter().map(String::as_str))
}

fn of_lines<'t>(
    was: impl Iterator<Item = &'t str>,
    is: impl Iterator<Item = &'t str>,
) -> Option<String> {
    let was = was.map(Some).chain(std::iter::repeat(None));
    let is = is.map(Some).chain(std::iter::repeat(None));
    let pairs = was.zip(is).zip(1..).take_while(|((was, is), _)| was.is_some() || is.is_some());
    let mut differing = pairs.filter(|((was, is), _)| was != is);
    let ((was, is), line) = differing.next()?;
    let alike = was.zip(is).map_or(0, |(was, is)| {
        was.chars().zip(is.chars()).take_while(|(was, is)| was == is).count()
    });
    let shown = |text: Option<&str>| text.map_or("no line".to_owned(), |text| around(text, alike));
    Some(format!("line {line} is {}, and the inputs give {}", shown(was), shown(is)))
}

/// The part of a line where a difference begins.
fn around(line: &str, place: usize) -> String {
    const BEFORE: usize = 30;
    const AFTER: usize = 60;
    let first = place.saturating_sub(BEFORE);
    let part: String = line.chars().skip(first).take(BEFORE + AFTER).collect();
    let before = if first > 0 { "…" } else { "" };
    let after = if line.chars().count() > first + BEFORE + AFTER { "…" } else { "" };
    format!("{:?}", format!("{before}{part}{after}"))
}

/// The first difference between two state files, by column and row.
fn of_state(was: &Path, is: &Path) -> Option<String> {
    let (was, is) = (StateTable::read(was), StateTable::read(is));
    let (was, is) = match (was, is) {
        (Ok(was), Ok(is)) => (was, is),
        (Err(error), _) | (_, Err(error)) => return Some(error.to_string()),
    };
    was.first_difference(&is)
}
