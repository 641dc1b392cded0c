//! The walk along a subscription's life: period by period, change by change.
//!
//! Two layers are kept apart: what the log says is in force, and what is billed until the end of
//! the period. They differ after a change whose policy waits for the renewal, and meet again at
//! every boundary. A change exactly at a boundary belongs to the period that begins there.

use chrono::{Datelike as _, Months};

use super::state::{Effect, State};
use super::{Cycle, Period, Stretch, StretchCause, Terms, TimelineError, Window};
use crate::model::{
    BillingMode, CancelPolicy, Change, ChangeKind, ChangePolicy, Granularity, Ledger, Price,
    SwitchPolicy,
};
use crate::value::{Instant, Zone};

/// The billed life of one subscription, within a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// What falls due in the window, in the order in which it came about.
    pub stretches: Vec<Stretch>,
    /// Indices of changes that have no effect, because the subscription had ended.
    pub ineffective: Vec<usize>,
    /// When it ended, if it has.
    pub ended_at: Option<Instant>,
}

/// Walks along a subscription's life up to the end of the window. Later changes are not looked
/// at: they are not due yet.
///
/// # Errors
/// The first change that contradicts the story so far.
pub fn timeline(
    ledger: Ledger<'_>,
    prices: &[Price],
    window: Window,
) -> Result<Timeline, TimelineError> {
    let subscription = ledger.subscription;
    let terms = Terms { price: subscription.price, quantity: subscription.quantity, paused: false };
    let known = ledger.changes.partition_point(|change| change.at <= window.through);
    let mut walk = Walk {
        ledger,
        prices,
        window,
        changes: &ledger.changes[..known],
        next: 0,
        state: State { terms, cancelled: None, new_anchor: None },
        pending: Vec::new(),
        timeline: Timeline::default(),
    };
    walk.run()?;
    Ok(walk.timeline)
}

struct Walk<'a> {
    ledger: Ledger<'a>,
    prices: &'a [Price],
    window: Window,
    changes: &'a [Change],
    /// The first change not yet applied.
    next: usize,
    state: State,
    /// Stretches of the current period, whose due instant a switch may still bring forward.
    pending: Vec<Stretch>,
    timeline: Timeline,
}

/// What is billed in the period the walk is in.
struct Billed {
    period: Period,
    cycle: Cycle,
    terms: Terms,
    /// Where the current segment began, and why: what arrears bill later.
    since: Instant,
    cause: StretchCause,
    cancelled_at: Option<Instant>,
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
enum Turn {
    /// At its boundary.
    Boundary(Instant),
    /// Early: a new period begins here, counted by this cycle.
    Early(Instant, Cycle),
    /// With the subscription.
    Ended(Instant),
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), TimelineError> {
        let Some(first) = self.trial()? else { return Ok(()) };
        let mut start = first;
        let mut cycle: Option<Cycle> = None;
        let mut billed: Option<Terms> = None;
        let mut is_boundary = true;
        while start <= self.window.through {
            if self.ends_at_start(start, is_boundary)? {
                self.end(start);
                break;
            }
            let current = self.cycle_at(start, billed, cycle.take());
            let terms = self.state.terms;
            let target = self.skip_to(&current, start);
            if target > start {
                (start, cycle, billed) = (target, Some(current), Some(terms));
                continue;
            }
            match self.period(start, current, terms)? {
                (Turn::Boundary(end), terms) => {
                    is_boundary = true;
                    billed = Some(terms);
                    cycle = Some(current);
                    start = end;
                    if self.state.cancelled.is_some() {
                        self.end(end);
                        break;
                    }
                }
                (Turn::Early(at, next), terms) => {
                    // Terms are those of the log from here on: the switch has been made.
                    is_boundary = false;
                    billed = Some(terms);
                    cycle = Some(next);
                    start = at;
                }
                (Turn::Ended(at), _) => {
                    self.end(at);
                    break;
                }
            }
        }
        Ok(())
    }

    /// Applies the changes at the start of a period. A cancellation among them ends the
    /// subscription at a boundary, before the period is billed. Where a switch began the period,
    /// one for the end of the period waits for the end of the new one.
    fn ends_at_start(&mut self, start: Instant, is_boundary: bool) -> Result<bool, TimelineError> {
        self.apply_up_to(start)?;
        Ok(match self.state.cancelled {
            None => false,
            Some(CancelPolicy::PeriodEnd) => is_boundary,
            Some(CancelPolicy::Immediate | CancelPolicy::ImmediateNoCredit) => true,
        })
    }

    /// Whether a later row at the same instant takes a cancellation back.
    fn is_taken_back(&self, at: Instant) -> bool {
        let rest = self.changes[self.next..].iter().take_while(|change| change.at == at);
        rest.into_iter().any(|change| change.kind == ChangeKind::Uncancel)
    }

    /// The start of the last period that nothing happens before and nothing wanted falls due
    /// before: what lies between was billed by earlier closes, and need not be walked through.
    fn skip_to(&self, cycle: &Cycle, start: Instant) -> Instant {
        let Some(after) = self.window.after.filter(|_| self.state.cancelled.is_none()) else {
            return start;
        };
        let target = self.next_at().map_or(after, |event| event.min(after));
        if target <= start { start } else { cycle.boundary(cycle.index_at(target)).max(start) }
    }

    /// Goes through a free trial and returns where the first period begins, if one does.
    fn trial(&mut self) -> Result<Option<Instant>, TimelineError> {
        let subscription = self.ledger.subscription;
        let Some(end) = subscription.trial_end else { return Ok(Some(subscription.started_at)) };
        while let Some(at) = self.next_at().filter(|at| *at < end) {
            self.apply_up_to(at)?;
            if self.state.cancelled.is_some_and(|policy| policy != CancelPolicy::PeriodEnd) {
                self.end(at);
                return Ok(None);
            }
        }
        if self.state.cancelled.is_some() && end <= self.window.through {
            self.end(end);
            return Ok(None);
        }
        Ok(Some(end))
    }

    /// The cycle that the period beginning at `start` belongs to.
    fn cycle_at(&mut self, start: Instant, billed: Option<Terms>, cycle: Option<Cycle>) -> Cycle {
        let zone = self.ledger.account.zone;
        let price = &self.prices[self.state.terms.price];
        let new_anchor = self.state.new_anchor.take();
        let Some(cycle) = cycle else {
            let explicit = new_anchor.or(self.ledger.subscription.anchor);
            let anchor = explicit.unwrap_or_else(|| natural_anchor(price, start, zone));
            return Cycle::new(anchor, price.interval, zone);
        };
        if let Some(anchor) = new_anchor {
            return Cycle::new(anchor, price.interval, zone);
        }
        match billed {
            Some(billed) if self.is_switch(billed, self.state.terms) => self.switched(start, cycle),
            _ => cycle,
        }
    }

    /// The cycle after a switch at `start` to the terms of the log.
    fn switched(&self, start: Instant, cycle: Cycle) -> Cycle {
        let zone = self.ledger.account.zone;
        let price = &self.prices[self.state.terms.price];
        let anchor = match price.on_switch {
            SwitchPolicy::KeepAnchor => cycle.anchor(),
            SwitchPolicy::Restart | SwitchPolicy::PeriodEnd => natural_anchor(price, start, zone),
        };
        Cycle::new(anchor, price.interval, zone)
    }

    /// Whether going from `old` to `new` changes the length of periods, the currency, or a free
    /// price for a paid one, so that a new period begins.
    fn is_switch(&self, old: Terms, new: Terms) -> bool {
        let (old_price, new_price) = (&self.prices[old.price], &self.prices[new.price]);
        old.price != new.price
            && (old_price.interval.length() != new_price.interval.length()
                || old_price.currency != new_price.currency
                || (old_price.is_free(old.quantity) && !new_price.is_free(new.quantity)))
    }

    /// Bills one period and the changes inside it. Returns how it ended and the terms it was
    /// billed on last.
    fn period(
        &mut self,
        start: Instant,
        cycle: Cycle,
        terms: Terms,
    ) -> Result<(Turn, Terms), TimelineError> {
        let period = cycle.period_from(start);
        let mut billed = Billed {
            period,
            cycle,
            terms,
            since: start,
            cause: StretchCause::Period,
            cancelled_at: None,
        };
        self.enter(&billed, start);
        while let Some(at) = self.next_at().filter(|at| *at < period.end) {
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
                    Some(Turn::Ended(at))
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
        if self.is_switch(old, new) {
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
        // The receipt names what is to be paid before what is given back for it.
        if !self.is_arrears(new) {
            self.push(billed, StretchCause::Remaining(index), new, due, (at, billed.period.end));
        }
        self.leave(billed, index, at, due, true);
        billed.terms = new;
        billed.since = at;
        billed.cause = StretchCause::Segment(index);
        None
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
        if terms.billed_quantity() == 0 {
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
        };
        self.pending.push(stretch);
    }

    /// Hands over the stretches of a period that ended at `end`: what would have waited for a
    /// later boundary falls due there.
    fn flush(&mut self, end: Instant) {
        let window = self.window;
        let due =
            self.pending.drain(..).map(|stretch| Stretch { due: stretch.due.min(end), ..stretch });
        self.timeline.stretches.extend(due.filter(|stretch| window.contains(stretch.due)));
    }

    fn prorates(&self, terms: Terms) -> bool {
        self.prices[terms.price].proration.granularity != Granularity::Period
    }

    fn is_arrears(&self, terms: Terms) -> bool {
        self.prices[terms.price].billing == BillingMode::Arrears
    }

    fn next_at(&self) -> Option<Instant> {
        self.changes.get(self.next).map(|change| change.at)
    }

    fn apply_next(&mut self) -> Result<Effect, TimelineError> {
        let index = self.next;
        self.next += 1;
        self.state
            .apply(&self.changes[index], self.prices)
            .map_err(|kind| TimelineError { change: index, kind })
    }

    /// Applies every change up to and at `instant`, without billing any.
    fn apply_up_to(&mut self, instant: Instant) -> Result<(), TimelineError> {
        while self.next_at().is_some_and(|at| at <= instant) {
            self.apply_next()?;
        }
        Ok(())
    }

    /// The subscription is over: what the log says of it later has no effect.
    fn end(&mut self, at: Instant) {
        self.timeline.ended_at = Some(at);
        // Those of earlier closes were named then.
        let after = self.window.after;
        let is_new = |index: &usize| after.is_none_or(|after| self.changes[*index].at > after);
        self.timeline.ineffective.extend((self.next..self.changes.len()).filter(is_new));
    }
}

/// Where periods are counted from that begin at `start`: there, or on the last day before it that
/// the price names, so that the first period is a share of a whole one.
fn natural_anchor(price: &Price, start: Instant, zone: Zone) -> Instant {
    let Some(day) = price.anchor_day else { return start };
    let date = zone.date(start);
    let months = (0..=2).filter_map(|back| date.checked_sub_months(Months::new(back)));
    // The anchor keeps a day that shorter months lack: 31 is looked for in a month that has it.
    let days = months.filter_map(|month| month.with_day(day));
    days.filter(|day| *day <= date).max().map_or(start, |day| zone.midnight(day))
}
