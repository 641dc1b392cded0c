//! Looks up accounts by id, including accounts removed from accounts.csv that still have a balance.

use std::sync::Arc;

use super::ahead::AT_A_TIME;
use crate::ids::IdTable;
use crate::model::Account;

/// The index of an account. Higher numbers are accounts removed from accounts.csv.
pub(crate) type AccountId = usize;

/// Accounts by id.
#[derive(Clone, Debug)]
pub(crate) struct AccountIds<'a> {
    accounts: &'a [Account],
    gone: Vec<Arc<str>>,
    places: IdTable,
}

impl<'a> AccountIds<'a> {
    pub(crate) fn of(accounts: &'a [Account]) -> Self {
        let places = IdTable::with_room(accounts.len());
        let mut holders = Self { accounts, gone: Vec::new(), places };
        for (holder, account) in accounts.iter().enumerate() {
            holders.note(&account.id, holder).expect("ids of accounts are all different");
        }
        holders
    }

    pub(crate) const fn accounts(&self) -> &'a [Account] {
        self.accounts
    }

    /// The account of an id. An unknown id becomes a removed account.
    pub(crate) fn find(&mut self, account_id: &Arc<str>) -> AccountId {
        let next = self.accounts.len() + self.gone.len();
        match self.note(account_id, next) {
            Ok(()) => {
                self.gone.push(Arc::clone(account_id));
                next
            }
            Err(known) => known,
        }
    }

    /// The accounts of several ids. They are scattered in memory, so some are looked up together.
    pub(crate) fn find_all(&mut self, account_ids: &[&Arc<str>]) -> Vec<AccountId> {
        let mut found = Vec::with_capacity(account_ids.len());
        for some in account_ids.chunks(AT_A_TIME) {
            let id_of = |holder| id_of(self.accounts, &self.gone, holder);
            self.places.look_ahead(some.iter().map(|id| &***id), id_of);
            found.extend(some.iter().map(|id| self.find(id)));
        }
        found
    }

    pub(crate) fn id(&self, holder: AccountId) -> &str {
        id_of(self.accounts, &self.gone, holder)
    }

    /// Adds an id. Fails with the existing account if the id is known.
    fn note(&mut self, id: &str, holder: AccountId) -> Result<(), AccountId> {
        let Self { accounts, gone, places } = self;
        let hash = places.hasher().hash(id);
        places.insert((id, hash), holder, |holder| id_of(accounts, gone, holder))
    }
}

fn id_of<'i>(accounts: &'i [Account], gone: &'i [Arc<str>], holder: AccountId) -> &'i str {
    match holder.checked_sub(accounts.len()) {
        None => &accounts[holder].id,
        Some(place) => &gone[place],
    }
}
