//! Compares the input with the register: has the billed history changed?
//!
//! One digest per subscription answers this for nearly all of them. Only where it differs are the
//! applied changes read. Late arrivals become corrections. Rows that vanished or were altered are
//! problems, unless the change of history is accepted.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::comparison::{ACCEPT, KnownNow, Verdict, Watcher, known_changes};
use super::contested::Contested;
use super::digest::{change_digest, first_price_digest, log_digest, opening_digest, price_digest};
use super::log::AppliedChange;
use super::open::RegisterError;
use super::state::{State, SubscriptionState};
use crate::config::CreditNotes;
use crate::hash::Digest;
use crate::invoice::BillingHistory;
use crate::model::{
    BilledLines, BillingInput, Change, ChangeKind, CreditRules, History, Price, Published,
    PublishedCharge, Retaxed, Rules, lines_in_force,
};
use crate::problem::Problem;
use crate::table::display_name;
use crate::tax::IssuedByNumber;
use crate::value::Instant;

/// The comparison of every subscription, and the problems of the history.
#[derive(Debug, Default)]
pub(crate) struct HistoryComparison {
    /// For each subscription of the input.
    pub(crate) histories: Vec<History>,
    /// Vanished and altered rows, edited terms and prices.
    pub(crate) problems: Vec<Problem>,
    /// Indexes of subscriptions whose log begins anew because such a problem was accepted.
    pub(crate) restarted: BTreeSet<usize>,
    /// The charges in force of other subscriptions with new changes, by index, if credits depend on
    /// their invoices.
    pub(crate) charged: HashMap<usize, Vec<PublishedCharge>>,
    /// No close before this instant published any of them.
    pub(crate) charged_since: Option<Instant>,
    /// Adjustments in force that name invoices, by id, for accounts where late rows may change the
    /// rest of an invoice.
    pub(crate) adjusted: HashMap<Arc<str>, Published>,
}

impl HistoryComparison {
    /// The billing history of a subscription for the next lines.
    pub(crate) fn billing_history<'a>(
        &'a self,
        state: &'a State,
        (issued, named): (&'a IssuedByNumber, &'a BTreeMap<String, Vec<Published>>),
        credits: CreditRules,
    ) -> BillingHistory<'a> {
        BillingHistory {
            subscriptions: &self.histories,
            charged: &self.charged,
            newest: None,
            adjusted: &self.adjusted,
            adjustments: &state.adjustments,
            taxpayers: &state.taxpayers,
            price_taxes: &state.price_taxes,
            issued,
            named,
            credits,
        }
    }
}

/// Compares the tables with the state of the last close.
///
/// # Errors
/// A register that cannot be read.
pub(crate) fn compare_history(known: &KnownNow<'_>) -> Result<HistoryComparison, RegisterError> {
    let Some(newest) = known.last.newest else {
        return Ok(HistoryComparison {
            histories: vec![History::New; known.book.subscriptions.len()],
            ..HistoryComparison::default()
        });
    };
    let KnownNow { settings, credits, .. } = *known;
    let watcher = Watcher::new(known, newest);
    let edited_prices = watcher.edited_prices();
    let (new_discounts, discount_problems) = watcher.discounts();
    let anything_may_differ = known.accept_history_change && !discount_problems.is_empty();
    let differs = |index| anything_may_differ || watcher.concerns(&new_discounts, index);
    let verdicts = watcher.verdicts(&edited_prices, differs);
    let mut watch = HistoryComparison {
        problems: watcher.vanished_subscriptions(&verdicts),
        ..HistoryComparison::default()
    };
    watch.problems.extend(watcher.adjustments());
    watch.problems.extend(watcher.tax_rates());
    if settings.credit_notes == CreditNotes::Separate || credits == CreditRules::OfTheirCharges {
        (watch.charged, watch.charged_since) = watcher.charged(&verdicts)?;
    }
    watch.adjusted = watcher.adjusted(&verdicts)?;
    let mut history_problems: Vec<Problem> =
        edited_prices.iter().flat_map(|price| watcher.edited_price(*price)).collect();
    history_problems.extend(discount_problems);
    let arrived = |index| watcher.arrived(&new_discounts, index);
    let changed = (&verdicts[..], &edited_prices);
    history_problems.extend(watcher.histories(changed, arrived, &mut watch)?);
    if !known.accept_history_change {
        watch.problems.extend(history_problems);
    }
    Ok(watch)
}

impl<'a> Watcher<'a> {
    fn new(known: &KnownNow<'a>, newest: Instant) -> Self {
        let contested = match known.credits {
            CreditRules::OfTheirCharges => Contested::of(known.book, known.through),
            CreditRules::Apart => Contested::default(),
        };
        let newest_close = known.register.newest();
        let is_of_first_rules =
            newest_close.is_some_and(|close| close.manifest.rules == Rules::FIRST);
        Self { known: *known, newest, contested, is_of_first_rules }
    }

    /// The verdict on each subscription; `differs` says where discounts change one.
    fn verdicts(
        &self,
        edited_prices: &BTreeSet<usize>,
        differs: impl Fn(usize) -> bool + Sync,
    ) -> Vec<Verdict> {
        let indices = (0..self.known.book.subscriptions.len()).into_par_iter();
        let verdicts = indices.map_init(usize::default, |next, index| {
            self.known.book.look_ahead(index);
            match self.verdict(index, next, edited_prices) {
                Verdict::Unchanged if differs(index) => Verdict::Changed { opening: false },
                verdict => verdict,
            }
        });
        let mut verdicts: Vec<Verdict> = verdicts.collect();
        self.credited_late(&mut verdicts);
        self.retaxed(&mut verdicts);
        self.spread(&mut verdicts);
        verdicts
    }

    /// Adds the history of each subscription, and returns the rows that vanished or were altered.
    fn histories(
        &self,
        (verdicts, edited_prices): (&[Verdict], &BTreeSet<usize>),
        arrived_discounts: impl Fn(usize) -> BTreeSet<Arc<str>>,
        watch: &mut HistoryComparison,
    ) -> Result<Vec<Problem>, RegisterError> {
        let id = |index: usize| &*self.known.book.subscriptions[index].id;
        let suspects = verdicts.iter().enumerate();
        let suspects = suspects.filter(|(_, it)| matches!(it, Verdict::Changed { .. }));
        let ids: BTreeSet<&str> = suspects.map(|(index, _)| id(index)).collect();
        let mut applied = self.known.register.changes_of(&ids)?;
        let mut lines = self.known.register.lines_of(&ids)?;
        let mut altered = Vec::new();
        watch.histories.reserve(verdicts.len());
        for (index, verdict) in verdicts.iter().enumerate() {
            watch.histories.push(match *verdict {
                Verdict::New => History::New,
                Verdict::Unchanged => History::Unchanged,
                Verdict::Changed { opening } => {
                    let applied = applied.remove(id(index)).unwrap_or_default();
                    let (arrived, problems) = self.examine(index, opening, &applied);
                    if !problems.is_empty() || self.uses(index, edited_prices) {
                        watch.restarted.insert(index);
                    }
                    altered.extend(problems);
                    let published = lines.remove(id(index)).unwrap_or_default();
                    let numbers = published.iter().map(|it| Arc::clone(&it.invoice_number));
                    History::Late(Box::new(BilledLines {
                        documents: numbers.collect(),
                        standing: lines_in_force(published),
                        arrived,
                        arrived_discounts: arrived_discounts(index),
                        retaxed: self.retaxed_of(index).to_vec(),
                    }))
                }
            });
        }
        Ok(altered)
    }
}

impl Watcher<'_> {
    /// The verdict on a subscription. The search begins at [`next`](crate::ids::ById::get_next).
    fn verdict(&self, index: usize, next: &mut usize, edited_prices: &BTreeSet<usize>) -> Verdict {
        let subscription = &self.known.book.subscriptions[index];
        let Some(known) = self.known.state.subscriptions.get_next(&subscription.id, next) else {
            return Verdict::New;
        };
        let now = subscription_state(self.known.book, index, self.last(subscription.account));
        if now == *known && !self.uses(index, edited_prices) {
            return Verdict::Unchanged;
        }
        Verdict::Changed { opening: now.opening != known.opening }
    }

    /// Compares the applied changes with the current log. Returns the ids of late arrivals, and the
    /// problems.
    fn examine(
        &self,
        index: usize,
        opening: bool,
        applied: &[AppliedChange],
    ) -> (HashSet<Arc<str>>, Vec<Problem>) {
        let changes = self.known_changes(index);
        let mut before: BTreeMap<&str, &AppliedChange> =
            applied.iter().map(|change| (&*change.change_id, change)).collect();
        let mut problems = Vec::new();
        let mut arrived = HashSet::new();
        if opening {
            problems.push(self.edited_opening(index));
        }
        for change in changes {
            match before.remove(&*change.id) {
                None => {
                    arrived.insert(Arc::clone(&change.id));
                }
                Some(was) if was.digest == change_digest(change, &self.known.book.prices) => {}
                Some(was) => problems.push(self.altered(index, change, was)),
            }
        }
        // A row that moved to after the close was altered, not lost.
        let later =
            &self.known.book.changes[self.known.book.changes_of[index].clone()][changes.len()..];
        for change in later {
            if let Some(was) = before.remove(&*change.id) {
                problems.push(self.altered(index, change, was));
            }
        }
        problems.extend(before.into_values().map(|was| self.vanished(index, was)));
        if problems.is_empty() && self.is_reordered(index, changes, &arrived) {
            problems.push(self.reordered(index));
        }
        (arrived, problems)
    }

    /// Whether billed rows, apart from late arrivals, now apply in another order.
    fn is_reordered(&self, index: usize, changes: &[Change], arrived: &HashSet<Arc<str>>) -> bool {
        let state = self.known.state.subscriptions.get(&self.known.book.subscriptions[index].id);
        let known = changes.iter().filter(|change| !arrived.contains(&change.id));
        state.is_none_or(|state| state.log != log_digest(known, &self.known.book.prices))
    }

    /// The changes that were due when the subscription was last billed.
    fn known_changes(&self, index: usize) -> &[Change] {
        known_changes(
            self.known.book,
            index,
            self.last(self.known.book.subscriptions[index].account),
        )
    }

    /// The last close of an account, which defines the known state of its subscriptions. Nothing is
    /// known of an account that was never billed.
    pub(super) fn last(&self, account: usize) -> Instant {
        self.known.last.of_account(&self.known.book.accounts[account].id).unwrap_or(self.newest)
    }

    /// When charges of a subscription were taxed by other facts.
    fn retaxed_of(&self, index: usize) -> &[Retaxed] {
        self.known.state.taxpayers.retaxed(self.known.book.subscriptions[index].account)
    }

    fn edited_prices(&self) -> BTreeSet<usize> {
        let edited = self.known.book.prices.iter().enumerate().filter(|(_, price)| {
            let known = self.known.state.prices.get(&*price.id);
            known.is_some_and(|digest| !self.is_digest_of(*digest, price))
        });
        edited.map(|(index, _)| index).collect()
    }

    fn is_digest_of(&self, digest: Digest, price: &Price) -> bool {
        digest == price_digest(price)
            || (self.is_of_first_rules && digest == first_price_digest(price))
    }

    /// Whether a subscription ever had one of some prices.
    fn uses(&self, index: usize, prices: &BTreeSet<usize>) -> bool {
        !prices.is_empty()
            && (prices.contains(&self.known.book.subscriptions[index].price)
                || self
                    .known_changes(index)
                    .iter()
                    .any(|change| change.kind.price().is_some_and(|it| prices.contains(&it))))
    }

    fn vanished_subscriptions(&self, verdicts: &[Verdict]) -> Vec<Problem> {
        let is_known = |verdict: &&Verdict| !matches!(verdict, Verdict::New);
        if verdicts.iter().filter(is_known).count() == self.known.state.subscriptions.len() {
            return Vec::new();
        }
        let present: HashSet<&str> =
            self.known.book.subscriptions.iter().map(|subscription| &*subscription.id).collect();
        let known = self.known.state.subscriptions.iter().map(|(id, _)| id);
        let mut gone: Vec<&str> = known.filter(|id| !present.contains(id)).collect();
        gone.retain(|id| !self.known.withheld.subscriptions.contains(*id));
        gone.sort_unstable();
        gone.into_iter()
            .map(|id| Problem {
                file: display_name(self.known.input, "subscriptions.csv"),
                line: None,
                column: Some("subscription_id"),
                value: Some(id.to_string()),
                rule: "has been billed and is no longer in the file".to_owned(),
                hint: "restore the row; to stop billing, cancel it in changes.csv".to_owned(),
            })
            .collect()
    }

    fn edited_opening(&self, index: usize) -> Problem {
        let subscription = &self.known.book.subscriptions[index];
        Problem {
            file: display_name(self.known.input, "subscriptions.csv"),
            line: Some(subscription.line),
            column: Some("subscription_id"),
            value: Some(subscription.id.to_string()),
            rule: "was billed on opening terms, or a time zone, that are no longer the same"
                .to_owned(),
            hint: format!(
                "restore the row (or the account's timezone) and write what changed to \
                 changes.csv; {ACCEPT}"
            ),
        }
    }

    fn altered(&self, index: usize, change: &Change, was: &AppliedChange) -> Problem {
        let at = Instant::from_unix_seconds(was.at);
        let found = self.log_problem(&was.change_id);
        let is_list = matches!(change.kind, ChangeKind::PriceList { .. });
        let list = display_name(self.known.input, "price_changes.csv");
        Problem {
            line: Some(change.line),
            file: if is_list { list } else { found.file.clone() },
            column: Some(if is_list { "price_change_id" } else { "change_id" }),
            rule: format!(
                "of subscription {} has been billed on and is not what it was at {at}",
                self.known.book.subscriptions[index].id
            ),
            ..found
        }
    }

    fn vanished(&self, index: usize, was: &AppliedChange) -> Problem {
        let at = Instant::from_unix_seconds(was.at);
        Problem {
            rule: format!(
                "of subscription {} at {at} has been billed on and is no longer in the file",
                self.known.book.subscriptions[index].id
            ),
            ..self.log_problem(&was.change_id)
        }
    }

    fn reordered(&self, index: usize) -> Problem {
        let changes = self.known_changes(index);
        let tied = changes.windows(2).filter(|pair| pair[0].at == pair[1].at);
        let rows: BTreeSet<u64> = tied.flat_map(|pair| [pair[0].line, pair[1].line]).collect();
        let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
        Problem {
            column: Some("subscription_id"),
            value: Some(self.known.book.subscriptions[index].id.to_string()),
            rule: format!(
                "has rows at one instant that were billed in another order (lines {})",
                rows.join(", ")
            ),
            ..self.log_problem("")
        }
    }

    fn log_problem(&self, change_id: &str) -> Problem {
        Problem {
            file: display_name(self.known.input, "changes.csv"),
            line: None,
            column: Some("change_id"),
            value: Some(change_id.to_owned()),
            rule: String::new(),
            hint: format!(
                "export the whole log again: rows are added to it, never taken away; {ACCEPT}"
            ),
        }
    }
}

/// How far a subscription is billed after a close at `instant`.
pub(crate) fn subscription_state(
    book: &BillingInput,
    index: usize,
    instant: Instant,
) -> SubscriptionState {
    let subscription = &book.subscriptions[index];
    let account = &book.accounts[subscription.account];
    let opening = opening_digest(subscription, account, &book.prices[subscription.price]);
    subscription_state_from(opening, book, index, instant)
}

/// Like [`subscription_state`], with a known digest of the opening terms.
pub(crate) fn subscription_state_from(
    opening: Digest,
    book: &BillingInput,
    index: usize,
    instant: Instant,
) -> SubscriptionState {
    let changes = known_changes(book, index, instant);
    SubscriptionState { opening, applied: changes.len(), log: log_digest(changes, &book.prices) }
}
