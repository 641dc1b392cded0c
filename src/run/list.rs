//! Lists that commands print: aligned columns for people, CSV and JSON for programs.

use std::fmt::Write as _;
use std::ops::Range;

use clap::ValueEnum;
use serde::Serialize;

/// How a list is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Aligned columns for people.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

/// Rows in aligned columns, each row a line. The columns in `amounts` stand to the right, so that
/// their digits do.
pub fn align<const N: usize>(rows: &[[String; N]], amounts: Range<usize>) -> String {
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if amounts.contains(&column) {
                format!("{cell:>width$}")
            } else {
                format!("{cell:width$}")
            }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

/// A header and a row for each entry, whose fields are in the order of the columns.
pub fn csv_text(columns: &[&str], entries: &[impl Serialize]) -> String {
    const INFALLIBLE: &str = "writing to memory does not fail";
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(columns).expect(INFALLIBLE);
    for entry in entries {
        writer.serialize(entry).expect(INFALLIBLE);
    }
    String::from_utf8(writer.into_inner().expect(INFALLIBLE)).expect("entries are UTF-8")
}

/// JSON, for people to read as well.
pub fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("lists are texts by name") + "\n"
}

/// Rows in columns that all stand to the right, set in a little.
pub fn indented<const N: usize>(rows: &[[String; N]]) -> String {
    align(rows, 0..N).lines().fold(String::new(), |text, line| text + "  " + line + "\n")
}

/// A label and amounts in every row, amounts below each other, set in a little.
pub fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.trim_start().chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        // A label on a new line begins another sum.
        let (gap, row) = match row.split_first() {
            Some((label, rest)) if label.starts_with('\n') => {
                let label = label.trim_start().to_owned();
                ("\n", [&[label], rest].concat())
            }
            _ => ("", row.clone()),
        };
        text.push_str(gap);
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        let _ = writeln!(text, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}
