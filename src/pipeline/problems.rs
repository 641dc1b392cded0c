//! The report of everything wrong with the input: the first of it to read, all of it in a file.

use crate::pipeline::problem_list::listing;
use std::path::{Path, PathBuf};

use super::error::RunError;
use crate::problem::Problem;
use crate::publish::PROBLEMS;
use crate::render::csv::problems_csv;

/// Writes what is wrong to `problems.csv` in the output folder, and removes that file once nothing
/// is. Whether that succeeds changes nothing about the run: the problems are printed as well.
pub fn keep<T>(result: Result<T, RunError>, output: &Path) -> Result<T, RunError> {
    let file = output.join(PROBLEMS);
    match result {
        Ok(done) => {
            let _ = std::fs::remove_file(file);
            Ok(done)
        }
        Err(RunError::Problems { problems, note, .. }) => {
            let listed = write(&file, &problems);
            Err(RunError::Problems { problems, listed, note })
        }
        Err(other) => Err(other),
    }
}

/// The same of a close that withheld the accounts which these problems concern.
pub fn keep_withheld(problems: &[Problem], output: &Path) -> Option<String> {
    let file = output.join(PROBLEMS);
    (!problems.is_empty()).then(|| listing(problems, write(&file, problems).as_ref()))
}

/// Writes the file; `None` if it cannot be written.
fn write(file: &Path, problems: &[Problem]) -> Option<PathBuf> {
    std::fs::write(file, problems_csv(problems)).is_ok().then(|| file.to_owned())
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
