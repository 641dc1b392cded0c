//! What lists of the report name.

use serde::{Deserialize, Serialize};

use crate::model::Account;

/// No list of the report shows more rows.
pub(crate) const MOST_LISTED: usize = 20;

/// An account as a list names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedAccount {
    pub(crate) id: String,
    /// Empty if the account is no longer in `accounts.csv`.
    pub(crate) name: String,
}

impl ListedAccount {
    pub(super) fn of(account: &Account) -> Self {
        Self { id: account.id.to_string(), name: account.name.to_string() }
    }
}
