//! The rows of all files as one [`Book`], each account's and each subscription's own side by side.

use std::ops::Range;

use crate::model::{Account, Book, Change, Price, Subscription};

/// Puts subscriptions beside their accounts and changes beside their subscriptions.
pub fn group(
    accounts: Vec<Account>,
    prices: Vec<Price>,
    subscriptions: Vec<Subscription>,
    mut changes: Vec<(usize, Change)>,
) -> Book {
    let mut order: Vec<usize> = (0..subscriptions.len()).collect();
    order.sort_by_key(|&place| subscriptions[place].account);
    let mut new_place = vec![0; subscriptions.len()];
    for (new, &old) in order.iter().enumerate() {
        new_place[old] = new;
    }
    for (place, _) in &mut changes {
        *place = new_place[*place];
    }
    // Stable sorts: what is equal stays in the order of the file.
    changes.sort_by_key(|(place, change)| (*place, change.at, change.nanosecond));
    let mut sorted: Vec<Subscription> = subscriptions;
    sorted.sort_by_key(|subscription| subscription.account);
    Book {
        subscriptions_of: ranges(accounts.len(), sorted.iter().map(|item| item.account)),
        changes_of: ranges(sorted.len(), changes.iter().map(|(place, _)| *place)),
        accounts,
        prices,
        subscriptions: sorted,
        changes: changes.into_iter().map(|(_, change)| change).collect(),
        ..Book::default()
    }
}

/// For each owner, the run of items that are its own; `owners` is sorted.
fn ranges(count: usize, owners: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut sizes = vec![0; count];
    for owner in owners {
        sizes[owner] += 1;
    }
    let mut start = 0;
    sizes
        .into_iter()
        .map(|size| {
            let range = start..start + size;
            start += size;
            range
        })
        .collect()
}
