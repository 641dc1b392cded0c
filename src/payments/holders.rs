//! Whose money it is: accounts by their ids, and those that left accounts.csv and still have or owe
//! something.

use std::sync::Arc;

use super::ahead::AT_A_TIME;
use crate::ids::IdTable;
use crate::model::Account;

/// The index of an account, and beyond these one of those that left accounts.csv.
pub type AccountId = usize;

/// Holders by their ids.
#[derive(Clone, Debug)]
pub struct AccountIds<'a> {
    accounts: &'a [Account],
    gone: Vec<Arc<str>>,
    places: IdTable,
}

impl<'a> AccountIds<'a> {
    /// All accounts.
    pub fn of(accounts: &'a [Account]) -> Self {
        let places = IdTable::with_room(accounts.len());
        let mut holders = Self { accounts, gone: Vec::new(), places };
        for (holder, account) in accounts.iter().enumerate() {
            holders.note(&account.id, holder).expect("ids of accounts are all different");
        }
        holders
    }

    /// The accounts.
    pub const fn accounts(&self) -> &'a [Account] {
        self.accounts
    }

    /// Whose an id is; an id that no account has is somebody's who is gone.
    pub fn find(&mut self, account_id: &Arc<str>) -> AccountId {
        let next = self.accounts.len() + self.gone.len();
        match self.note(account_id, next) {
            Ok(()) => {
                self.gone.push(Arc::clone(account_id));
                next
            }
            Err(known) => known,
        }
    }

    /// Whose each of these ids is. In memory they may be anywhere, so some are looked at together.
    pub fn find_all(&mut self, account_ids: &[&Arc<str>]) -> Vec<AccountId> {
        let mut found = Vec::with_capacity(account_ids.len());
        for some in account_ids.chunks(AT_A_TIME) {
            let id_of = |holder| id_of(self.accounts, &self.gone, holder);
            self.places.look_ahead(some.iter().map(|id| &***id), id_of);
            found.extend(some.iter().map(|id| self.find(id)));
        }
        found
    }

    /// The id of a holder.
    pub fn id(&self, holder: AccountId) -> &str {
        id_of(self.accounts, &self.gone, holder)
    }

    /// Notes whose an id is, unless that is known, which is then the error.
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
