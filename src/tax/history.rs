//! What decides about the taxes of accounts, version by version.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::ids::ById;
use crate::model::{Account, TaxFacts, TaxHistory};
use crate::value::Instant;

/// What decides about the taxes of accounts, by `account_id`. Most have always been what they are, and
/// there are few things to be: they share their history.
#[derive(Clone, Debug, Default)]
pub struct Taxpayers {
    histories: ById<Arc<TaxHistory>>,
    /// Where the history of each account is most likely, by the account's index.
    places: Vec<usize>,
    /// The histories of those that have always been the same.
    shared: HashMap<TaxFacts, Arc<TaxHistory>>,
}

impl Taxpayers {
    /// What decides about the taxes of an account, the one at `index`; `None` if nothing is known of
    /// it.
    pub fn get(&self, account_id: &str, index: usize) -> Option<&TaxHistory> {
        let mut place = self.places.get(index).copied().unwrap_or_default();
        self.histories.get_next(account_id, &mut place).map(|history| &**history)
    }

    /// With room for so many accounts.
    pub fn with_room(count: usize) -> Self {
        Self { histories: ById::with_room(count), ..Self::default() }
    }

    /// The accounts that are known, with their histories.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &TaxHistory)> {
        self.histories.iter().map(|(id, history)| (id, &**history))
    }

    /// Adds the history of an account.
    pub fn add(&mut self, account_id: &str, history: Arc<TaxHistory>) {
        self.histories.add(account_id, history);
    }

    /// The history of an account, to be extended.
    pub fn get_mut(&mut self, account_id: &str) -> Option<&mut TaxHistory> {
        self.histories.get_mut(account_id).map(Arc::make_mut)
    }

    /// Notes what is so now of every account, for what falls due after the last close that took the
    /// account in. A new account has always been so, unless it is said what held `before`.
    pub fn note_all(
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

    /// Notes what is so now, for what falls due after `last`. Of an account that is new it has always
    /// been so, unless it is said what held `before`. It is looked for at `next` first, which is the
    /// place behind it afterwards.
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

    /// The history of all that have always been the same.
    pub fn always(&mut self, facts: &TaxFacts) -> Arc<TaxHistory> {
        if let Some(history) = self.shared.get(facts) {
            return Arc::clone(history);
        }
        let history = Arc::new(TaxHistory::always(facts.clone()));
        self.shared.insert(facts.clone(), Arc::clone(&history));
        history
    }
}
