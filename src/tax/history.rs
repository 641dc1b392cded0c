//! The tax facts of accounts over time.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use hashbrown::HashMap;

use crate::ids::ById;
use crate::model::{Account, AccountChanges, Retaxed, TaxFacts, TaxHistory};
use crate::value::Instant;

/// The tax histories of accounts, by `account_id`. Accounts with the same facts from the start
/// share one history, because most never change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taxpayers {
    histories: ById<Arc<TaxHistory>>,
    /// The likely position of each account's history, by the account's index.
    places: Vec<usize>,
    /// The shared histories of accounts that never changed.
    shared: HashMap<TaxFacts, Arc<TaxHistory>>,
    /// By the account's index: when its charges were taxed by other facts.
    retaxed: HashMap<usize, Vec<Retaxed>>,
}

/// The columns of accounts.csv that decide taxes.
const COLUMNS: [&str; 3] = ["tax_code", "country", "region"];

impl Taxpayers {
    /// The history of the account at `index`; `None` if it is unknown.
    pub(crate) fn get(&self, account_id: &str, index: usize) -> Option<&TaxHistory> {
        let mut place = self.places.get(index).copied().unwrap_or_default();
        self.histories.get_next(account_id, &mut place).map(|history| &**history)
    }

    pub(crate) fn with_room(count: usize) -> Self {
        Self { histories: ById::with_room(count), ..Self::default() }
    }

    /// The known accounts with their histories.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &TaxHistory)> {
        self.histories.iter().map(|(id, history)| (id, &**history))
    }

    pub(crate) fn add(&mut self, account_id: &str, history: Arc<TaxHistory>) {
        self.histories.add(account_id, history);
    }

    /// The history of an account, mutable.
    pub(crate) fn get_mut(&mut self, account_id: &str) -> Option<&mut TaxHistory> {
        self.histories.get_mut(account_id).map(Arc::make_mut)
    }

    /// When charges of the account at `index` were taxed by facts that its changes contradict.
    pub(crate) fn retaxed(&self, index: usize) -> &[Retaxed] {
        self.retaxed.get(&index).map_or(&[], Vec::as_slice)
    }

    /// The indices of the accounts with such charges.
    pub(crate) fn all_retaxed(&self) -> impl Iterator<Item = usize> {
        self.retaxed.keys().copied()
    }

    /// Records the facts of every account. Facts with rows in `account_changes.csv` are those of the
    /// rows up to `through`. Others are the current ones, for dues after the last close that included the
    /// account. For a new account they apply from the start, unless `before` has older ones.
    pub(crate) fn note_all(
        &mut self,
        accounts: &[Account],
        last_of: impl Fn(&str) -> Option<Instant>,
        before: Option<&TaxFacts>,
        through: Instant,
    ) {
        let mut next = 0;
        self.places = Vec::with_capacity(accounts.len());
        for (index, account) in accounts.iter().enumerate() {
            let last = last_of(&account.id);
            let billed = account.changes.as_ref().and_then(|_| self.get(&account.id, usize::MAX));
            let billed = billed.cloned();
            self.note(account, &mut next, last, before);
            self.places.push(next - 1);
            let Some(changes) = &account.changes else { continue };
            let history = self.histories.get_mut(&account.id).expect("it was noted");
            let Some(dated) = dated(account, changes, history, through) else { continue };
            let contradicted = billed
                .zip(last)
                .map(|(billed, last)| contradicted(account, (&billed, &dated), last));
            *history = Arc::new(dated);
            self.retaxed.extend(contradicted.filter(|it| !it.is_empty()).map(|it| (index, it)));
        }
    }

    /// Records the current facts of one account, for dues after `last`. For a new account they
    /// apply from the start, unless `before` has older ones. Looks at `next` first, and sets `next`
    /// to the position after it.
    fn note(
        &mut self,
        account: &Account,
        next: &mut usize,
        last: Option<Instant>,
        before: Option<&TaxFacts>,
    ) {
        if let Some(history) = self.histories.get_next_mut(&account.id, next) {
            if !history.latest().is_some_and(|known| account.has_tax_facts(known)) {
                Arc::make_mut(history).add(last, account.tax_facts());
            }
            return;
        }
        let facts = account.tax_facts();
        let mut history = self.always(before.unwrap_or(&facts));
        if history.latest() != Some(&facts) {
            Arc::make_mut(&mut history).add(last, facts);
        }
        self.histories.add(&account.id, history);
        *next = self.histories.len();
    }

    /// The shared history of accounts that always had these facts.
    pub(crate) fn always(&mut self, facts: &TaxFacts) -> Arc<TaxHistory> {
        if let Some(history) = self.shared.get(facts) {
            return Arc::clone(history);
        }
        let history = Arc::new(TaxHistory::always(facts.clone()));
        self.shared.insert(facts.clone(), Arc::clone(&history));
        history
    }
}

/// The history of an account whose changes concern its taxes. `noted` has the facts without rows.
fn dated(
    account: &Account,
    changes: &AccountChanges,
    noted: &TaxHistory,
    through: Instant,
) -> Option<TaxHistory> {
    let rows = || changes.rows().iter().filter(|row| row.at <= through);
    let [has_codes, has_countries, has_regions] =
        COLUMNS.map(|column| rows().any(|row| row.column == column));
    if !(has_codes || has_countries || has_regions) {
        return None;
    }
    let mut breaks: BTreeSet<Option<Instant>> = rows().map(|row| Some(before(row.at))).collect();
    breaks.extend(noted.versions().iter().map(|(after, _)| *after));
    breaks.insert(None);
    let first = account.states().next().unwrap_or(account);
    let mut dated = TaxHistory::default();
    for after in breaks {
        let state = after.map_or(first, |after| account.at(next(after))).tax_facts();
        let noted = match after {
            Some(after) => noted.at(next(after)),
            None => noted.versions().first().map(|(_, facts)| facts),
        };
        let noted = noted.cloned().unwrap_or_else(|| account.tax_facts());
        let facts = TaxFacts {
            code: if has_codes { state.code } else { noted.code },
            country: if has_countries { state.country } else { noted.country },
            region: if has_regions { state.region } else { noted.region },
        };
        dated.add(after, facts);
    }
    Some(dated)
}

/// The times up to `last` for which two histories differ.
fn contradicted(
    account: &Account,
    (billed, dated): (&TaxHistory, &TaxHistory),
    last: Instant,
) -> Vec<Retaxed> {
    let versions = billed.versions().iter().chain(dated.versions());
    let breaks: BTreeSet<Option<Instant>> = versions.map(|(after, _)| *after).collect();
    let ends = breaks.iter().skip(1).copied().chain([None]);
    let ranges = breaks.iter().copied().zip(ends);
    let ranges = ranges.filter(|(after, _)| after.is_none_or(|after| after < last));
    ranges
        .filter(|(after, _)| {
            let due = after.map_or(Instant::from_unix_seconds(i64::MIN), next);
            billed.at(due) != dated.at(due)
        })
        .map(|(after, end)| Retaxed {
            after,
            through: end.map_or(last, |end| end.min(last)),
            cause: after.and_then(|after| cause(account, next(after))),
        })
        .collect()
}

/// The column that changes the taxes of an account at or before an instant, and the day.
fn cause(account: &Account, at: Instant) -> Option<(&'static str, NaiveDate)> {
    let rows = account.changes.as_ref()?.rows().iter();
    let row = rows.rev().find(|row| row.at <= at && COLUMNS.contains(&row.column))?;
    Some((row.column, account.zone.date(row.at)))
}

fn before(instant: Instant) -> Instant {
    Instant::from_unix_seconds(instant.unix_seconds() - 1)
}

fn next(instant: Instant) -> Instant {
    Instant::from_unix_seconds(instant.unix_seconds() + 1)
}
