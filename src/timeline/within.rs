//! Inside one billing period: what it bills at its start, what each change in it brings and takes
//! back, and how it ends.
//!
//! The stretches of a period tile it: advance pays to the end and credits what is not used,
//! arrears bill each segment for the time it was in force.

use std::cmp::Reverse;
use std::ops::Range;

use super::service_period::{Charge, ChargeReason, ServicePeriod};
use super::state::TermsState;
use super::status::SubscriptionStatus;
use super::walk::Walk;
use super::{Cycle, Period, Terms, TimelineError};
use crate::model::{
    BillingMode, CancelPolicy, Change, ChangeKind, ChangePolicy, Granularity, SwitchPolicy,
};
use crate::value::{Instant, WallTime};

/// What is billed in the period the walk is in.
struct BilledTerms {
    period: Period,
    cycle: Cycle,
    terms: Terms,
    /// Where the current segment began, and why: what arrears bill later.
    since: Instant,
    cause: ChargeReason,
    cancelled_at: Option<Instant>,
    /// In advance, when the terms in force were charged.
    charged_at: Instant,
    /// Whether anything of the period has been charged in advance.
    has_charge: bool,
}

impl BilledTerms {
    fn status(&self) -> SubscriptionStatus {
        SubscriptionStatus::Running { terms: self.terms, until: self.period.end }
    }
}

/// What happens at one instant inside a period: the rows of the log that are at it.
struct LogEvent {
    /// Where they are among the subscription's changes. Under the first rules it is one row, and
    /// several rows at one instant are several events.
    rows: Range<usize>,
    at: Instant,
    /// What the log said before.
    before: TermsState,
}

/// What the rows of an event ask for now, without those that wait for the end of the period.
struct RequestedTerms {
    new: Terms,
    /// The row that names the change.
    index: usize,
    /// The policy of the rows, if they have one of their own.
    policy: Option<ChangePolicy>,
}

/// How a period came to its end.
pub(super) enum Turn {
    /// At its boundary.
    Boundary(Instant),
    /// Early: a new period begins here, counted by this cycle.
    Early(Instant, Cycle),
    /// With the subscription.
    Ended,
}

impl Walk<'_> {
    /// Bills one period and the changes inside it. Returns how it ended and the terms it was
    /// billed on last.
    pub(super) fn period(
        &mut self,
        start: Instant,
        cycle: &mut Cycle,
        terms: Terms,
    ) -> Result<(Turn, Terms), TimelineError> {
        let period = cycle.period_from(start);
        let mut billed = BilledTerms {
            period,
            cycle: *cycle,
            terms,
            since: start,
            cause: ChargeReason::Period,
            cancelled_at: None,
            charged_at: start,
            has_charge: self.charges(terms),
        };
        self.enter(&billed, start);
        while let Some(at) = self.next_at().filter(|at| *at < period.end) {
            self.pass(at, billed.status());
            let before = self.state;
            let rows = self.apply_at(at)?;
            if let Some(turn) = self.turn(&mut billed, &LogEvent { rows, at, before }) {
                self.flush(at);
                return Ok((turn, self.state.terms));
            }
        }
        if self.is_arrears(billed.terms) {
            self.bill_segment(&billed, period.end);
        }
        self.pass(period.end, billed.status());
        self.flush(period.end);
        Ok((Turn::Boundary(period.end), billed.terms))
    }

    /// What an event does. Its rows are one change: the end of the subscription goes before all
    /// else, and a new anchor before a change of terms.
    fn turn(&mut self, billed: &mut BilledTerms, event: &LogEvent) -> Option<Turn> {
        let at = event.at;
        if let Some(policy) = self.ended_by(event) {
            billed.cancelled_at = Some(at);
            let index = self.named(event, |change| matches!(change.kind, ChangeKind::Cancel(_)));
            let credit = policy == CancelPolicy::Immediate && self.prorates(billed.terms);
            self.leave(billed, index, at, at, credit);
            return Some(Turn::Ended);
        }
        let is_anchor = |change: &Change| matches!(change.kind, ChangeKind::Anchor(_));
        if self.changes[event.rows.clone()].iter().any(is_anchor) {
            self.leave(billed, self.named(event, is_anchor), at, at, self.credits(billed, at));
            let anchor = self.state.new_anchor.take().unwrap_or_else(|| at.into());
            let price = &self.prices[self.state.terms.price];
            return Some(Turn::Early(at, self.counted_from(anchor, at, price)));
        }
        if event.rows.len() == 1 && self.state.terms == event.before.terms {
            return None;
        }
        self.change_terms(billed, event)
    }

    /// How an event ends the subscription at once, if it does.
    fn ended_by(&self, event: &LogEvent) -> Option<CancelPolicy> {
        let policy = self.state.cancelled.filter(|policy| *policy != CancelPolicy::PeriodEnd)?;
        let mut rows = self.changes[event.rows.clone()].iter();
        let is_now = rows.any(|change| matches!(change.kind, ChangeKind::Cancel(_)));
        (is_now && !self.is_taken_back(event.at)).then_some(policy)
    }

    /// The row that names an event, of those that are meant: a cancellation, then an anchor, a price,
    /// a quantity, a pause; of several of a kind the last one. So the order of the others does not
    /// matter.
    fn named(&self, event: &LogEvent, is_meant: impl Fn(&Change) -> bool) -> usize {
        let rank = |index: usize| match self.changes[index].kind {
            ChangeKind::Cancel(_) => 0,
            ChangeKind::Anchor(_) => 1,
            ChangeKind::Price { .. } => 2,
            ChangeKind::Quantity(_) | ChangeKind::Delta(_) => 3,
            ChangeKind::Pause | ChangeKind::Resume => 4,
            ChangeKind::Uncancel => 5,
        };
        let meant = event.rows.clone().filter(|index| is_meant(&self.changes[*index]));
        meant.min_by_key(|index| (rank(*index), Reverse(*index))).unwrap_or(event.rows.start)
    }

    /// Brings what an event asks for into force, if the policy says so now.
    ///
    /// While an earlier change waits for the end of the period, what is held until then can only
    /// grow: what asks for less waits as well.
    fn change_terms(&mut self, billed: &mut BilledTerms, event: &LogEvent) -> Option<Turn> {
        let (at, old) = (event.at, billed.terms);
        let others_wait = event.before.terms != old;
        let RequestedTerms { new, index, policy } = self.asked(old, event);
        if self.is_switch(old, new, at) {
            let on_switch = self.prices[new.price].on_switch;
            if policy.map_or(on_switch == SwitchPolicy::PeriodEnd, waits) {
                return None;
            }
            self.leave(billed, index, at, at, self.credits(billed, at));
            let start = WallTime::new(at, self.changes[index].skipped);
            let cycle = self.renewed(billed.cycle, at);
            return Some(Turn::Early(at, self.switched(start, cycle)));
        }
        if old.price == new.price && old.billed_quantity() == new.billed_quantity() {
            // A quantity that changes during a pause costs nothing, and is what is resumed.
            billed.terms = new;
            return None;
        }
        let grows = self.grows(old, new);
        let is_break = is_break(self.changes[index].kind);
        let policy = policy.unwrap_or_else(|| self.policy((old, new), is_break, at));
        if waits(policy) || (others_wait && !grows) || self.waits_whole((old, new), at) {
            return None;
        }
        if self.is_arrears(old) && !self.prorates(old) {
            // The whole period is billed at its end, on the terms that it ends with.
            self.note_cost(new);
            billed.terms = new;
            return None;
        }
        self.take_over(billed, (index, at), new, policy);
        None
    }

    /// Bills the rest of a period on new terms, and gives back the rest on the old.
    fn take_over(
        &mut self,
        billed: &mut BilledTerms,
        (index, at): (usize, Instant),
        new: Terms,
        policy: ChangePolicy,
    ) {
        let due = if policy == ChangePolicy::Immediate { at } else { billed.period.end };
        self.bring_forward(billed, due);
        // The receipt names what is to be paid before what is given back for it.
        if !self.is_arrears(new) {
            self.push(billed, ChargeReason::Remaining(index), new, due, (at, billed.period.end));
        }
        self.leave(billed, index, at, due, true);
        self.note_cost(new);
        billed.terms = new;
        billed.since = at;
        billed.cause = ChargeReason::Segment(index);
        billed.charged_at = due;
        billed.has_charge |= self.charges(new);
    }

    /// Whether a change waits for the end of the period because periods count whole: a period that
    /// was begun is billed on the terms that it ends with. So a pause waits, and so does going to a
    /// price that counts otherwise or is billed at another time.
    fn waits_whole(&self, (old, new): (Terms, Terms), at: Instant) -> bool {
        if self.is_old(at) {
            return self.is_arrears(old) && !self.prorates(old);
        }
        if self.prorates(old) && self.prorates(new) {
            return false;
        }
        let is_alike = self.prorates(old) == self.prorates(new)
            && self.is_arrears(old) == self.is_arrears(new);
        let pauses = new.paused && !old.paused;
        pauses || !is_alike
    }

    /// Whether what was paid ahead is given back where a period ends early. A period that counts
    /// whole leaves nothing unused.
    fn credits(&self, billed: &BilledTerms, at: Instant) -> bool {
        self.is_old(at) || self.prorates(billed.terms)
    }

    /// What the rows of an event ask for now. A row waits by its own policy or else by that of the
    /// price; what the others ask for together is one change.
    fn asked(&self, old: Terms, event: &LogEvent) -> RequestedTerms {
        if event.rows.len() == 1 {
            let index = event.rows.start;
            let change = &self.changes[index];
            let new = old.with(change.kind, self.state.terms);
            return RequestedTerms { new, index, policy: change.policy };
        }
        let is_own = |change: &Change| change.policy.is_some_and(|policy| !waits(policy));
        let is_now = |change: &Change| change.policy.is_none_or(|policy| !waits(policy));
        let is_price = |change: &Change| matches!(change.kind, ChangeKind::Price { .. });
        let mut asked = self.asked_by(old, event, is_now);
        let on_switch = self.prices[asked.new.price].on_switch;
        let is_switch = self.is_switch(old, asked.new, event.at);
        if is_switch && on_switch == SwitchPolicy::PeriodEnd {
            asked = self.asked_by(old, event, |it| is_own(it) || (is_now(it) && !is_price(it)));
        }
        if self.is_switch(old, asked.new, event.at) {
            return asked.by(ChangePolicy::Immediate);
        }
        let rows = &self.changes[event.rows.clone()];
        let breaks = rows.iter().any(|change| is_now(change) && is_break(change.kind));
        let usual = self.policy((old, asked.new), breaks, event.at);
        if waits(usual) {
            asked = self.asked_by(old, event, is_own);
        }
        let is_at_once = rows.iter().any(|change| {
            is_now(change) && change.policy.unwrap_or(usual) == ChangePolicy::Immediate
        });
        let at_once = if is_at_once { ChangePolicy::Immediate } else { ChangePolicy::NextInvoice };
        asked.by(at_once)
    }

    /// What some of the rows of an event ask for, in their order.
    fn asked_by(
        &self,
        old: Terms,
        event: &LogEvent,
        is_meant: impl Fn(&Change) -> bool,
    ) -> RequestedTerms {
        let (mut log, mut new) = (event.before, old);
        for change in &self.changes[event.rows.clone()] {
            // It has been applied before, so it can be.
            let _ = log.apply(change, self.prices);
            if is_meant(change) {
                new = new.with(change.kind, log.terms);
            }
        }
        let index = self.named(event, |change| is_meant(change) && changes_terms(change.kind));
        RequestedTerms { new, index, policy: None }
    }

    /// What waits for the next invoice of the subscription goes on this one. So a credit is never
    /// on an earlier invoice than the charge it credits. Arrears wait for the end of the period.
    fn bring_forward(&mut self, billed: &mut BilledTerms, due: Instant) {
        for stretch in &mut self.pending {
            if matches!(stretch.cause, ChargeReason::Remaining(_) | ChargeReason::Unused(_)) {
                stretch.due = stretch.due.min(due);
                stretch.charge.due = stretch.charge.due.min(due);
            }
        }
        billed.charged_at = billed.charged_at.min(due);
    }

    /// Whether terms cost something, and ask for it in advance.
    fn charges(&self, terms: Terms) -> bool {
        !self.is_arrears(terms) && self.prices[terms.price].costs(terms.billed_quantity())
    }

    /// Whether going from `old` to `new` is an increase: by what a whole period costs, or, where
    /// both cost the same, by the units.
    fn grows(&self, old: Terms, new: Terms) -> bool {
        let cost = |terms: Terms| self.prices[terms.price].amount_for(terms.billed_quantity());
        match (cost(old), cost(new)) {
            (Some(old_cost), Some(new_cost)) if old_cost != new_cost => new_cost > old_cost,
            _ => new.billed_quantity() >= old.billed_quantity(),
        }
    }

    /// The policy of the price in force. Pause and resume follow the one for decreases, both of
    /// them: what a pause has credited, the resumption has to bill again. A change that costs as
    /// much as before asks for nothing at once.
    fn policy(&self, (old, new): (Terms, Terms), is_break: bool, at: Instant) -> ChangePolicy {
        let price = &self.prices[old.price];
        let grows = self.grows(old, new) && !is_break;
        let policy = if grows { price.on_increase } else { price.on_decrease };
        let cost = |terms: Terms| self.prices[terms.price].amount_for(terms.billed_quantity());
        let is_immediate = policy == ChangePolicy::Immediate;
        if is_immediate && !self.is_old(at) && cost(old) == cost(new) {
            return ChangePolicy::NextInvoice;
        }
        policy
    }

    /// Begins a period: in advance it is due now.
    fn enter(&mut self, billed: &BilledTerms, start: Instant) {
        if !self.is_arrears(billed.terms) {
            let service = (start, billed.period.end);
            self.push(billed, ChargeReason::Period, billed.terms, start, service);
        }
    }

    /// Ends the terms in force inside a period: what was paid ahead is credited, what was used
    /// in arrears is billed.
    fn leave(
        &mut self,
        billed: &BilledTerms,
        index: usize,
        at: Instant,
        due: Instant,
        credit: bool,
    ) {
        if self.is_arrears(billed.terms) {
            self.bill_segment(billed, at);
        } else if credit {
            let service = (at, billed.period.end);
            self.push(billed, ChargeReason::Unused(index), billed.terms, due, service);
        }
    }

    /// Segments wait for the end of the period; if it ends early, [`Walk::flush`] sees to it.
    fn bill_segment(&mut self, billed: &BilledTerms, until: Instant) {
        if until > billed.since {
            let due = billed.period.end;
            self.push(billed, billed.cause, billed.terms, due, (billed.since, until));
        }
    }

    fn push(
        &mut self,
        billed: &BilledTerms,
        cause: ChargeReason,
        terms: Terms,
        due: Instant,
        service: (Instant, Instant),
    ) {
        if !self.bills || terms.billed_quantity() == 0 {
            return;
        }
        let interval = self.prices[terms.price].interval;
        let stretch = ServicePeriod {
            cause,
            terms,
            due,
            service,
            period: billed.period,
            interval,
            cancelled_at: billed.cancelled_at,
            charge: charge(billed, cause, due, service),
            opens: match cause {
                ChargeReason::Period | ChargeReason::Segment(_) => true,
                ChargeReason::Remaining(_) => !billed.has_charge,
                ChargeReason::Unused(_) => false,
            },
        };
        self.pending.push(stretch);
    }

    /// Hands over the stretches of a period that ended at `end`: what would have waited for a
    /// later boundary falls due there.
    fn flush(&mut self, end: Instant) {
        let window = self.window;
        self.pending.retain_mut(|stretch| {
            stretch.due = stretch.due.min(end);
            stretch.charge.due = stretch.charge.due.min(end);
            window.contains(stretch.due)
        });
        self.timeline.stretches.append(&mut self.pending);
    }

    /// Whether a later row at the same instant takes a cancellation back, where each row is an event
    /// of its own.
    fn is_taken_back(&self, at: Instant) -> bool {
        let rest = self.changes[self.next..].iter().take_while(|change| change.at == at);
        rest.into_iter().any(|change| change.kind == ChangeKind::Uncancel)
    }

    fn prorates(&self, terms: Terms) -> bool {
        self.prices[terms.price].proration.granularity != Granularity::Period
    }

    pub(super) fn is_arrears(&self, terms: Terms) -> bool {
        self.prices[terms.price].billing == BillingMode::Arrears
    }
}

impl RequestedTerms {
    fn by(self, policy: ChangePolicy) -> Self {
        Self { policy: Some(policy), ..self }
    }
}

/// Whether a policy leaves a change to the end of the period.
fn waits(policy: ChangePolicy) -> bool {
    matches!(policy, ChangePolicy::PeriodEnd | ChangePolicy::None)
}

fn changes_terms(kind: ChangeKind) -> bool {
    !matches!(kind, ChangeKind::Cancel(_) | ChangeKind::Uncancel | ChangeKind::Anchor(_))
}

fn is_break(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Pause | ChangeKind::Resume)
}

/// What decides about the tax of a stretch: a credit is taxed as what it credits.
fn charge(
    billed: &BilledTerms,
    cause: ChargeReason,
    due: Instant,
    service: (Instant, Instant),
) -> Charge {
    match cause {
        ChargeReason::Unused(_) => {
            Charge { due: billed.charged_at, service: (billed.since, billed.period.end) }
        }
        ChargeReason::Period | ChargeReason::Segment(_) | ChargeReason::Remaining(_) => {
            Charge { due, service }
        }
    }
}
