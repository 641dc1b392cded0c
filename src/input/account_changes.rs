//! `account_changes.csv`: columns of accounts that have another value from an instant on.
//!
//! A state of an account is its row of accounts.csv, read again with the values of these rows. So
//! whatever the reader of accounts.csv checks is checked in every state.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Account, AccountChange, AccountChanges};
use crate::problem::Problem;
use crate::table::{Column, Diagnostics, Index, Reported, Row, optional, required};
use crate::value::Moment;

pub(super) const FILE: &str = "account_changes.csv";

/// The known columns.
pub(crate) const COLUMNS: [Column; 6] = [
    required("account_id"),
    required("at"),
    required("column"),
    required("value"),
    optional("previous_value"),
    optional("note"),
];

/// The rows by `account_id`.
#[derive(Debug, Default)]
pub(super) struct AccountChangeRows {
    /// The file, as messages name it.
    file: String,
    /// The columns that may change.
    columns: Vec<(&'static str, &'static str)>,
    rows: HashMap<String, Vec<WrittenChange>>,
    /// Accounts of rows that were reported. Of their other rows only the values are checked.
    broken: Vec<String>,
}

#[derive(Clone, Debug)]
struct WrittenChange {
    at: Moment,
    column: &'static str,
    value: String,
    /// The value before, if the file has this column.
    previous: Option<String>,
    line: u64,
}

impl AccountChangeRows {
    /// None yet. `columns` are those of accounts.csv.
    pub(super) fn new(file: String, columns: &[Column]) -> Self {
        let names = columns.iter().map(|column| column.name);
        let columns = names.filter(|name| !FIXED.contains(name)).map(|name| (name, name)).collect();
        Self { file, columns, ..Self::default() }
    }

    /// Reads one row.
    pub(super) fn read(&mut self, row: &mut Row<'_>) {
        match row.sound().and_then(|()| row.read(|row| parse(row, &self.columns))) {
            Ok((id, change)) => self.rows.entry(id).or_default().push(change),
            Err(Reported) => self.broken.push(row.glimpse("account_id").trim().to_owned()),
        }
    }

    /// The problems of rows whose account has no row. `is_read` tells accounts that are looked for.
    pub(super) fn orphans(&self, accounts: &Index, is_read: impl Fn(&str) -> bool) -> Vec<Problem> {
        let is_orphan = |id: &str| is_read(id) && !accounts.has_or_explains(id);
        let orphans = self.rows.iter().filter(|(id, _)| is_orphan(id));
        let rows = orphans.flat_map(|(id, rows)| rows.iter().map(move |row| (row.line, id)));
        let rows: BTreeMap<u64, &String> = rows.collect();
        rows.into_iter()
            .map(|(line, id)| Problem {
                file: self.file.clone(),
                line: Some(line),
                column: Some("account_id"),
                value: Some(id.clone()),
                rule: "is not in accounts.csv".to_owned(),
                hint: accounts.hint(id),
            })
            .collect()
    }

    /// Adds the states to the account of a row. It becomes the last one.
    pub(super) fn apply(
        &self,
        row: &mut Row<'_>,
        account: Account,
        parse: &impl Fn(&mut Row<'_>) -> Result<Account, Reported>,
    ) -> Result<Account, Reported> {
        let Some(written) = self.rows.get(&*account.id) else { return Ok(account) };
        let mut changes: Vec<AccountChange> = Vec::with_capacity(written.len());
        let mut order: Vec<&WrittenChange> = written.iter().collect();
        order.sort_by_key(|change| (change.at.at(account.zone), change.line));
        changes.extend(order.iter().map(|change| AccountChange {
            at: change.at.at(account.zone),
            column: change.column,
            value: change.value.as_str().into(),
            line: change.line,
        }));
        if self.broken.iter().any(|id| **id == *account.id) {
            // A row is missing, so only values can be checked.
            let _ = self.with_states(row, (changes, &[]), parse);
            return Ok(account);
        }
        let first = self.first_values(row, &order, &changes)?;
        let first: Vec<(&'static str, &str)> =
            first.iter().map(|(column, value)| (*column, value.as_str())).collect();
        self.with_states(row, (changes, &first), parse)
    }

    /// The last state, with all of them.
    fn with_states(
        &self,
        row: &mut Row<'_>,
        (changes, first): (Vec<AccountChange>, &[(&'static str, &str)]),
        parse: &impl Fn(&mut Row<'_>) -> Result<Account, Reported>,
    ) -> Result<Account, Reported> {
        let base = row.with_values(first, parse).map_err(|problems| row.add(*problems))?;
        let mut values: BTreeMap<&'static str, (&str, u64)> =
            first.iter().map(|(column, value)| (*column, (*value, 0))).collect();
        let mut states = vec![(None, base)];
        let mut problems = Vec::new();
        for together in changes.chunk_by(|a, b| a.at == b.at) {
            for change in together {
                values.insert(change.column, (&change.value, change.line));
            }
            let now: Vec<(&'static str, &str)> =
                values.iter().map(|(column, (value, _))| (*column, *value)).collect();
            match row.with_values(&now, parse) {
                Ok(state) => states.push((Some(together[0].at), state)),
                Err(found) => self.add_found(*found, &values, &mut problems),
            }
        }
        if !problems.is_empty() {
            let mut found = Diagnostics::default();
            found.problems.extend(problems);
            return Err(row.add(found));
        }
        let (_, last) = states.last().expect("the first is there");
        let mut account = last.clone();
        account.changes = Some(Box::new(AccountChanges::new(changes, states)));
        Ok(account)
    }

    /// Adds problems of a state. Those of values that are in this file are there, and are told once.
    fn add_found(
        &self,
        found: Diagnostics,
        values: &BTreeMap<&'static str, (&str, u64)>,
        problems: &mut Vec<Problem>,
    ) {
        let mut found = found;
        found.give_hints();
        for problem in found.problems.kept() {
            let column = problem.column.unwrap_or_default();
            let problem = match values.get(column) {
                Some((_, line)) if *line > 0 => Problem {
                    file: self.file.clone(),
                    line: Some(*line),
                    column: Some("value"),
                    rule: format!("(for {column}) {}", problem.rule),
                    ..problem.clone()
                },
                _ => problem.clone(),
            };
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }

    /// The values of changed columns before their first change. Reports rows that contradict each
    /// other or accounts.csv.
    fn first_values(
        &self,
        row: &mut Row<'_>,
        written: &[&WrittenChange],
        changes: &[AccountChange],
    ) -> Result<BTreeMap<&'static str, String>, Reported> {
        let mut first: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut last: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut found = Diagnostics::default();
        for (place, change) in written.iter().enumerate() {
            let own = row.text(change.column)?;
            let earlier = last.insert(change.column, place).map(|earlier| &changes[earlier]);
            let before = match earlier {
                Some(earlier) => &*earlier.value,
                None => change.previous.as_deref().unwrap_or(own),
            };
            first.entry(change.column).or_insert_with(|| before.to_owned());
            let together = earlier.filter(|earlier| earlier.at == changes[place].at);
            let problem = match together {
                Some(together) => Some(self.together(change, together)),
                None => self.problem(change, (before, earlier.is_none())),
            };
            found.problems.extend(problem);
        }
        for (column, value) in &first {
            let own = row.text(column)?;
            let mut values = written.iter().filter(|it| it.column == *column);
            if value != own && values.all(|it| it.value != own) {
                row.report(
                    column,
                    own,
                    "is no value that the account has by account_changes.csv",
                    "write the value before its first change there or one of the later ones, or \
                     add the row of the change that is missing",
                );
                return Err(row.add(found));
            }
        }
        if found.problems.is_empty() { Ok(first) } else { Err(row.add(found)) }
    }

    /// The problem of a second row for a column at one instant.
    fn together(&self, change: &WrittenChange, other: &AccountChange) -> Problem {
        let rule =
            format!("is an instant at which line {} changes {} too", other.line, other.column);
        self.problem_at(change, ("at", None), rule, "keep one of the two rows".to_owned())
    }

    /// The problem of a row after the value `before`, if there is one.
    fn problem(&self, change: &WrittenChange, (before, is_first): (&str, bool)) -> Option<Problem> {
        let column = change.column;
        if let Some(previous) = change.previous.as_ref().filter(|it| **it != before) {
            let rule = format!("is not the value that {column} has before, which is {before:?}");
            let hint = "add the row that is missing before it, or correct the value".to_owned();
            let cell = ("previous_value", Some(previous.clone()));
            return Some(self.problem_at(change, cell, rule, hint));
        }
        let rule = format!("is the value that {column} has before as well");
        let hint = if is_first && change.previous.is_none() {
            format!(
                "accounts.csv has the value before the first change: restore it there, or add the \
                 column previous_value with what {column} was"
            )
        } else {
            "remove the row, or correct the value".to_owned()
        };
        let cell = ("value", Some(change.value.clone()));
        (change.value == before).then(|| self.problem_at(change, cell, rule, hint))
    }

    fn problem_at(
        &self,
        change: &WrittenChange,
        (column, value): (&'static str, Option<String>),
        rule: String,
        hint: String,
    ) -> Problem {
        let (file, line, column) = (self.file.clone(), Some(change.line), Some(column));
        Problem { file, line, column, value, rule, hint }
    }
}

/// Reads the account and the change of one row.
fn parse(
    row: &mut Row<'_>,
    columns: &[(&'static str, &'static str)],
) -> Result<(String, WrittenChange), Reported> {
    let id = row.id("account_id");
    let at = row.moment("at");
    let column = column(row, columns);
    let value = row.text("value").map(ToOwned::to_owned);
    let has_previous = row.has("previous_value");
    let previous = row.text("previous_value").map(ToOwned::to_owned);
    let change = WrittenChange {
        column: column?,
        at: at?,
        value: value?,
        previous: Some(previous?).filter(|_| has_previous),
        line: row.line,
    };
    Ok((id?.to_string(), change))
}

/// The column of accounts.csv that changes.
fn column(
    row: &mut Row<'_>,
    columns: &[(&'static str, &'static str)],
) -> Result<&'static str, Reported> {
    let text = row.required("column")?;
    let (rule, hint) = match text {
        "account_id" => ("never changes", "an account with another id is another account"),
        "timezone" => (
            "never changes, because periods and dates are counted in it",
            "end the subscriptions, and start new ones under an account with the other time zone",
        ),
        _ => return row.word("column", columns),
    };
    Err(row.report("column", text, rule, hint))
}

/// The columns that never change.
const FIXED: [&str; 2] = ["account_id", "timezone"];
