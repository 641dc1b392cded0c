//! When accounts were last billed: at the newest close, unless it withheld them.

use std::collections::{HashMap, HashSet};

use super::{Close, Register};
use crate::value::Instant;

/// The last close of every account.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastCloses {
    /// The newest close.
    pub(crate) newest: Option<Instant>,
    /// For accounts that the newest close withheld: the last close that included them. For accounts
    /// of which it carried documents: the instant up to which they are billed.
    behind: HashMap<String, Option<Instant>>,
}

impl LastCloses {
    pub(crate) fn of(register: &Register) -> Self {
        let mut behind = HashMap::new();
        let mut closes = register.closes.iter().rev().peekable();
        let mut left: HashSet<&str> =
            closes.peek().map(|newest| withheld(newest).collect()).unwrap_or_default();
        for close in closes {
            if left.is_empty() {
                break;
            }
            let absent: HashSet<&str> = withheld(close).collect();
            let (still, billed): (HashSet<&str>, HashSet<&str>) =
                left.into_iter().partition(|account| absent.contains(account));
            behind.extend(billed.into_iter().map(|id| (id.to_owned(), billed_by(close, id))));
            left = still;
        }
        behind.extend(left.into_iter().map(|id| (id.to_owned(), None)));
        let carried = register.newest().into_iter().flat_map(|close| {
            close.manifest.carried.keys().map(|id| (id.clone(), billed_by(close, id)))
        });
        behind.extend(carried);
        Self { newest: register.newest().map(|close| close.as_of), behind }
    }

    /// The last close that included an account; for a new account, the newest close.
    pub(crate) fn of_account(&self, account_id: &str) -> Option<Instant> {
        match self.behind.get(account_id) {
            Some(last) => *last,
            None => self.newest,
        }
    }
}

/// The instant up to which a close billed an account that it included.
fn billed_by(close: &Close, account_id: &str) -> Option<Instant> {
    match close.manifest.carried.get(account_id) {
        Some(seconds) => seconds.map(Instant::from_unix_seconds),
        None => Some(close.as_of),
    }
}

fn withheld(close: &Close) -> impl Iterator<Item = &str> {
    close.manifest.withheld.iter().map(String::as_str)
}
