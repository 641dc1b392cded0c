//! The names that columns have in a file, where billing.toml says so.

use std::collections::BTreeMap;

use super::column::Column;
use super::form::is_of;
use crate::config::InputSettings;
use crate::problem::Problems;

/// A column: its name here, and in the file.
pub(crate) type NamedColumn<'a> = (&'static str, &'a str);

/// Why billing.toml cannot give a column a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameFlaw<'a> {
    /// The table has no such column here.
    Unknown,
    Blank,
    /// Another column has the same name.
    Doubled(&'a str),
    /// It is the name of a column here, which has none of its own there.
    Taken,
}

/// Why a table cannot have a column of this name here and that name there, given all names there.
pub(crate) fn name_flaw<'a>(
    columns: &[Column],
    names: &'a BTreeMap<String, String>,
    (ours, theirs): (&str, &str),
) -> Option<NameFlaw<'a>> {
    let is_known = |name: &str| columns.iter().any(|column| column.name == name);
    if !is_known(ours) {
        return Some(NameFlaw::Unknown);
    }
    if theirs.trim().is_empty() {
        return Some(NameFlaw::Blank);
    }
    let first = names.iter().find(|(_, name)| *name == theirs);
    if let Some((other, _)) = first.filter(|(name, _)| name.as_str() < ours) {
        return Some(NameFlaw::Doubled(other));
    }
    let is_taken = theirs != ours && is_known(theirs) && !names.contains_key(theirs);
    is_taken.then_some(NameFlaw::Taken)
}

/// The names of the columns of a table in its file.
pub(crate) fn names_in_file<'a>(
    columns: &'a [Column],
    settings: &'a InputSettings,
    table: &str,
) -> Vec<NamedColumn<'a>> {
    let theirs = |ours| settings.columns_of(table).find(|(name, _)| *name == ours);
    let name = |column: &'a Column| theirs(column.name).map_or(column.name, |(_, name)| name);
    columns.iter().map(|column| (column.name, name(column))).collect()
}

/// Adds to problems what the file calls their columns.
pub(crate) fn name_as_files_do(problems: &mut Problems, settings: &InputSettings) {
    if settings.columns.is_empty() {
        return;
    }
    for problem in problems.kept_mut() {
        let Some(column) = problem.column.filter(|_| problem.line != Some(1)) else { continue };
        let mut names = settings.columns.iter().filter(|(table, _)| is_of(&problem.file, table));
        let name = names.find_map(|(_, names)| names.get(column));
        let Some(name) = name.filter(|name| **name != column) else { continue };
        let note = format!("the file calls {column} {name:?}");
        if !problem.hint.ends_with(&note) {
            problem.hint = format!("{}; {note}", problem.hint);
        }
    }
}
