//! Prints problems: the first ones, and the count of each kind.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::problem::Problem;

/// How many problems are printed. Longer lists usually repeat one mistake.
const SHOWN: usize = 50;

/// The problems as they are printed.
pub(crate) fn report(problems: &[Problem], listed: Option<&PathBuf>, note: Option<&str>) -> String {
    let note = note.map_or_else(String::new, |note| format!("; --withhold does not help: {note}"));
    format!("{}; nothing was published{note}", listing(problems, listed))
}

/// The first problems, and the total count.
pub(crate) fn listing(problems: &[Problem], listed: Option<&PathBuf>) -> String {
    let mut text = String::new();
    for problem in problems.iter().take(SHOWN) {
        let _ = writeln!(text, "{problem}");
    }
    let count = problems.len();
    let noun = if count == 1 { "problem" } else { "problems" };
    if count > SHOWN {
        text.push('\n');
        for (kind, count) in kinds(problems) {
            let _ = writeln!(text, "{count:>9} × {kind}");
        }
        let all =
            listed.map_or_else(String::new, |file| format!("; all are in {}", file.display()));
        let _ = writeln!(text, "\nthe first {SHOWN} are shown{all}");
    }
    let _ = write!(text, "{count} {noun}");
    text
}

/// How many problems there are of each kind, the most frequent first.
fn kinds(problems: &[Problem]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for problem in problems {
        *counts.entry(kind(problem)).or_default() += 1;
    }
    let mut kinds: Vec<(String, usize)> = counts.into_iter().collect();
    // A stable sort keeps kinds of equal count in alphabetical order.
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds
}

/// The file, column and rule, without the parts that differ by row: "input/changes.csv: at is not a
/// date or time".
fn kind(problem: &Problem) -> String {
    let mut words: Vec<&str> = problem.rule.split(' ').collect();
    for word in &mut words {
        if word.contains(|c: char| c.is_ascii_digit()) {
            *word = "…";
        }
    }
    let column = problem.column.map_or_else(String::new, |column| format!("{column} "));
    format!("{}: {column}{}", problem.file, words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: u64, rule: &str) -> Problem {
        Problem {
            file: "input/changes.csv".to_owned(),
            line: Some(line),
            column: Some("at"),
            value: Some("x".to_owned()),
            rule: rule.to_owned(),
            hint: "write a date".to_owned(),
        }
    }

    #[test]
    fn a_few_are_all_shown_and_nothing_else() {
        let text = report(&[problem(2, "is not a date or time")], None, None);
        assert_eq!(
            text,
            "error: input/changes.csv:2: at \"x\" is not a date or time\nhint: write a date\n\
             1 problem; nothing was published"
        );
    }

    #[test]
    fn of_many_the_first_are_shown_and_all_are_counted_by_kind() {
        let mut problems: Vec<Problem> =
            (0..60).map(|line| problem(line, "is not a date or time")).collect();
        problems.extend((0..70).map(|line| problem(line, &format!("is already on line {line}"))));
        let text = report(&problems, Some(&PathBuf::from("output/problems.csv")), None);
        assert_eq!(text.matches("error: ").count(), SHOWN);
        let end = text.split("\n\n").skip(1).collect::<Vec<_>>().join("\n\n");
        assert_eq!(
            end,
            "       70 × input/changes.csv: at is already on line …\n       \
             60 × input/changes.csv: at is not a date or time\n\n\
             the first 50 are shown; all are in output/problems.csv\n\
             130 problems; nothing was published"
        );
    }
}
