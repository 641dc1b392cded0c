//! The problems that a run found. All are counted, and a bounded number is kept, so that a small
//! file with millions of wrong rows cannot fill the memory.

use std::collections::{BTreeMap, HashSet};

use super::Problem;

/// The most problems of one kind that are kept.
pub(crate) const KEPT_OF_A_KIND: usize = 1_000;

/// Beyond this number of problems, only the first of each further kind is kept.
const KEPT: usize = 10_000;

/// Beyond this number of kinds in one file, all others count as one kind.
const KINDS: usize = 100;

/// Problems in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    kept: Vec<Problem>,
    /// The counts of each file, by kind.
    files: BTreeMap<String, BTreeMap<String, Count>>,
}

/// How many problems of a kind were found, and how many of them are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    found: u64,
    kept: usize,
}

impl Problems {
    /// Adds a problem. Returns its index if it is kept.
    pub(crate) fn push(&mut self, problem: Problem) -> Option<usize> {
        let is_full = self.kept.len() >= KEPT;
        let count = self.count_of(&problem.file, kind(&problem));
        count.found += 1;
        let most = if is_full { 1 } else { KEPT_OF_A_KIND };
        if count.kept >= most {
            return None;
        }
        count.kept += 1;
        self.kept.push(problem);
        Some(self.kept.len() - 1)
    }

    /// Adds the problems of another list, in order.
    pub(crate) fn append(&mut self, other: Self) {
        let Self { kept, files } = other;
        self.extend(kept);
        for (file, kinds) in files {
            for (kind, count) in kinds {
                let unkept = count.found - count.kept as u64;
                if unkept > 0 {
                    self.count_of(&file, kind).found += unkept;
                }
            }
        }
    }

    /// Adds the problems of another shard, but for those that both found.
    pub(crate) fn append_new(&mut self, mut other: Self) {
        let known: HashSet<Problem> = self.kept.iter().cloned().collect();
        let (new, both): (Vec<Problem>, Vec<Problem>) =
            std::mem::take(&mut other.kept).into_iter().partition(|it| !known.contains(it));
        other.kept = new;
        for problem in &both {
            let count = other.count_of(&problem.file, kind(problem));
            count.found -= 1;
            count.kept -= 1;
        }
        self.append(other);
    }

    fn count_of(&mut self, file: &str, kind: String) -> &mut Count {
        if !self.files.contains_key(file) {
            self.files.insert(file.to_owned(), BTreeMap::new());
        }
        let kinds = self.files.get_mut(file).expect("it was inserted");
        let is_new = kinds.len() >= KINDS && !kinds.contains_key(&kind);
        kinds.entry(if is_new { "other problems".to_owned() } else { kind }).or_default()
    }

    /// The problems that are kept.
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> &mut Problem {
        &mut self.kept[place]
    }

    /// The problems that are kept, to say more about them. Their kinds must stay as they are.
    pub(crate) fn kept_mut(&mut self) -> impl Iterator<Item = &mut Problem> {
        self.kept.iter_mut()
    }

    /// Leaves out the lines, for rows that are in no file.
    pub(crate) fn forget_lines(&mut self) {
        self.kept.iter_mut().for_each(|problem| problem.line = None);
    }

    /// How many were found.
    pub fn found(&self) -> u64 {
        self.files.values().flat_map(BTreeMap::values).map(|count| count.found).sum()
    }

    /// Whether some were found that are not kept.
    pub(crate) fn has_more(&self) -> bool {
        self.found() > self.kept.len() as u64
    }

    /// Whether none were found.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files with problems.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// How many were found of each kind, the most frequent first: "input/changes.csv: at is not a
    /// date or time".
    pub(crate) fn kinds(&self) -> Vec<(String, u64)> {
        let kinds = self.files.iter().flat_map(|(file, kinds)| {
            kinds.iter().map(move |(kind, count)| (format!("{file}: {kind}"), count.found))
        });
        let mut kinds: Vec<(String, u64)> = kinds.collect();
        kinds.sort();
        // A stable sort keeps kinds of equal count in alphabetical order.
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        kinds
    }

    /// Sorts the problems that are kept. The sort is stable.
    pub(crate) fn sort_by_key<K: Ord>(&mut self, key: impl FnMut(&Problem) -> K) {
        self.kept.sort_by_key(key);
    }
}

impl Extend<Problem> for Problems {
    fn extend<I: IntoIterator<Item = Problem>>(&mut self, problems: I) {
        for problem in problems {
            self.push(problem);
        }
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(problems: Vec<Problem>) -> Self {
        let mut list = Self::default();
        list.extend(problems);
        list
    }
}

/// The column and rule, without the parts that differ by row: "at is not a date or time".
fn kind(problem: &Problem) -> String {
    let mut words: Vec<&str> = problem.rule.split(' ').collect();
    for word in &mut words {
        if word.contains(|c: char| c.is_ascii_digit()) {
            *word = "…";
        }
    }
    let column = problem.column.map_or_else(String::new, |column| format!("{column} "));
    format!("{column}{}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(file: &str, line: u64, rule: String) -> Problem {
        Problem {
            file: file.to_owned(),
            line: Some(line),
            column: None,
            value: None,
            rule,
            hint: String::new(),
        }
    }

    #[test]
    fn of_a_kind_the_first_are_kept_and_all_are_counted() {
        let mut problems = Problems::default();
        for line in 0..5_000 {
            problems.push(problem("a", line, format!("is line {line}")));
        }
        problems.push(problem("a", 5_000, "is wrong".to_owned()));
        assert_eq!((problems.kept().len(), problems.found()), (KEPT_OF_A_KIND + 1, 5_001));
        assert_eq!(problems.kinds()[0], ("a: is line …".to_owned(), 5_000));
        assert_eq!(problems.kept()[KEPT_OF_A_KIND - 1].line, Some(999));
    }

    #[test]
    fn of_many_kinds_the_first_of_each_is_kept() {
        let letter = |number: u64| char::from_u32(97 + u32::try_from(number).unwrap_or(0) % 26);
        let word = |number: u64| [letter(number / 26), letter(number)].map(|it| it.unwrap_or('a'));
        let mut problems = Problems::default();
        for file in ["a", "b", "c"] {
            for number in 0..200_000 {
                let word = String::from_iter(word(number % 300));
                problems.push(problem(file, number, format!("is {word}")));
            }
        }
        assert_eq!(problems.found(), 600_000);
        assert!(problems.kept().len() <= KEPT + 3 * (KINDS + 1), "{}", problems.kept().len());
        assert_eq!(problems.files().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(problems.kept().iter().any(|problem| problem.file == "c"));
    }

    #[test]
    fn pieces_count_as_the_whole() {
        let all: Vec<Problem> =
            (0..3_000).map(|line| problem("a", line, "is wrong".to_owned())).collect();
        let mut pieces = Problems::default();
        for piece in all.chunks(1_300) {
            pieces.append(piece.to_vec().into());
        }
        assert_eq!(pieces, Problems::from(all));
    }
}
