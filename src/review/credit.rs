//! The credit that customers hold: a liability of the seller.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ListedAccount, MOST_LISTED};
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
    /// The holders by currency. `name` gives the name of an account by its id.
    pub(crate) fn of(
        credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
        name: impl Fn(&str) -> String,
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
                account: ListedAccount { id: (*id).to_owned(), name: name(id) },
                credit: amount.0,
            };
            let largest = holders.iter().take(MOST_LISTED).map(holder).collect();
            Self { accounts: holders.len() as u64, largest }
        };
        holders.into_iter().map(|(currency, holders)| (currency, held(holders))).collect()
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
