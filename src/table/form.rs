//! The forms of a table in the input folder: CSV, compressed CSV and Parquet.
//!
//! Elsewhere a table has the name of its plain form, `changes.csv`. Here that name becomes the name
//! of the actual file, which messages and the manifest use. Two forms of one table are refused,
//! because either could be the right one.

use std::path::Path;

use super::record::LineNumbering;

/// The form of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileForm {
    Csv,
    Gzip,
    Zstd,
    Parquet,
}

impl FileForm {
    /// The unit of its line numbers. Parquet files have no lines.
    pub(crate) fn numbering(self) -> LineNumbering {
        if self == Self::Parquet { LineNumbering::Rows } else { LineNumbering::Lines }
    }
}

/// The file extension of each form.
const ENDINGS: [(FileForm, &str); 4] = [
    (FileForm::Csv, ".csv"),
    (FileForm::Gzip, ".csv.gz"),
    (FileForm::Zstd, ".csv.zst"),
    (FileForm::Parquet, ".parquet"),
];

/// The files of the folder that hold a table, by name.
pub(crate) fn forms(input: &Path, table: &str) -> Vec<(FileForm, String)> {
    let names = ENDINGS.map(|(form, ending)| (form, format!("{}{ending}", stem(table))));
    let is_there = |name: &str| input.join(name).symlink_metadata().is_ok();
    names.into_iter().filter(|(_, name)| is_there(name)).collect()
}

/// A file that looks like a table but is not read.
#[derive(Debug)]
pub(crate) struct Lookalike {
    /// Its name.
    pub(crate) name: String,
    /// The remedy.
    pub(crate) hint: String,
}

/// The extensions of spreadsheets.
const SPREADSHEETS: [&str; 6] = [".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"];
const OTHERS: [&str; 15] = [
    ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".zip", ".csv.zip", ".csv.bz2",
    ".csv.xz", ".csv.7z", ".avro", ".orc", ".feather",
];
/// The names of copies of a plain table.
const COPIES: [&str; 5] = [".csv.csv", ".csv.txt", " (1).csv", " (2).csv", " - copy.csv"];

/// A file that was probably meant as the missing table.
pub(crate) fn lookalike(input: &Path, table: &str) -> Option<Lookalike> {
    let entries = input.read_dir().ok()?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<Lookalike> =
        names.filter_map(|name| Some(Lookalike { hint: advice(&name, table)?, name })).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found.into_iter().next()
}

fn advice(name: &str, table: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let ending = lower.strip_prefix(stem(table))?;
    if SPREADSHEETS.contains(&ending) {
        return Some(format!("save {name} as CSV UTF-8, under the name {table}"));
    }
    if OTHERS.contains(&ending) {
        return Some(format!("write {table} instead, or one of its forms in docs/files.md"));
    }
    let is_form = ENDINGS.iter().any(|(_, known)| *known == ending);
    (is_form || COPIES.contains(&ending))
        .then(|| format!("rename {name} to {}", if is_form { &lower } else { table }))
}

/// The name of an input file in messages: the name of the actual file, if there is one.
pub(crate) fn display_name(input: &Path, file: &str) -> String {
    let name = match &forms(input, file)[..] {
        [(_, only)] => only.clone(),
        _ => file.to_owned(),
    };
    input.join(name).display().to_string()
}

/// Whether a message that names this file concerns this table, in any form.
pub(crate) fn is_of(file: &str, table: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let ending = name.strip_prefix(stem(table));
    ending.is_some_and(|ending| ENDINGS.iter().any(|(_, known)| *known == ending))
}

/// The name of a table without its extension.
pub(crate) fn stem(table: &str) -> &str {
    table.strip_suffix(".csv").unwrap_or(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_as_it_lies_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let shown = |table: &str| {
            let name = display_name(folder.path(), table);
            name.rsplit('/').next().map(ToOwned::to_owned)
        };
        assert_eq!(shown("changes.csv").as_deref(), Some("changes.csv"));
        std::fs::write(folder.path().join("changes.csv.gz"), "").expect("a file");
        assert_eq!(shown("changes.csv").as_deref(), Some("changes.csv.gz"));
        std::fs::write(folder.path().join("changes.parquet"), "").expect("a file");
        assert_eq!(shown("changes.csv").as_deref(), Some("changes.csv"));
    }

    #[test]
    fn a_table_is_known_in_every_form() {
        for file in ["input/prices.csv", "prices.csv.gz", "a/prices.csv.zst", "/prices.parquet"] {
            assert!(is_of(file, "prices.csv"), "{file}");
        }
        for file in ["old-prices.csv", "prices.csv.bz2", "prices", "billing.toml"] {
            assert!(!is_of(file, "prices.csv"), "{file}");
        }
    }
}
