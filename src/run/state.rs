//! The state that the next close starts from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::model::{Book, Change, ChangeKind};
use crate::register::{
    AppliedChange, History, Register, State, Watch, change_digest, known_changes, price_digest,
    subscription_state,
};
use crate::value::{Amount, Currency, Instant};

/// The state after a close at `through`.
pub fn next_state(
    book: &Book,
    through: Instant,
    credit: BTreeMap<String, BTreeMap<Currency, Amount>>,
    before: &State,
) -> State {
    let subscriptions: HashMap<_, _> = (0..book.subscriptions.len())
        .into_par_iter()
        // What has not begun has not been billed: its row may still be corrected.
        .filter(|index| book.subscriptions[*index].started_at <= through)
        .map(|index| {
            let id = book.subscriptions[index].id.to_string();
            (id, subscription_state(book, index, through))
        })
        .collect();
    let mut prices = before.prices.clone();
    for index in used_prices(book, through) {
        let price = &book.prices[index];
        prices.insert(price.id.to_string(), price_digest(price));
    }
    State { subscriptions, credit, prices }
}

/// Prices that a subscription has been on up to `through`.
fn used_prices(book: &Book, through: Instant) -> BTreeSet<usize> {
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for (index, subscription) in book.subscriptions.iter().enumerate() {
        if subscription.started_at <= through {
            used.insert(subscription.price);
        }
        used.extend(known_changes(book, index, through).iter().filter_map(|change| {
            if let ChangeKind::Price { price, .. } = change.kind { Some(price) } else { None }
        }));
    }
    used
}

/// The changes that this close is the first to bill on.
pub fn newly_applied(
    book: &Book,
    through: Instant,
    watch: &Watch,
    register: &Register,
) -> Vec<AppliedChange> {
    let last = register.newest().map(|close| close.as_of);
    let mut applied = Vec::new();
    for (index, subscription) in book.subscriptions.iter().enumerate() {
        let restarts = watch.restarted.contains(&index);
        if restarts {
            applied.push(AppliedChange::restart(&subscription.id));
        }
        let history = &watch.histories[index];
        let is_new = |change: &Change| match history {
            _ if restarts => true,
            History::New => true,
            History::OnTime => last.is_none_or(|last| change.at > last),
            History::Late { arrived, .. } => {
                last.is_none_or(|last| change.at > last) || arrived.contains(&change.id)
            }
        };
        let changes = known_changes(book, index, through).iter().filter(|change| is_new(change));
        applied.extend(changes.map(|change| AppliedChange {
            subscription_id: subscription.id.to_string(),
            change_id: change.id.to_string(),
            at: change.at.unix_seconds(),
            digest: change_digest(change, &book.prices),
            restarts: false,
        }));
    }
    applied
}
