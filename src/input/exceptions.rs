//! Checks the `[input]` table of billing.toml, because only the readers know the tables and columns
//! that it names.

use std::path::Path;

use super::tables;
use crate::config::{self, InputSettings};
use crate::problem::Problem;
use crate::table::{Column, display_name, stem};

/// Finds every exception that can never apply.
pub(crate) fn problems(settings: &InputSettings, input: &Path) -> Vec<Problem> {
    let literal = settings.literal.iter().filter_map(|name| literal_flaw(name));
    let ignore = settings.ignore.iter().flat_map(|(table, names)| ignore_flaws(table, names));
    let file = display_name(input, config::FILE_NAME);
    let problem = |(key, value, rule, hint): ExceptionFlaw| Problem {
        file: file.clone(),
        line: None,
        column: Some(key),
        value: Some(value),
        rule,
        hint,
    };
    literal.chain(ignore).map(problem).collect()
}

/// Key, value, rule and remedy.
type ExceptionFlaw = (&'static str, String, String, String);

fn literal_flaw(name: &str) -> Option<ExceptionFlaw> {
    let flaw =
        |rule: &str, hint: String| Some(("input.literal", name.to_owned(), rule.to_owned(), hint));
    let Some((table, column)) = name.split_once('.') else {
        let hint = "write the table and the column, such as accounts.name".to_owned();
        return flaw("names no column of a table", hint);
    };
    match columns(table) {
        None => flaw("names a table that is not known here", known_tables()),
        Some(columns) if columns.iter().all(|known| known.name != column) => {
            let names: Vec<&str> = columns.iter().map(|known| known.name).collect();
            flaw(
                "names a column that is not known here",
                format!("write one of {}", names.join(", ")),
            )
        }
        Some(_) => None,
    }
}

fn ignore_flaws(table: &str, names: &[String]) -> Vec<ExceptionFlaw> {
    let Some(columns) = columns(table) else {
        let rule = "is not a table known here".to_owned();
        return vec![("input.ignore", table.to_owned(), rule, known_tables())];
    };
    let is_known = |name: &&String| {
        let name = name.strip_prefix('!').unwrap_or(name);
        columns.iter().any(|column| column.name == name)
    };
    let flaw = |name: &String| {
        let hint = "take it out of the list: only columns that are not read can be ignored";
        let rule = format!("is a column of {table}.csv that is read");
        ("input.ignore", name.clone(), rule, hint.to_owned())
    };
    names.iter().filter(is_known).map(flaw).collect()
}

fn columns(table: &str) -> Option<&'static [Column]> {
    tables().into_iter().find(|(name, _)| stem(name) == table).map(|(_, columns)| columns)
}

fn known_tables() -> String {
    let names: Vec<&str> = tables().iter().map(|(name, _)| stem(name)).collect();
    format!("the tables are {}", names.join(", "))
}
