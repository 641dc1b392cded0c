//! The formats of lists: aligned columns for people, CSV and JSON for programs.

use std::fmt::Write as _;
use std::ops::Range;

use clap::ValueEnum;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use crate::value::{visible_json, visible_line};

/// The format of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// Aligned columns for people.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

/// Aligns rows in columns, one line per row; an empty row becomes an empty line. The columns in
/// `amounts` are right-aligned. No cell leaves its line.
pub(crate) fn align(rows: &[impl AsRef<[String]>], amounts: Range<usize>) -> String {
    let cells = |row: &[String]| row.iter().map(|cell| visible_line(cell).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row.as_ref())).collect();
    let mut widths: Vec<usize> = Vec::new();
    for cells in &rows {
        widths.resize(widths.len().max(cells.len()), 0);
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            // Wide characters take two columns and marks take none, so characters cannot be
            // counted.
            let blanks = " ".repeat(width - cell.width());
            if amounts.contains(&column) { blanks + cell } else { cell.clone() + &blanks }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

/// A header, and a row for each entry. The entry's fields must be in the order of the columns.
pub(crate) fn csv_text(columns: &[&str], entries: &[impl Serialize]) -> String {
    const INFALLIBLE: &str = "writing to memory does not fail";
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(columns).expect(INFALLIBLE);
    for entry in entries {
        writer.serialize(entry).expect(INFALLIBLE);
    }
    String::from_utf8(writer.into_inner().expect(INFALLIBLE)).expect("entries are UTF-8")
}

/// Indented JSON.
pub(crate) fn json_text(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value).expect("lists are texts by name");
    visible_json(&json).into_owned() + "\n"
}

/// Like [`align`], but indented.
pub(crate) fn indented(rows: &[impl AsRef<[String]>], amounts: Range<usize>) -> String {
    let table = align(rows, amounts);
    let lines = table.lines().map(|line| if line.is_empty() { "\n" } else { line });
    lines.fold(String::new(), |text, line| match line {
        "\n" => text + line,
        line => text + "  " + line + "\n",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_names_are_written_in() {
        let rows = [
            ["account", "name", "total"],
            ["a", "株式会社ノート", "1.00"],
            ["b", "Zoe\u{308} & Café", "20.00"],
            ["c", "ميسا", "3.00"],
        ];
        let rows = rows.map(|row| row.map(str::to_owned));
        let text = align(&rows, 2..3);
        let widths: Vec<usize> = text.lines().map(unicode_width::UnicodeWidthStr::width).collect();
        assert_eq!(widths, [30; 4], "{text}");
        assert!(text.ends_with("c        ميسا             3.00\n"), "{text}");
    }
}
