//! Checks the `[input]` table of billing.toml, because only the readers know the tables and columns
//! that it names.

use std::collections::BTreeMap;
use std::path::Path;

use super::tables;
use crate::config::{self, InputSettings};
use crate::problem::{Problem, nearest};
use crate::table::{Column, NameFlaw, display_name, name_flaw, stem};

/// Finds every setting that can never apply.
pub(crate) fn problems(settings: &InputSettings, input: &Path) -> Vec<Problem> {
    let literal = settings.literal.iter().filter_map(|name| literal_flaw(name));
    let ignore =
        settings.ignore.iter().flat_map(|(table, names)| ignore_flaws(settings, table, names));
    let files = settings.tables_of_their_own().filter_map(file_flaw);
    let names = settings.columns.iter().flat_map(|(table, names)| name_flaws(table, names));
    let words = settings.values.iter().flat_map(|(column, words)| word_flaws(column, words));
    let file = display_name(input, config::FILE_NAME);
    let problem = |flaw: SettingFlaw| {
        let path: Vec<&str> = flaw.key.split('.').chain(flaw.path.iter().map(|it| &**it)).collect();
        Problem {
            file: file.clone(),
            line: config::line_of_key(input, &path),
            column: Some(flaw.key),
            value: Some(flaw.value),
            rule: flaw.rule,
            hint: flaw.hint,
        }
    };
    literal.chain(ignore).chain(files).chain(names).chain(words).map(problem).collect()
}

/// A setting that can never apply.
struct SettingFlaw {
    key: &'static str,
    /// The keys within it.
    path: Vec<String>,
    value: String,
    rule: String,
    hint: String,
}

impl SettingFlaw {
    fn new(
        key: &'static str,
        value: &str,
        rule: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let (value, rule, hint) = (value.to_owned(), rule.into(), hint.into());
        Self { key, path: Vec::new(), value, rule, hint }
    }

    fn at<const N: usize>(self, path: [&str; N]) -> Self {
        Self { path: path.map(str::to_owned).to_vec(), ..self }
    }
}

const UNKNOWN_TABLE: &str = "is not a table known here";

/// A dialect of a table that does not exist.
fn file_flaw(table: &str) -> Option<SettingFlaw> {
    let is_known = columns(table).is_some();
    let flaw = || SettingFlaw::new("input.files", table, UNKNOWN_TABLE, known_tables()).at([table]);
    (!is_known).then(flaw)
}

/// Names of columns that are unknown, doubled or ambiguous.
fn name_flaws(table: &str, names: &BTreeMap<String, String>) -> Vec<SettingFlaw> {
    const KEY: &str = "input.columns";
    let Some(columns) = columns(table) else {
        return vec![SettingFlaw::new(KEY, table, UNKNOWN_TABLE, known_tables()).at([table])];
    };
    let flaw = |(ours, theirs): (&String, &String)| {
        let (value, rule, hint) = match name_flaw(columns, names, (ours, theirs))? {
            NameFlaw::Unknown => {
                let rule = format!("is not a column of {table} known here");
                (ours, rule, known_columns(columns, ours))
            }
            NameFlaw::Blank => {
                let hint = "write the name as the header of the file has it".to_owned();
                (theirs, format!("is no name for {ours}"), hint)
            }
            NameFlaw::Doubled(other) => {
                let hint = "a column of the file is one column here: take one out".to_owned();
                (theirs, format!("is the name of {other} and of {ours}"), hint)
            }
            NameFlaw::Taken => {
                let rule =
                    format!("is a column of its own, and billing.toml says that it is {ours}");
                let hint = format!("say as well which column of the file is {theirs}");
                (theirs, rule, hint)
            }
        };
        Some(SettingFlaw::new(KEY, value, rule, hint).at([table, ours]))
    };
    names.iter().filter_map(flaw).collect()
}

/// Words for a column that does not exist, and words that would rename rows.
fn word_flaws(place: &str, words: &BTreeMap<String, String>) -> Vec<SettingFlaw> {
    const KEY: &str = "input.values";
    let of =
        |rule: String, hint: String| vec![SettingFlaw::new(KEY, place, rule, hint).at([place])];
    let (table, column) = place.split_once('.').unwrap_or((place, ""));
    let Some(columns) = columns(table) else {
        return of("names a table that is not known here".into(), known_tables());
    };
    let is_table = table == place;
    if !is_table && columns.iter().all(|known| known.name != column) {
        let rule = "names a column that is not known here".into();
        return of(rule, known_columns(columns, column));
    }
    if !is_table && !is_matched(table, column) {
        return Vec::new();
    }
    let flaw = |(theirs, ours): (&String, &String)| {
        let (rule, hint) = if is_table {
            let rule = format!("would be {ours:?} in every column");
            (rule, format!("write it for a column, as in [input.values.\"{table}.…\"]"))
        } else {
            let rule = format!("would be {ours:?}, but {column} is matched as the file has it");
            (rule, "ids stay as they are; they may only stand for nothing: \"\"".to_owned())
        };
        SettingFlaw::new(KEY, theirs, rule, hint).at([place, theirs])
    };
    words.iter().filter(|(_, ours)| !ours.is_empty()).map(flaw).collect()
}

/// Whether rows of files are matched by a column: its own id, and that of the account or subscription.
fn is_matched(table: &str, column: &str) -> bool {
    let own = match table {
        "accounts" => "account_id",
        "prices" => "price_id",
        "price_tiers" => "",
        "price_changes" => "price_change_id",
        "subscriptions" => "subscription_id",
        "changes" => "change_id",
        "discounts" => "discount_id",
        "adjustments" => "adjustment_id",
        "payments" => "payment_id",
        _ => "code",
    };
    [own, "account_id", "subscription_id"].contains(&column)
}

fn known_columns(columns: &[Column], met: &str) -> String {
    let names = columns.iter().map(|known| known.name);
    let list = names.clone().collect::<Vec<_>>().join(", ");
    match nearest(met, names) {
        Some(similar) => format!("write {similar} if that is meant; the columns are {list}"),
        None => format!("write one of {list}"),
    }
}

fn literal_flaw(name: &str) -> Option<SettingFlaw> {
    let flaw = |rule: &str, hint: String| Some(SettingFlaw::new("input.literal", name, rule, hint));
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

fn ignore_flaws(settings: &InputSettings, table: &str, names: &[String]) -> Vec<SettingFlaw> {
    const KEY: &str = "input.ignore";
    let Some(columns) = columns(table) else {
        return vec![SettingFlaw::new(KEY, table, UNKNOWN_TABLE, known_tables()).at([table])];
    };
    // A column that has another name in the file is not the one of its own name.
    let has_other_name = |name: &str| settings.columns_of(table).any(|(ours, _)| ours == name);
    let is_known = |name: &&String| {
        let name = name.strip_prefix('!').unwrap_or(name);
        columns.iter().any(|column| column.name == name) && !has_other_name(name)
    };
    let flaw = |name: &String| {
        let hint = "take it out of the list: only columns that are not read can be ignored";
        let rule = format!("is a column of {table}.csv that is read");
        SettingFlaw::new(KEY, name, rule, hint).at([table])
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
