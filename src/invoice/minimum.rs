//! Documents below `invoice.minimum` wait for the next document of their account.
//!
//! At each instant an account gets all of its documents or none. It gets none if each of them asks for
//! less than the minimum. Their lines are then on the documents of the next instant. The register
//! keeps up to which instant the account is billed, and the next close derives the lines again.

use std::collections::BTreeMap;

use super::account_bill::Carried;
use super::charge_index::ChargeIndex;
use super::grouping::{Documents, Filing};
use super::rank::RankedLine;
use crate::model::{BillingInput, Line};
use crate::tax::Bearer;
use crate::timeline::{SubscriptionStatus, Window, status_at};
use crate::value::{Amount, Currency, Instant};

/// What decides whether documents of an account wait.
pub(super) struct Minimum<'a> {
    pub(super) book: &'a BillingInput,
    pub(super) account: usize,
    pub(super) window: Window,
    /// The newest close. No document is dated before it.
    pub(super) newest: Option<Instant>,
}

/// The lines that wait, by currency, and the instant of the last of them.
#[derive(Default)]
struct Waiting {
    lines: BTreeMap<Currency, Vec<RankedLine>>,
    at: Option<Instant>,
}

/// The charges that credits may take back, if they are needed.
type Charges = Option<ChargeIndex<Bearer>>;

impl Minimum<'_> {
    /// Files the documents of an account, or has them wait.
    pub(super) fn file(&self, mut filing: Filing<'_>, documents: Documents) {
        let mut charges = filing.takes_back(&documents).then(|| filing.past.index());
        let (mut waiting, mut billed) = (Waiting::default(), self.window.after);
        for (instant, lines) in by_instant(documents) {
            if let Some(end) = self.end(&waiting, |end| end < instant) {
                waiting.file_all(&mut filing, end, &mut charges);
                billed = Some(end);
            }
            waiting.add(instant, lines);
            if self.is_later(instant)
                && self.try_at(instant, &mut waiting, &mut filing, &mut charges)
            {
                billed = Some(instant);
            }
        }
        if let Some(end) = self.end(&waiting, |end| end <= self.window.through) {
            waiting.file_all(&mut filing, end, &mut charges);
        }
        let through = self.window.through;
        // A late row may have changed what waits since an earlier close.
        if waiting.at.is_some_and(|at| !self.is_later(at)) {
            self.try_at(through, &mut waiting, &mut filing, &mut charges);
        }
        if waiting.at.is_some() {
            let totals = waiting.totals(&mut filing, through, &charges);
            filing.bill.carried = Some(Carried { billed_through: billed, totals });
        }
    }

    fn is_later(&self, instant: Instant) -> bool {
        self.newest.is_none_or(|newest| instant > newest)
    }

    /// Files what waits, unless all of it is below the minimum. Returns whether it was filed.
    fn try_at(
        &self,
        instant: Instant,
        waiting: &mut Waiting,
        filing: &mut Filing<'_>,
        charges: &mut Charges,
    ) -> bool {
        let may_wait = waiting.lines().all(is_regular)
            && filing.bill.over_credits.is_empty()
            && self.runs(instant);
        if may_wait && waiting.is_below(filing, instant, charges) {
            return false;
        }
        waiting.file_all(filing, instant, charges);
        true
    }

    /// The instant at which the account ended after its last waiting line. If a close before could
    /// not know of it, the end of this close.
    fn end(&self, waiting: &Waiting, is_wanted: impl Fn(Instant) -> bool) -> Option<Instant> {
        let mut at = waiting.at?;
        while self.runs(at) {
            at = self.next_event(at)?;
            if !is_wanted(at) {
                return None;
            }
        }
        let end = if self.is_later(at) { at } else { self.window.through };
        is_wanted(end).then_some(end)
    }

    /// Whether a subscription of the account runs, by the log up to then.
    fn runs(&self, at: Instant) -> bool {
        self.statuses(at).any(|(_, status)| {
            matches!(status, SubscriptionStatus::Running { .. } | SubscriptionStatus::Trial(_))
        })
    }

    /// The next instant at which a running subscription may end.
    fn next_event(&self, at: Instant) -> Option<Instant> {
        let events = self.statuses(at).filter_map(|(index, status)| {
            let until = match status {
                SubscriptionStatus::Running { until, .. } => until,
                SubscriptionStatus::Trial(end) => end,
                SubscriptionStatus::NotBegun | SubscriptionStatus::Ended => return None,
            };
            let changes = self.book.ledger(index).changes;
            let change = changes.iter().map(|change| change.at).find(|change| *change > at);
            Some(change.map_or(until, |change| change.min(until)))
        });
        events.min().filter(|event| *event <= self.window.through)
    }

    fn statuses(&self, at: Instant) -> impl Iterator<Item = (usize, SubscriptionStatus)> {
        self.book.subscriptions_of[self.account].clone().map(move |index| {
            // An error in the log has been reported.
            let stood = status_at(self.book.ledger(index), &self.book.prices, at);
            (index, stood.map(|(status, _)| status).unwrap_or_default())
        })
    }
}

impl Waiting {
    fn add(&mut self, instant: Instant, lines: BTreeMap<Currency, Vec<RankedLine>>) {
        self.at = Some(instant);
        for (currency, mut lines) in lines {
            self.lines.entry(currency).or_default().append(&mut lines);
        }
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values().flatten().map(|(_, line)| line)
    }

    /// Files everything at an instant.
    fn file_all(&mut self, filing: &mut Filing<'_>, instant: Instant, charges: &mut Charges) {
        for (currency, lines) in std::mem::take(self).lines {
            filing.file_one((instant, currency), lines, charges);
        }
    }

    /// Whether there are documents, and each asks for something, but for less than the minimum.
    fn is_below(&self, filing: &mut Filing<'_>, instant: Instant, charges: &Charges) -> bool {
        let minimum = &filing.settings.minimum;
        let is_small = |(currency, total): &(Currency, Amount)| {
            *total > Amount::ZERO && minimum.get(currency).is_some_and(|least| total < least)
        };
        let totals = self.totals(filing, instant, charges);
        !totals.is_empty() && totals.iter().all(is_small)
    }

    /// The totals of the documents that would be filed, without filing them. Those with an error and
    /// credit notes have none or no positive one.
    fn totals(
        &self,
        filing: &mut Filing<'_>,
        instant: Instant,
        charges: &Charges,
    ) -> Vec<(Currency, Amount)> {
        let (mut charges, issued) = (charges.clone(), filing.issued.clone());
        let before = std::mem::take(filing.bill);
        for (currency, lines) in &self.lines {
            filing.file_one((instant, *currency), lines.clone(), &mut charges);
        }
        filing.issued = issued;
        let bill = std::mem::replace(filing.bill, before);
        if !bill.errors.is_empty() {
            return Vec::new();
        }
        bill.drafts.iter().map(|draft| (draft.currency, draft.totals.total)).collect()
    }
}

/// Whether a line is no correction and not late. A document that corrects an earlier one does not wait.
fn is_regular(line: &Line) -> bool {
    line.correction.is_none() && line.wording.as_ref().is_none_or(|wording| wording.late.is_none())
}

/// The lines of each instant, by currency.
fn by_instant(documents: Documents) -> BTreeMap<Instant, BTreeMap<Currency, Vec<RankedLine>>> {
    let mut instants: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    documents.each(|(instant, currency), lines| {
        instants.entry(instant).or_default().insert(currency, lines);
    });
    instants
}
