//! Compares the targets of credits: charges of earlier closes, and adjustments that name invoices.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::comparison::{Verdict, Watcher, known_changes};
use super::open::RegisterError;
use crate::config::CreditNotes;
use crate::model::{Cause, Length, Published, PublishedCharge, lines_in_force};
use crate::value::Instant;

type ChargedSince = (HashMap<usize, Vec<PublishedCharge>>, Option<Instant>);

impl Watcher<'_> {
    /// Marks the subscriptions of accounts with late adjustments as changed. A late adjustment
    /// takes from its invoice before later credits do.
    pub(super) fn credited_late(&self, verdicts: &mut [Verdict]) {
        for account in &self.contested.accounts {
            let last = self.last(*account);
            let is_late = self.known.book.adjustments_for(*account).iter().any(|it| {
                let is_known = self.known.state.adjustments.contains_key(&*it.id);
                it.credits_invoice.is_some() && it.at <= last && !is_known
            });
            if is_late {
                self.mark_as_changed(*account, verdicts);
            }
        }
    }

    /// Marks the subscriptions of accounts whose charges were taxed by other facts as changed.
    pub(super) fn retaxed(&self, verdicts: &mut [Verdict]) {
        for account in self.known.state.taxpayers.all_retaxed() {
            self.mark_as_changed(account, verdicts);
        }
    }

    fn mark_as_changed(&self, account: usize, verdicts: &mut [Verdict]) {
        for verdict in &mut verdicts[self.known.book.subscriptions_of[account].clone()] {
            if matches!(verdict, Verdict::Unchanged) {
                *verdict = Verdict::Changed { opening: false };
            }
        }
    }

    /// The adjustments in force that may have to be billed again: those that name invoices, of accounts
    /// with a changed history, and all of accounts whose charges were taxed by other facts.
    pub(super) fn adjusted(
        &self,
        verdicts: &[Verdict],
    ) -> Result<HashMap<Arc<str>, Published>, RegisterError> {
        let is_changed = |account: &&usize| {
            let range = self.known.book.subscriptions_of[**account].clone();
            verdicts[range].iter().any(|verdict| matches!(verdict, Verdict::Changed { .. }))
        };
        let changed = self.contested.accounts.iter().filter(is_changed);
        let named = changed
            .flat_map(|account| self.known.book.adjustments_for(*account))
            .filter(|adjustment| adjustment.credits_invoice.is_some());
        let retaxed = self.known.state.taxpayers.all_retaxed();
        let taxed = retaxed.flat_map(|account| self.known.book.adjustments_for(account));
        let ids: BTreeSet<&str> = named.chain(taxed).map(|adjustment| &*adjustment.id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        // Adjustments have no subscription.
        let mut lines =
            self.known.register.lines_of(&BTreeSet::from([""]))?.remove("").unwrap_or_default();
        let id = |entry: &Published| match &entry.line.key.cause {
            Cause::Adjustment(id) => Some(Arc::clone(id)),
            _ => None,
        };
        lines.retain(|entry| id(entry).is_some_and(|id| ids.contains(&*id)));
        let found = lines_in_force(lines).into_iter();
        Ok(found.filter_map(|entry| Some((id(&entry)?, entry))).collect())
    }

    /// The charges in force of subscriptions that may have credits, by index, and an instant before
    /// which no close published any of them.
    pub(super) fn charged(&self, verdicts: &[Verdict]) -> Result<ChargedSince, RegisterError> {
        let is_separate = self.known.settings.credit_notes == CreditNotes::Separate;
        let is_taxed =
            self.known.book.taxes.rates().iter().any(|rate| !rate.terms.percent.is_zero());
        let mut wanted: Vec<(usize, Instant)> = Vec::new();
        for (index, subscription) in self.known.book.subscriptions.iter().enumerate() {
            let matters = is_separate || is_taxed || self.contested.has(subscription.account);
            if matters && matches!(verdicts[index], Verdict::Unchanged) {
                wanted.extend(self.has_news(index, self.known.through).map(|since| (index, since)));
            }
        }
        let id = |index: usize| &self.known.book.subscriptions[index].id;
        let asked: Vec<(&str, Instant)> =
            wanted.iter().map(|(index, since)| (&**id(*index), *since)).collect();
        let mut published = self.known.register.charges_of(&asked)?;
        let since = wanted.iter().map(|(_, since)| *since).min();
        let charged = wanted.into_iter().map(|(index, _)| (index, published.take(id(index))));
        Ok((charged.collect(), since))
    }

    /// If a subscription may have credits, the instant since which its charges were published.
    fn has_news(&self, index: usize, through: Instant) -> Option<Instant> {
        let changes = known_changes(self.known.book, index, through);
        let last = changes.last()?;
        // The credit of a change may fall due a whole period later.
        let billed = self.last(self.known.book.subscriptions[index].account).unix_seconds();
        let since = billed - self.longest_period_seconds(index);
        (last.at.unix_seconds() > since).then(|| Instant::from_unix_seconds(since))
    }

    /// An upper bound for the longest period of a subscription.
    fn longest_period_seconds(&self, index: usize) -> i64 {
        let opening = self.known.book.subscriptions[index].price;
        let changes = &self.known.book.changes[self.known.book.changes_of[index].clone()];
        let later = changes.iter().filter_map(|change| change.kind.price());
        let days = std::iter::once(opening).chain(later).map(|price| {
            match self.known.book.prices[price].interval.length() {
                Length::Months(months) => months * 31,
                Length::Days(days) => days,
            }
        });
        // One more day, because clocks may be set back.
        (days.max().unwrap_or_default() + 1) * 86_400
    }
}
