//! Groups the rows of all files into one [`BillingInput`], by account and by subscription.

use std::ops::Range;

use crate::ids::arrange;
use crate::model::{
    Account, Adjustment, BillingInput, Change, Discount, Payment, Price, Subscription,
};

/// The remaining files, in order.
#[derive(Default)]
pub(crate) struct OptionalTables {
    pub(crate) discounts: Vec<Discount>,
    pub(crate) adjustments: Vec<Adjustment>,
    pub(crate) payments: Vec<Payment>,
}

/// Groups subscriptions, discounts and adjustments by account, and changes by subscription. Equal
/// rows stay in file order.
pub(crate) fn group(
    accounts: Vec<Account>,
    prices: Vec<Price>,
    mut subscriptions: Vec<Subscription>,
    mut changes: Vec<(u32, Change)>,
    OptionalTables { discounts, mut adjustments, mut payments }: OptionalTables,
) -> BillingInput {
    let (order, subscriptions_of) =
        by_owner(accounts.len(), subscriptions.iter().map(|item| item.account));
    let mut new_place = vec![0; subscriptions.len()];
    for (new, old) in (0..).zip(&order) {
        new_place[*old as usize] = new;
    }
    let ((), changes_of) = rayon::join(
        || arrange(&mut subscriptions, order),
        || group_changes(&mut changes, &new_place),
    );
    adjustments.sort_by_key(|adjustment| (adjustment.account, adjustment.at));
    payments.sort_by_key(|payment| payment.at);
    BillingInput {
        discounts_of: discounts_of(&subscriptions_of, &discounts),
        adjustments_of: ranges(accounts.len(), adjustments.iter().map(|item| item.account)),
        subscriptions_of,
        changes_of,
        accounts,
        prices,
        subscriptions,
        changes: changes.into_iter().map(|(_, change)| change).collect(),
        discounts,
        adjustments,
        payments,
        ..BillingInput::default()
    }
}

/// Groups the changes by subscription, given the new index of each subscription, and returns their
/// ranges.
fn group_changes(changes: &mut [(u32, Change)], new_place: &[u32]) -> Vec<Range<usize>> {
    for (place, _) in &mut *changes {
        *place = new_place[*place as usize];
    }
    let (mut order, changes_of) =
        by_owner(new_place.len(), changes.iter().map(|(place, _)| *place as usize));
    sort_each(&mut order, &changes_of, &|place| {
        let (_, change) = &changes[place as usize];
        (change.at, change.nanosecond)
    });
    arrange(changes, order);
    changes_of
}

/// How many owners one task sorts.
const OWNERS_AT_A_TIME: usize = 4096;

/// Sorts the indexes of each owner's items; the adjacent `ranges` cover `order`.
fn sort_each<K: Ord>(order: &mut [u32], ranges: &[Range<usize>], key: &(impl Fn(u32) -> K + Sync)) {
    let start = ranges.first().map_or(0, |range| range.start);
    if ranges.len() > OWNERS_AT_A_TIME {
        let (first, last) = ranges.split_at(ranges.len() / 2);
        let (before, after) = order.split_at_mut(last[0].start - start);
        rayon::join(|| sort_each(before, first, key), || sort_each(after, last, key));
        return;
    }
    for range in ranges {
        order[range.start - start..range.end - start].sort_by_key(|place| key(*place));
    }
}

/// The indexes of items, grouped by owner, and the range of each owner.
fn by_owner(
    count: usize,
    owners: impl Iterator<Item = usize> + Clone,
) -> (Vec<u32>, Vec<Range<usize>>) {
    let ranges = ranges(count, owners.clone());
    let mut next: Vec<usize> = ranges.iter().map(|range| range.start).collect();
    let mut order = vec![0; ranges.last().map_or(0, |range| range.end)];
    for (place, owner) in (0..).zip(owners) {
        order[next[owner]] = place;
        next[owner] += 1;
    }
    (order, ranges)
}

/// For each account, the discounts that name it. Discounts that name no account are added if the
/// account has subscriptions.
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

/// The range of each owner's items; `owners` is sorted.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn items_stand_by_owner_in_the_order_of_the_file(
            owners in proptest::collection::vec(0_usize..6, 0..40),
        ) {
            let mut items: Vec<(usize, usize)> = owners.iter().copied().zip(0..).collect();
            let mut sorted = items.clone();
            sorted.sort_by_key(|(owner, _)| *owner);
            let (order, ranges) = by_owner(6, owners.iter().copied());
            arrange(&mut items, order);
            prop_assert_eq!(&items, &sorted);
            for (owner, range) in ranges.into_iter().enumerate() {
                prop_assert!(items[range.clone()].iter().all(|item| item.0 == owner));
                prop_assert_eq!(range.len(), owners.iter().filter(|it| **it == owner).count());
            }
        }
    }
}
