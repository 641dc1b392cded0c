//! The rows of all files as one [`Book`], each account's and each subscription's own side by side.

use std::ops::Range;

use crate::model::{Account, Adjustment, Book, Change, Discount, Payment, Price, Subscription};

/// The files around the lines, in their order.
#[derive(Default)]
pub struct Around {
    pub discounts: Vec<Discount>,
    pub adjustments: Vec<Adjustment>,
    pub payments: Vec<Payment>,
}

/// Puts subscriptions, discounts and adjustments beside their accounts and changes beside their
/// subscriptions.
pub fn group(
    accounts: Vec<Account>,
    prices: Vec<Price>,
    subscriptions: Vec<Subscription>,
    mut changes: Vec<(usize, Change)>,
    Around { discounts, mut adjustments, mut payments }: Around,
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
    adjustments.sort_by_key(|adjustment| (adjustment.account, adjustment.at));
    payments.sort_by_key(|payment| payment.at);
    let subscriptions_of = ranges(accounts.len(), sorted.iter().map(|item| item.account));
    Book {
        discounts_of: discounts_of(&subscriptions_of, &discounts),
        adjustments_of: ranges(accounts.len(), adjustments.iter().map(|item| item.account)),
        subscriptions_of,
        changes_of: ranges(sorted.len(), changes.iter().map(|(place, _)| *place)),
        accounts,
        prices,
        subscriptions: sorted,
        changes: changes.into_iter().map(|(_, change)| change).collect(),
        discounts,
        adjustments,
        payments,
        ..Book::default()
    }
}

/// For each account, the discounts that name it, or none where it has something to discount.
fn discounts_of(subscriptions_of: &[Range<usize>], discounts: &[Discount]) -> Vec<Vec<usize>> {
    let mut places = vec![Vec::new(); subscriptions_of.len()];
    for (place, discount) in discounts.iter().enumerate() {
        match discount.account {
            Some(account) => places[account].push(place),
            None => (places.iter_mut().zip(subscriptions_of))
                .filter(|(_, subscriptions)| !subscriptions.is_empty())
                .for_each(|(places, _)| places.push(place)),
        }
    }
    places
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
