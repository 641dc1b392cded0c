//! The credit that customers hold: a liability of the seller.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::{ListedAccount, MOST_LISTED};
use crate::model::Account;
use crate::value::{Amount, Currency};

/// The credit in one currency after a close.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CreditHeld {
    /// The number of accounts that hold some.
    pub(crate) accounts: u64,
    /// The accounts that hold the most.
    pub(crate) largest: Vec<CreditHolder>,
}

/// An account that holds credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CreditHolder {
    pub(crate) account: ListedAccount,
    pub(crate) credit: Amount,
}

impl CreditHeld {
    /// The holders by currency.
    pub(super) fn of(
        credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
        accounts: &[Account],
    ) -> BTreeMap<Currency, Self> {
        let mut holders: BTreeMap<Currency, Vec<(Reverse<Amount>, &str)>> = BTreeMap::new();
        for (id, balances) in credit {
            for (currency, amount) in balances {
                holders.entry(*currency).or_default().push((Reverse(*amount), id));
            }
        }
        let held = |mut holders: Vec<(Reverse<Amount>, &str)>| {
            holders.sort_unstable();
            let holder = |(amount, id): &(Reverse<Amount>, &str)| CreditHolder {
                account: ListedAccount { id: (*id).to_owned(), name: String::new() },
                credit: amount.0,
            };
            let largest = holders.iter().take(MOST_LISTED).map(holder).collect();
            Self { accounts: holders.len() as u64, largest }
        };
        let mut held: BTreeMap<Currency, Self> =
            holders.into_iter().map(|(currency, holders)| (currency, held(holders))).collect();
        name(&mut held, accounts);
        held
    }

    /// Adds the holders of a shard.
    pub(super) fn add(&mut self, shard: Self) {
        self.accounts += shard.accounts;
        self.largest.extend(shard.largest);
        self.largest.sort_by(|a, b| {
            (Reverse(a.credit), &a.account.id).cmp(&(Reverse(b.credit), &b.account.id))
        });
        self.largest.truncate(MOST_LISTED);
    }
}

/// Fills in the names. An account removed from `accounts.csv` may still hold credit.
fn name(held: &mut BTreeMap<Currency, CreditHeld>, accounts: &[Account]) {
    let listed = held.values_mut().flat_map(|held| &mut held.largest);
    let mut unnamed: HashMap<String, Vec<&mut String>> = HashMap::new();
    for ListedAccount { id, name } in listed.map(|holder| &mut holder.account) {
        unnamed.entry(id.clone()).or_default().push(name);
    }
    if unnamed.is_empty() {
        return;
    }
    for account in accounts {
        for name in unnamed.remove(&*account.id).into_iter().flatten() {
            name.push_str(&account.name);
        }
    }
}
