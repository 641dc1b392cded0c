//! The names that columns have in a file, where billing.toml says so.

use super::column::Column;
use super::form::is_of;
use crate::config::InputSettings;
use crate::problem::Problems;

/// A column: its name here, and in the file.
pub(crate) type NamedColumn<'a> = (&'static str, &'a str);

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
        let names = settings.columns.iter().filter(|(table, _)| is_of(&problem.file, table));
        let name = names.filter_map(|(_, names)| names.get(column)).next();
        let Some(name) = name.filter(|name| **name != column) else { continue };
        let note = format!("the file calls {column} {name:?}");
        if !problem.hint.ends_with(&note) {
            problem.hint = format!("{}; {note}", problem.hint);
        }
    }
}
