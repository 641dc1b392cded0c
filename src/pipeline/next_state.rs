//! Computes the state for the next close.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::carried::BilledThrough;
use super::context::CloseContext;
use crate::config::Settings;
use crate::hash::Digest;
use crate::ids::ById;
use crate::invoice::OverCredit;
use crate::model::{BillingInput, Cause, Change, Discount, History, Line, Price, TaxTerms};
use crate::payments::Credit;
use crate::register::{
    AppliedChange, HistoryComparison, LastCloses, State, StoredTier, SubscriptionState,
    adjustment_digest, change_digest, discount_digest, known_changes, price_digest,
    subscription_state, subscription_state_from, tax_rate_digest, tax_rate_key,
};
use crate::value::Instant;

/// The state after a close at `through`, except the credit, which is computed in parallel.
pub(crate) fn next_state<'l>(
    context: &CloseContext,
    lines: impl ParallelIterator<Item = &'l Line>,
    (over_credits, billed): (&'l [OverCredit], &BilledThrough<'_>),
    histories: &[History],
) -> State {
    let CloseContext { settings, state: before, through, .. } = context;
    let (book, through) = (&context.loaded.book, *through);
    // A subscription that has not begun is not billed, so its row may still be corrected.
    let begun: Vec<(usize, Instant)> = (0..book.subscriptions.len())
        .filter_map(|index| Some((index, billed.subscription(index)?)))
        .filter(|(index, through)| book.subscriptions[*index].started_at <= *through)
        .collect();
    let id = |(index, _): &(usize, Instant)| &*book.subscriptions[*index].id;
    let states = begun.par_iter().map_init(usize::default, |next, place| {
        let (index, through) = place;
        book.look_ahead(*index);
        let known = before.subscriptions.get_next(id(place), next);
        let known = known.filter(|_| matches!(histories[*index], History::Unchanged));
        state_after(book, *index, *through, known)
    });
    let subscriptions = ById::of_different(begun.iter().map(id), states.collect());
    let mut named = Named::of(lines);
    // A credit is finished even if its invoice had nothing left and no line shows it.
    let adjusted = over_credits.iter().filter(|over| over.subscription.is_none());
    named.adjustments.extend(adjusted.map(|over| &*over.reference));
    let (mut prices, mut price_tiers) = (before.prices.clone(), before.price_tiers.clone());
    for price in used_prices(book, through) {
        prices.insert(price.id.to_string(), price_digest(price));
        price_tiers.remove(&*price.id);
        if !price.tiers().is_empty() {
            let tiers = price.tiers().iter().map(StoredTier::of).collect();
            price_tiers.insert(price.id.to_string(), tiers);
        }
    }
    let known = |discount: &&Discount| discount.start(&book.accounts) <= through;
    let discounts = book.discounts.iter().filter(known).map(|discount| {
        let account = discount.account.map_or("", |account| &book.accounts[account].id);
        let digest = discount_digest(discount, account, (through, settings.zone));
        (discount.id.to_string(), digest)
    });
    State {
        subscriptions,
        credit: Credit::new(),
        prices,
        price_tiers,
        discounts: discounts.collect(),
        tax_rates: tax_rates(book, &named, through, settings, before),
        adjustments: adjustments(book, &named, through, before),
        taxpayers: Arc::clone(&before.taxpayers),
        price_taxes: before.price_taxes.clone(),
    }
}

/// How far a subscription is billed. `known` is given only for an unchanged history: its opening is
/// the same, and its log can only have additions.
fn state_after(
    book: &BillingInput,
    index: usize,
    through: Instant,
    known: Option<&SubscriptionState>,
) -> SubscriptionState {
    match known {
        Some(known) if known.applied == known_changes(book, index, through).len() => *known,
        Some(known) => subscription_state_from(known.opening, book, index, through),
        None => subscription_state(book, index, through),
    }
}

/// The ids that the lines of a close name.
#[derive(Default)]
struct Named<'l> {
    /// Indexes of the tax rates of the lines.
    rates: BTreeSet<usize>,
    adjustments: BTreeSet<&'l str>,
}

impl<'l> Named<'l> {
    fn of(lines: impl ParallelIterator<Item = &'l Line>) -> Self {
        let parts = lines.fold(Self::default, |mut named, line| {
            named.rates.extend(line.tax.as_ref().map(address));
            if let Cause::Adjustment(id) = &line.key.cause {
                named.adjustments.insert(id);
            }
            named
        });
        parts.reduce(Self::default, |mut one, mut other| {
            one.rates.append(&mut other.rates);
            one.adjustments.append(&mut other.adjustments);
            one
        })
    }
}

fn address(terms: &Arc<TaxTerms>) -> usize {
    Arc::as_ptr(terms).addr()
}

/// The tax rates that any line up to now used.
fn tax_rates(
    book: &BillingInput,
    named: &Named<'_>,
    through: Instant,
    settings: &Settings,
    before: &State,
) -> BTreeMap<String, Digest> {
    let date = settings.zone.date(through);
    let rates = book.taxes.rates().iter();
    rates
        .filter(|rate| {
            named.rates.contains(&address(&rate.terms))
                || before.tax_rates.contains_key(&tax_rate_key(rate))
        })
        .map(|rate| (tax_rate_key(rate), tax_rate_digest(rate, date)))
        .collect()
}

/// The adjustments that this close or an earlier one billed.
fn adjustments(
    book: &BillingInput,
    named: &Named<'_>,
    through: Instant,
    before: &State,
) -> BTreeMap<String, Digest> {
    let mut digests = before.adjustments.clone();
    for adjustment in book.adjustments.iter().filter(|it| {
        // A void is finished even if a charge has nothing left.
        named.adjustments.contains(&*it.id) || (it.voids.is_some() && it.at <= through)
    }) {
        let account = &book.accounts[adjustment.account].id;
        digests.insert(adjustment.id.to_string(), adjustment_digest(adjustment, account));
    }
    digests
}

/// The prices that subscriptions have used up to `through`.
fn used_prices(book: &BillingInput, through: Instant) -> impl Iterator<Item = &Price> {
    let mut used = vec![false; book.prices.len()];
    for (index, subscription) in book.subscriptions.iter().enumerate() {
        if subscription.started_at <= through {
            used[subscription.price] = true;
        }
        for change in known_changes(book, index, through) {
            if let Some(price) = change.kind.price() {
                used[price] = true;
            }
        }
    }
    book.prices.iter().zip(used).filter(|(_, used)| *used).map(|(price, _)| price)
}

/// The changes that this close bills first.
pub(crate) fn newly_applied(
    book: &BillingInput,
    billed: &BilledThrough<'_>,
    watch: &HistoryComparison,
    last: &LastCloses,
) -> Vec<AppliedChange> {
    let indices = (0..book.subscriptions.len()).into_par_iter();
    let begun = indices.filter_map(|index| Some((index, billed.subscription(index)?)));
    begun.flat_map_iter(|(index, through)| applied_to(book, index, through, watch, last)).collect()
}

fn applied_to(
    book: &BillingInput,
    index: usize,
    through: Instant,
    watch: &HistoryComparison,
    last: &LastCloses,
) -> Vec<AppliedChange> {
    let subscription = &book.subscriptions[index];
    let restarts = watch.restarted.contains(&index);
    let history = &watch.histories[index];
    let last = last.of_account(&book.accounts[subscription.account].id);
    let is_new = |change: &Change| match history {
        _ if restarts => true,
        History::New => true,
        History::Unchanged => last.is_none_or(|last| change.at > last),
        History::Late(past) => {
            last.is_none_or(|last| change.at > last) || past.arrived.contains(&change.id)
        }
    };
    let changes = known_changes(book, index, through).iter().filter(|change| is_new(change));
    let applied = changes.map(|change| AppliedChange {
        subscription_id: Arc::clone(&subscription.id),
        change_id: Arc::clone(&change.id),
        at: change.at.unix_seconds(),
        digest: change_digest(change, &book.prices),
        restarts: false,
    });
    let restart = restarts.then(|| AppliedChange::restart(&subscription.id));
    restart.into_iter().chain(applied).collect()
}
