//! Prints problems: the first ones, and the count of each kind.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::problem::{KEPT_OF_A_KIND, Problems};

/// How many problems are printed. Longer lists usually repeat one mistake.
const SHOWN: usize = 50;

/// The problems as they are printed.
pub(crate) fn report(problems: &Problems, listed: Option<&PathBuf>, note: Option<&str>) -> String {
    let note = note.map_or_else(String::new, |note| format!("; --withhold does not help: {note}"));
    format!("{}; nothing was published{note}", listing(problems, listed))
}

/// The first problems, and the total count.
pub(crate) fn listing(problems: &Problems, listed: Option<&PathBuf>) -> String {
    let mut text = String::new();
    for problem in problems.kept().iter().take(SHOWN) {
        let _ = writeln!(text, "{problem}");
    }
    let count = problems.found();
    let noun = if count == 1 { "problem" } else { "problems" };
    if count > SHOWN as u64 {
        text.push('\n');
        for (kind, count) in problems.kinds() {
            let _ = writeln!(text, "{count:>9} × {kind}");
        }
        let which = if problems.has_more() {
            format!("the first {KEPT_OF_A_KIND} of each kind")
        } else {
            "all".to_owned()
        };
        let all =
            listed.map_or_else(String::new, |file| format!("; {which} are in {}", file.display()));
        let _ = writeln!(text, "\nthe first {SHOWN} are shown{all}");
    }
    let _ = write!(text, "{count} {noun}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;

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
        let text = report(&vec![problem(2, "is not a date or time")].into(), None, None);
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
        let text = report(&problems.into(), Some(&PathBuf::from("output/problems.csv")), None);
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
