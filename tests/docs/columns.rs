//! docs/files.md and the code name the same tables with the same columns.

use std::collections::BTreeSet;
use std::fs;

use prorata::input;
use prorata::render::csv;

fn files_page() -> String {
    read("files")
}

fn read(page: &str) -> String {
    let path = format!("{}/docs/{page}.md", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("a page")
}

/// The part of a page that begins with a text, to the next heading.
fn part<'a>(page: &'a str, start: &str) -> &'a str {
    let begin = page.find(start).unwrap_or_else(|| panic!("{start} is not described"));
    let rest = &page[begin + start.len()..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// Names in backticks, with whether a star follows.
fn names(text: &str) -> Vec<(&str, bool)> {
    let pieces: Vec<&str> = text.split('`').collect();
    let names = pieces.iter().skip(1).step_by(2).zip(pieces.iter().skip(2).step_by(2));
    names.map(|(name, after)| (*name, after.starts_with('*'))).collect()
}

/// The columns that a description of an input table names, required ones with a star: the first
/// cells of its table, or, where it is a paragraph, the words that look like columns.
fn described<'a>(file: &str, page: &'a str) -> BTreeSet<(&'a str, bool)> {
    let heading = format!("\n## {file}\n");
    if page.contains(&heading) && part(page, &heading).contains("| column |") {
        let rows = part(page, &heading).lines().filter_map(|line| line.strip_prefix("| "));
        let cells = rows.filter_map(|row| row.split(" |").next());
        return cells.flat_map(names).collect();
    }
    let start = if page.contains(&heading) { heading } else { format!("**{file}**") };
    let text = part(page, &start);
    let paragraph = text.trim_start().split("\n\n").next().unwrap_or_default();
    let named = names(paragraph);
    // A column may be named again where its star is not repeated.
    let is_required = |name: &str| named.contains(&(name, true));
    let columns = named.iter().filter(|(name, _)| !name.contains([' ', '.']));
    columns.map(|(name, _)| (*name, is_required(name))).collect()
}

#[test]
fn every_column_that_is_read_is_described_and_none_besides() {
    let page = files_page();
    for (file, columns) in input::tables() {
        let known: BTreeSet<(&str, bool)> =
            columns.iter().map(|column| (column.name, column.required)).collect();
        let described = described(file, &page);
        let missing: Vec<_> = known.difference(&described).collect();
        let unknown: Vec<_> = described.difference(&known).collect();
        assert!(missing.is_empty(), "{file}: not in docs/files.md: {missing:?}");
        assert!(unknown.is_empty(), "{file}: only in docs/files.md: {unknown:?}");
    }
}

/// Columns as a page lists them: one list in backticks, over lines.
fn listed<'a>(page: &'a str, start: &str) -> Vec<&'a str> {
    let text = part(page, start);
    let lists = text.split('`').skip(1).step_by(2).filter(|code| code.contains(", "));
    let list = lists.max_by_key(|code| code.len()).unwrap_or_default();
    list.split(',').map(str::trim).collect()
}

#[test]
fn every_column_that_is_written_is_listed_in_its_place() {
    let (files, payments) = (files_page(), read("payments"));
    let tables: [(&str, &str, &[&str]); 7] = [
        (&files, "\n## Output: invoices.csv\n", &csv::INVOICE_COLUMNS),
        (&files, "\n## Output: invoice_lines.csv\n", &csv::LINE_COLUMNS),
        (&files, "\n## Output: invoice_taxes.csv\n", &csv::TAX_COLUMNS),
        (&payments, "**payments_applied.csv**", &csv::ALLOCATION_COLUMNS),
        (&payments, "**receivables.csv**", &csv::RECEIVABLE_COLUMNS),
        (&files, "**journal.csv**", &csv::JOURNAL_COLUMNS),
        (&files, "**revenue_schedule.csv**", &csv::SCHEDULE_COLUMNS),
    ];
    for (page, start, columns) in tables {
        let text = part(page, start);
        let paragraph_end = text.trim_start().find("\n\n**").unwrap_or(text.trim_start().len());
        let paragraph = format!("{start}{}", &text.trim_start()[..paragraph_end]);
        assert_eq!(listed(&paragraph, start), columns, "{start}");
    }
}
