//! `problems.csv`: all problems of the input, to be corrected with a spreadsheet.

use std::borrow::Cow;

use super::table;
use crate::problem::Problem;
use crate::table::text_cell;

pub(crate) const COLUMNS: [&str; 6] = ["file", "line", "column", "value", "rule", "hint"];

pub(crate) fn problems_csv(problems: &[Problem]) -> Vec<u8> {
    table(COLUMNS, problems.iter().map(row))
}

fn row(problem: &Problem) -> [Cow<'_, str>; 6] {
    [
        text_cell(&problem.file),
        problem.line.map_or(Cow::Borrowed(""), |line| Cow::Owned(line.to_string())),
        Cow::Borrowed(problem.column.unwrap_or_default()),
        problem.value.as_deref().map_or(Cow::Borrowed(""), text_cell),
        text_cell(&problem.rule),
        text_cell(&problem.hint),
    ]
}
