//! Inside one billing period: what it bills at its start, what each change in it brings and takes
//! back, and how it ends.
//!
//! The stretches of a period tile it: advance pays to the end and credits what is not used,
//! arrears bill each segment for the time it was in force.

use super::state::Effect;
use super::walk::Walk;
use super::{Charge, Cycle, Period, Standing, Stretch, StretchCause, Terms, TimelineError};
use crate::model::{
    BillingMode, CancelPolicy, ChangeKind, ChangePolicy, Granularity, SwitchPolicy,
};
use crate::value::Instant;

/// What is billed in the period the walk is in.
struct Billed {
    period: Period,
    cycle: Cycle,
    terms: Terms,
    /// Where the current segment began, and why: what arrears bill later.
    since: Instant,
    cause: StretchCause,
    cancelled_at: Option<Instant>,
    /// In advance, when the terms in force were charged.
    charged_at: Instant,
    /// Whether anything of the period has been charged in advance.
    has_charge: bool,
}

impl Billed {
    fn standing(&self) -> Standing {
        Standing::Running { terms: self.terms, until: self.period.end }
    }
}

/// A change of terms inside a period.
#[derive(Clone, Copy)]
struct Event {
    index: usize,
    at: Instant,
    /// Whether earlier changes wait for the end of the period.
    others_wait: bool,
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
        let mut billed = Billed {
            period,
            cycle: *cycle,
            terms,
            since: start,
            cause: StretchCause::Period,
            cancelled_at: None,
            charged_at: start,
            has_charge: self.charges(terms),
        };
        self.enter(&billed, start);
        while let Some(at) = self.next_at().filter(|at| *at < period.end) {
            self.pass(at, billed.standing());
            let index = self.next;
            let others_wait = self.state.terms != billed.terms;
            let effect = self.apply_next()?;
            let turn = match effect {
                Effect::Nothing | Effect::Cancel(CancelPolicy::PeriodEnd) => None,
                Effect::Cancel(_) if self.is_taken_back(at) => None,
                Effect::Cancel(policy) => {
                    billed.cancelled_at = Some(at);
                    // A period that counts whole leaves nothing unused.
                    let credit = policy == CancelPolicy::Immediate && self.prorates(billed.terms);
                    self.leave(&billed, index, at, at, credit);
                    Some(Turn::Ended)
                }
                Effect::Anchor => {
                    self.leave(&billed, index, at, at, true);
                    let anchor = self.state.new_anchor.take().unwrap_or(at);
                    let interval = self.prices[self.state.terms.price].interval;
                    Some(Turn::Early(at, Cycle::new(anchor, interval, self.ledger.account.zone)))
                }
                Effect::Terms => self.change_terms(&mut billed, Event { index, at, others_wait }),
            };
            if let Some(turn) = turn {
                self.flush(at);
                return Ok((turn, self.state.terms));
            }
        }
        if self.is_arrears(billed.terms) {
            self.bill_segment(&billed, period.end);
        }
        self.pass(period.end, billed.standing());
        self.flush(period.end);
        Ok((Turn::Boundary(period.end), billed.terms))
    }

    /// Brings what a change asks for into force, if the policy says so now.
    ///
    /// While an earlier change waits for the end of the period, what is held until then can only
    /// grow: what asks for less waits as well.
    fn change_terms(&mut self, billed: &mut Billed, event: Event) -> Option<Turn> {
        let Event { index, at, others_wait } = event;
        let change = &self.changes[index];
        let old = billed.terms;
        let new = old.with(change.kind, self.state.terms);
        let waits = |policy| matches!(policy, ChangePolicy::PeriodEnd | ChangePolicy::None);
        if self.is_switch(old, new, at) {
            let on_switch = self.prices[new.price].on_switch;
            if change.policy.map_or(on_switch == SwitchPolicy::PeriodEnd, waits) {
                return None;
            }
            self.leave(billed, index, at, at, true);
            return Some(Turn::Early(at, self.switched(at, billed.cycle)));
        }
        if old.price == new.price && old.billed_quantity() == new.billed_quantity() {
            // A quantity that changes during a pause costs nothing, and is what is resumed.
            billed.terms = new;
            return None;
        }
        let grows = self.grows(old, new);
        let policy = change.policy.unwrap_or_else(|| self.policy(change.kind, old, grows));
        // In arrears a period that counts whole is billed on the terms it began with.
        let is_fixed = self.is_arrears(old) && !self.prorates(old);
        if waits(policy) || is_fixed || (others_wait && !grows) {
            return None;
        }
        let due = if policy == ChangePolicy::Immediate { at } else { billed.period.end };
        self.bring_forward(billed, due);
        // The receipt names what is to be paid before what is given back for it.
        if !self.is_arrears(new) {
            self.push(billed, StretchCause::Remaining(index), new, due, (at, billed.period.end));
        }
        self.leave(billed, index, at, due, true);
        self.note_cost(new);
        billed.terms = new;
        billed.since = at;
        billed.cause = StretchCause::Segment(index);
        billed.charged_at = due;
        billed.has_charge |= self.charges(new);
        None
    }

    /// What waits for the next invoice of the subscription goes on this one. So a credit is never
    /// on an earlier invoice than the charge it credits. Arrears wait for the end of the period.
    fn bring_forward(&mut self, billed: &mut Billed, due: Instant) {
        for stretch in &mut self.pending {
            if matches!(stretch.cause, StretchCause::Remaining(_) | StretchCause::Unused(_)) {
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
    /// them: what a pause has credited, the resumption has to bill again.
    fn policy(&self, kind: ChangeKind, old: Terms, grows: bool) -> ChangePolicy {
        let price = &self.prices[old.price];
        let is_break = matches!(kind, ChangeKind::Pause | ChangeKind::Resume);
        if grows && !is_break { price.on_increase } else { price.on_decrease }
    }

    /// Begins a period: in advance it is due now.
    fn enter(&mut self, billed: &Billed, start: Instant) {
        if !self.is_arrears(billed.terms) {
            let service = (start, billed.period.end);
            self.push(billed, StretchCause::Period, billed.terms, start, service);
        }
    }

    /// Ends the terms in force inside a period: what was paid ahead is credited, what was used
    /// in arrears is billed.
    fn leave(&mut self, billed: &Billed, index: usize, at: Instant, due: Instant, credit: bool) {
        if self.is_arrears(billed.terms) {
            self.bill_segment(billed, at);
        } else if credit {
            let service = (at, billed.period.end);
            self.push(billed, StretchCause::Unused(index), billed.terms, due, service);
        }
    }

    /// Segments wait for the end of the period; if it ends early, [`Walk::flush`] sees to it.
    fn bill_segment(&mut self, billed: &Billed, until: Instant) {
        if until > billed.since {
            let due = billed.period.end;
            self.push(billed, billed.cause, billed.terms, due, (billed.since, until));
        }
    }

    fn push(
        &mut self,
        billed: &Billed,
        cause: StretchCause,
        terms: Terms,
        due: Instant,
        service: (Instant, Instant),
    ) {
        if !self.bills || terms.billed_quantity() == 0 {
            return;
        }
        let interval = self.prices[terms.price].interval;
        let stretch = Stretch {
            cause,
            terms,
            due,
            service,
            period: billed.period,
            interval,
            cancelled_at: billed.cancelled_at,
            charge: charge(billed, cause, due, service),
            opens: match cause {
                StretchCause::Period | StretchCause::Segment(_) => true,
                StretchCause::Remaining(_) => !billed.has_charge,
                StretchCause::Unused(_) => false,
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

    /// Whether a later row at the same instant takes a cancellation back.
    fn is_taken_back(&self, at: Instant) -> bool {
        let rest = self.changes[self.next..].iter().take_while(|change| change.at == at);
        rest.into_iter().any(|change| change.kind == ChangeKind::Uncancel)
    }

    fn prorates(&self, terms: Terms) -> bool {
        self.prices[terms.price].proration.granularity != Granularity::Period
    }

    fn is_arrears(&self, terms: Terms) -> bool {
        self.prices[terms.price].billing == BillingMode::Arrears
    }
}

/// What decides about the tax of a stretch: a credit is taxed as what it credits.
fn charge(
    billed: &Billed,
    cause: StretchCause,
    due: Instant,
    service: (Instant, Instant),
) -> Charge {
    match cause {
        StretchCause::Unused(_) => {
            Charge { due: billed.charged_at, service: (billed.since, billed.period.end) }
        }
        StretchCause::Period | StretchCause::Segment(_) | StretchCause::Remaining(_) => {
            Charge { due, service }
        }
    }
}
