//! The tax facts of accounts over time.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::ids::ById;
use crate::model::{Account, TaxFacts, TaxHistory};
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
}

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

    /// Records the current facts of every account, for dues after the last close that included the
    /// account. For a new account they apply from the start, unless `before` has older ones.
    pub(crate) fn note_all(
        &mut self,
        accounts: &[Account],
        last_of: impl Fn(&str) -> Option<Instant>,
        before: Option<&TaxFacts>,
    ) {
        let mut next = 0;
        self.places = Vec::with_capacity(accounts.len());
        for account in accounts {
            self.note(account, &mut next, last_of(&account.id), before);
            self.places.push(next - 1);
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
