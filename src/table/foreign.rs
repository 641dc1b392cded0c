//! Reports columns of a table that are not read. Such a column may decide a bill, so billing.toml
//! must allow it. Each file gets one problem, with a line for billing.toml.

use std::collections::{BTreeMap, BTreeSet};

use super::meanings::decisive;
use crate::config::InputSettings;
use crate::problem::Problem;

/// The unknown columns of a file, except those that billing.toml allows.
#[derive(Debug)]
pub(crate) struct Foreign {
    /// The file, as messages name it.
    pub(crate) file: String,
    /// The table, as billing.toml names it.
    pub(crate) table: &'static str,
    /// The names, each with the column that it may mean.
    pub(crate) names: Vec<(String, Option<&'static str>)>,
}

/// The names by table, as in `ignore`.
type Ignore<'a> = BTreeMap<&'a str, BTreeSet<String>>;

/// The problems of all files. The line to paste is the same for all of them.
pub(crate) fn problems(foreign: &[Foreign], settings: &InputSettings) -> Vec<Problem> {
    let mut harmless: Ignore<'_> = BTreeMap::new();
    for (table, names) in &settings.ignore {
        harmless.entry(table).or_default().extend(names.iter().cloned());
    }
    for Foreign { table, names, .. } in foreign {
        let names = names.iter().filter(|(name, _)| decisive(table, name).is_none());
        harmless.entry(table).or_default().extend(names.map(|(name, _)| name.clone()));
    }
    let mut all = harmless.clone();
    for Foreign { table, names, .. } in foreign {
        let list = all.entry(table).or_default();
        for (name, _) in names.iter().filter(|(name, _)| decisive(table, name).is_some()) {
            list.remove(name);
            list.insert(format!("!{name}"));
        }
    }
    let (harmless, all) = (line(&harmless), line(&all));
    let of_file = |file: &Foreign| [file.harmless(&harmless), file.decisive(&all)];
    foreign.iter().flat_map(of_file).flatten().collect()
}

/// The line for billing.toml.
fn line(ignore: &Ignore<'_>) -> String {
    let quoted = |name: &String| toml::Value::String(name.clone()).to_string();
    let lists = ignore.iter().filter(|(_, names)| !names.is_empty()).map(|(table, names)| {
        let names: Vec<String> = names.iter().map(quoted).collect();
        format!("{table} = [{}]", names.join(", "))
    });
    format!("ignore = {{ {} }}", lists.collect::<Vec<_>>().join(", "))
}

/// A name, and the column that it may mean.
type ForeignColumn = (String, Option<&'static str>);

impl Foreign {
    fn harmless(&self, line: &str) -> Option<Problem> {
        let names: Vec<&ForeignColumn> =
            self.names.iter().filter(|(name, _)| decisive(self.table, name).is_none()).collect();
        let rule = format!("has columns that are not read: {}", list(&names)?);
        let hint = match renamed(&names) {
            Some(rename) => format!("{rename}; remove what is left"),
            None => "remove them".to_owned(),
        };
        Some(self.problem(rule, format!("{hint}, or write under [input] in billing.toml: {line}")))
    }

    fn decisive(&self, line: &str) -> Option<Problem> {
        let names = self.names.iter();
        let names = names.filter_map(|name| Some((name, decisive(self.table, &name.0)?)));
        let mut by_remedy: Vec<(&str, Vec<&ForeignColumn>)> = Vec::new();
        for (name, remedy) in names {
            match by_remedy.iter_mut().find(|(known, _)| *known == remedy) {
                Some((_, names)) => names.push(name),
                None => by_remedy.push((remedy, vec![name])),
            }
        }
        let names: Vec<&ForeignColumn> =
            by_remedy.iter().flat_map(|(_, names)| names).copied().collect();
        let rule =
            format!("has columns that usually decide a bill and are not read: {}", list(&names)?);
        let remedy = |(remedy, names): &(&str, Vec<&ForeignColumn>)| {
            let rename = renamed(names).map_or_else(String::new, |rename| format!(" ({rename})"));
            format!("{}: {remedy}{rename}; ", list(names).unwrap_or_default())
        };
        let remedies: String = by_remedy.iter().map(remedy).collect();
        let hint = format!(
            "{remedies}then remove the columns, or, if they change no bill, write under [input] in \
             billing.toml: {line}"
        );
        Some(self.problem(rule, hint))
    }

    fn problem(&self, rule: String, hint: String) -> Problem {
        let file = self.file.clone();
        Problem { file, line: Some(1), column: None, value: None, rule, hint }
    }
}

/// Lists the names, if any.
fn list(names: &[&ForeignColumn]) -> Option<String> {
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Lists the names that may mean a known column.
fn renamed(names: &[&ForeignColumn]) -> Option<String> {
    let renamed = names.iter().filter_map(|(name, column)| Some((name, (*column)?)));
    let renamed: Vec<String> =
        renamed.map(|(name, column)| format!("{name:?} to {column}")).collect();
    (!renamed.is_empty()).then(|| format!("rename {} if that is meant", renamed.join(", ")))
}
