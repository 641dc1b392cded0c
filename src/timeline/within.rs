//! One billing period: the charge at its start, the effect of each change, and its end.
//!
//! The service periods cover the billing period exactly once. Advance bills to the end and credits
//! unused time. Arrears bill each segment for the time it was in force.

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

/// The billed terms of the current period.
struct BilledTerms {
    period: Period,
    cycle: Cycle,
    terms: Terms,
    /// The start of the current segment, and its cause: arrears bill it later.
    since: Instant,
    cause: ChargeReason,
    cancelled_at: Option<Instant>,
    /// In advance, the due instant of the charge for the current terms.
    charged_at: Instant,
    /// Whether anything of the period was charged in advance.
    has_charge: bool,
    /// How many of the pending service periods no later change can move, because they are already
    /// due.
    settled: usize,
}

impl BilledTerms {
    fn status(&self) -> SubscriptionStatus {
        SubscriptionStatus::Running { terms: self.terms, until: self.period.end }
    }
}

/// An event inside a period: all rows of the log at one instant.
struct LogEvent {
    /// Their indices among the subscription's changes. Under the first rules each row is a separate
    /// event.
    rows: Range<usize>,
    at: Instant,
    /// The log before the event.
    before: TermsState,
}

/// The terms that an event requests now, without rows that wait for the end of the period.
struct RequestedTerms {
    new: Terms,
    /// The row that gives the change its id.
    index: usize,
    /// The policy of the rows, if they have one.
    policy: Option<ChangePolicy>,
}

/// The way a period ended.
pub(super) enum Turn {
    /// At its boundary.
    Boundary(Instant),
    /// Early: a new period with this cycle begins here.
    Early(Instant, Cycle),
    /// The subscription ended.
    Ended,
}

impl Walk<'_> {
    /// Bills one period and its changes. Returns how it ended, and its last billed terms.
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
            settled: 0,
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

    /// Applies an event. Its rows are one change: the end of the subscription comes first, then a
    /// new anchor, then a change of terms.
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

    /// The policy of an event that ends the subscription at once.
    fn ended_by(&self, event: &LogEvent) -> Option<CancelPolicy> {
        let policy = self.state.cancelled.filter(|policy| *policy != CancelPolicy::PeriodEnd)?;
        let mut rows = self.changes[event.rows.clone()].iter();
        let is_now = rows.any(|change| matches!(change.kind, ChangeKind::Cancel(_)));
        (is_now && !self.is_taken_back(event.at)).then_some(policy)
    }

    /// The row that gives an event its id, among the rows with `is_meant`. The order is:
    /// cancellation, anchor, price, quantity, pause; of several of a kind the last one. So the
    /// order of the other rows does not matter.
    fn named(&self, event: &LogEvent, is_meant: impl Fn(&Change) -> bool) -> usize {
        let rank = |index: usize| match self.changes[index].kind {
            ChangeKind::Cancel(_) => 0,
            ChangeKind::Anchor(_) => 1,
            ChangeKind::Price { .. } => 2,
            ChangeKind::Quantity(_) | ChangeKind::Delta(_) => 3,
            ChangeKind::Pause | ChangeKind::Resume => 4,
            ChangeKind::Uncancel => 5,
            ChangeKind::PriceList { .. } => 6,
            ChangeKind::Restart { .. } => 7,
        };
        let meant = event.rows.clone().filter(|index| is_meant(&self.changes[*index]));
        meant.min_by_key(|index| (rank(*index), Reverse(*index))).unwrap_or(event.rows.start)
    }

    /// Puts the requested terms into force, if the policy allows it now.
    ///
    /// While an earlier change waits for the end of the period, the terms can only grow until then.
    /// A decrease waits too.
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
            // A quantity change during a pause costs nothing. Resuming uses the new quantity.
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
            // The whole period is billed at its end, on the terms at that time.
            self.note_cost(new);
            billed.terms = new;
            return None;
        }
        self.take_over(billed, (index, at), new, policy);
        None
    }

    /// Bills the rest of a period on new terms, and credits the rest on the old terms.
    fn take_over(
        &mut self,
        billed: &mut BilledTerms,
        (index, at): (usize, Instant),
        new: Terms,
        policy: ChangePolicy,
    ) {
        let due = if policy == ChangePolicy::Immediate { at } else { billed.period.end };
        self.bring_forward(billed, due);
        // The invoice lists the charge before the credit.
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

    /// Whether a change waits because periods count whole: a begun period is billed on the terms at
    /// its end. So a pause waits, and so does a switch to a price with another granularity or
    /// billing mode.
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

    /// Whether a period that ends early gets a credit for prepaid time. A period that counts whole
    /// has no unused time.
    fn credits(&self, billed: &BilledTerms, at: Instant) -> bool {
        self.is_old(at) || self.prorates(billed.terms)
    }

    /// The terms that an event requests now. A row waits by its own policy, or by the policy of the
    /// price. The other rows are one change.
    fn asked(&self, old: Terms, event: &LogEvent) -> RequestedTerms {
        if event.rows.len() == 1 {
            let index = event.rows.start;
            let change = &self.changes[index];
            let new = old.with(change.kind, self.state.terms);
            return RequestedTerms { new, index, policy: change.policy };
        }
        let is_own = |change: &Change| change.policy.is_some_and(|policy| !waits(policy));
        let is_now = |change: &Change| change.policy.is_none_or(|policy| !waits(policy));
        let is_price = |change: &Change| {
            matches!(change.kind, ChangeKind::Price { .. } | ChangeKind::PriceList { .. })
        };
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

    /// The terms that some rows of an event request, applied in order.
    fn asked_by(
        &self,
        old: Terms,
        event: &LogEvent,
        is_meant: impl Fn(&Change) -> bool,
    ) -> RequestedTerms {
        let (mut log, mut new) = (event.before, old);
        for change in &self.changes[event.rows.clone()] {
            if matches!(change.kind, ChangeKind::Restart { .. }) {
                continue;
            }
            // It was applied before, so it cannot fail.
            let _ = log.apply(change, self.prices);
            if is_meant(change) {
                new = new.with(change.kind, log.terms);
            }
        }
        let index = self.named(event, |change| is_meant(change) && changes_terms(change.kind));
        RequestedTerms { new, index, policy: None }
    }

    /// Moves dues for the next invoice of the subscription to this one. So a credit is never on an
    /// earlier invoice than its charge. Arrears wait for the end of the period.
    ///
    /// Changes come in order of time. So each service period moves at most once, and many changes
    /// of one period take time in proportion to their number.
    fn bring_forward(&mut self, billed: &mut BilledTerms, due: Instant) {
        if due >= billed.period.end {
            return;
        }
        for stretch in &mut self.pending[billed.settled..] {
            if matches!(stretch.cause, ChargeReason::Remaining(_) | ChargeReason::Unused(_)) {
                stretch.due = stretch.due.min(due);
                stretch.charge.due = stretch.charge.due.min(due);
            }
        }
        billed.settled = self.pending.len();
        billed.charged_at = billed.charged_at.min(due);
    }

    /// Whether terms cost something in advance.
    fn charges(&self, terms: Terms) -> bool {
        !self.is_arrears(terms) && self.prices[terms.price].costs(terms.billed_quantity())
    }

    /// Whether a change is an increase: by the price of a whole period or, if equal, by the units.
    fn grows(&self, old: Terms, new: Terms) -> bool {
        let cost = |terms: Terms| self.prices[terms.price].amount_for(terms.billed_quantity());
        match (cost(old), cost(new)) {
            (Some(old_cost), Some(new_cost)) if old_cost != new_cost => new_cost > old_cost,
            _ => new.billed_quantity() >= old.billed_quantity(),
        }
    }

    /// The policy of the price in force. Pause and resume both follow the policy for decreases,
    /// because a resume must bill again what the pause credited. A change without a price
    /// difference has no effect at once.
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

    /// Begins a period. In advance it is due now.
    fn enter(&mut self, billed: &BilledTerms, start: Instant) {
        if !self.is_arrears(billed.terms) {
            let service = (start, billed.period.end);
            self.push(billed, ChargeReason::Period, billed.terms, start, service);
        }
    }

    /// Ends the current terms inside a period: credits prepaid time, or bills used time in arrears.
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

    /// Segments wait for the end of the period. If it ends early, [`Walk::flush`] bills them.
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
            moved: self.moved_to(terms, cause),
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

    /// The row of the price list that the first charge on its new price names.
    fn moved_to(&mut self, terms: Terms, cause: ChargeReason) -> Option<usize> {
        let is_it = |index: &usize| self.changes[*index].kind.price() == Some(terms.price);
        let is_charge = !matches!(cause, ChargeReason::Unused(_));
        let moved = self.moved.filter(is_it).filter(|_| is_charge)?;
        self.moved = None;
        Some(moved)
    }

    /// Delivers the service periods of a period that ended at `end`. Dues for a later boundary fall
    /// due there.
    fn flush(&mut self, end: Instant) {
        let window = self.window;
        self.pending.retain_mut(|stretch| {
            stretch.due = stretch.due.min(end);
            stretch.charge.due = stretch.charge.due.min(end);
            window.contains(stretch.due)
        });
        self.timeline.stretches.append(&mut self.pending);
    }

    /// Whether a later row at the same instant takes a cancellation back. It matters where each row
    /// is a separate event.
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

/// Whether a change with this policy waits for the end of the period.
fn waits(policy: ChangePolicy) -> bool {
    matches!(policy, ChangePolicy::PeriodEnd | ChangePolicy::None)
}

fn changes_terms(kind: ChangeKind) -> bool {
    !matches!(
        kind,
        ChangeKind::Cancel(_)
            | ChangeKind::Uncancel
            | ChangeKind::Anchor(_)
            | ChangeKind::Restart { .. }
    )
}

fn is_break(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Pause | ChangeKind::Resume)
}

/// The charge that decides the tax of a service period: for a credit, the credited charge.
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
