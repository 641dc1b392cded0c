//! What accounts.csv says of an account, over time.

use std::sync::Arc;

use super::account::Account;
use crate::value::Instant;

/// The states of an account, by the rows of `account_changes.csv`. Each state has the same rows, and no
/// states of its own.
#[derive(Clone, Debug)]
pub(crate) struct AccountChanges {
    /// In order of time.
    rows: Arc<[AccountChange]>,
    /// The account from each instant on, in order of time. The first one has none.
    states: Vec<(Option<Instant>, Account)>,
}

/// From an instant on, a column of an account has another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountChange {
    pub(crate) at: Instant,
    /// A column of `accounts.csv`.
    pub(crate) column: &'static str,
    pub(crate) value: Box<str>,
    /// The line in the file.
    pub(crate) line: u64,
}

impl AccountChanges {
    /// From rows and states in order of time.
    pub(crate) fn new(
        rows: Vec<AccountChange>,
        mut states: Vec<(Option<Instant>, Account)>,
    ) -> Self {
        let rows: Arc<[AccountChange]> = rows.into();
        for (_, state) in &mut states {
            let (rows, states) = (Arc::clone(&rows), Vec::new());
            state.changes = Some(Box::new(Self { rows, states }));
        }
        Self { rows, states }
    }

    pub(crate) fn rows(&self) -> &[AccountChange] {
        &self.rows
    }

    /// All states, in order of time.
    pub(crate) fn states(&self) -> impl Iterator<Item = &Account> {
        self.states.iter().map(|(_, state)| state)
    }

    /// The account at an instant; `None` of a state.
    pub(crate) fn at(&self, instant: Instant) -> Option<&Account> {
        let begun = |(from, _): &(Option<Instant>, Account)| from.is_none_or(|it| it <= instant);
        let later = self.states.partition_point(begun);
        Some(&self.states[later.checked_sub(1)?].1)
    }
}
