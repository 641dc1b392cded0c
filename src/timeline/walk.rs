//! The walk through a subscription: period by period, change by change.
//!
//! It keeps two layers apart: the terms by the log, and the billed terms until the end of the
//! period. They differ after a change that waits for the renewal, and agree again at every
//! boundary. A change exactly at a boundary belongs to the period that begins there.

use std::ops::Range;

use chrono::{Datelike as _, Months};

use super::service_period::{ServicePeriod, Window};
use super::state::TermsState;
use super::status::SubscriptionStatus;
use super::within::Turn;
use super::{Cycle, Terms, TimelineError};
use crate::model::{
    CancelPolicy, Change, ChangeKind, Price, Subscription, SubscriptionLog, SwitchPolicy,
};
use crate::value::{Instant, Moment, WallTime, Zone};

/// The service periods of one subscription within a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// The service periods due in the window, in order of origin.
    pub(crate) stretches: Vec<ServicePeriod>,
    /// Indices of changes without effect, because the subscription had ended.
    pub(crate) ineffective: Vec<usize>,
}

/// Walks through a subscription up to the end of the window. It ignores later changes, because they
/// are not due yet.
///
/// # Errors
/// The first change that contradicts the earlier log.
pub(crate) fn timeline(
    ledger: SubscriptionLog<'_>,
    prices: &[Price],
    window: Window,
) -> Result<Timeline, TimelineError> {
    let mut walk = Walk::new(ledger, prices, window);
    walk.run()?;
    Ok(walk.timeline)
}

pub(super) struct Walk<'a> {
    pub(super) ledger: SubscriptionLog<'a>,
    pub(super) prices: &'a [Price],
    pub(super) window: Window,
    pub(super) changes: &'a [Change],
    /// The first change that is not applied yet.
    pub(super) next: usize,
    pub(super) state: TermsState,
    /// Service periods of the current period. A switch can still make them due earlier.
    pub(super) pending: Vec<ServicePeriod>,
    pub(super) timeline: Timeline,
    /// The status at the end of the window, once known.
    pub(super) status: SubscriptionStatus,
    /// Whether any terms so far have cost something.
    pub(super) has_cost: bool,
    /// Whether dues are wanted, or only the status.
    pub(super) bills: bool,
    /// An earlier instant at which the status is wanted, if any.
    pub(super) halfway: Option<Instant>,
    /// The status at `halfway`, once known, and whether anything had cost something.
    pub(super) stood: Option<(SubscriptionStatus, bool)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(ledger: SubscriptionLog<'a>, prices: &'a [Price], window: Window) -> Self {
        let Subscription { price, quantity, .. } = *ledger.subscription;
        let terms = Terms { price, quantity, paused: false };
        let known = ledger.changes.partition_point(|change| change.at <= window.through);
        Self {
            ledger,
            prices,
            window,
            changes: &ledger.changes[..known],
            next: 0,
            state: TermsState { terms, cancelled: None, new_anchor: None },
            pending: Vec::new(),
            timeline: Timeline::default(),
            status: SubscriptionStatus::NotBegun,
            has_cost: false,
            bills: true,
            halfway: None,
            stood: None,
        }
    }
}

impl Walk<'_> {
    pub(super) fn run(&mut self) -> Result<(), TimelineError> {
        self.pass(self.ledger.subscription.started_at, SubscriptionStatus::NotBegun);
        let Some(first) = self.trial()? else { return Ok(()) };
        self.status = SubscriptionStatus::Trial(first);
        let mut start = first;
        let mut cycle: Option<Cycle> = None;
        let mut billed: Option<Terms> = None;
        let mut is_boundary = true;
        while start <= self.window.through {
            if self.ends_at_start(start, is_boundary)? {
                self.end();
                break;
            }
            let mut current = self.cycle_at(start, billed, cycle.take());
            let terms = self.state.terms;
            self.note_cost(terms);
            let target = self.skip_to(&mut current, start);
            if target > start {
                (start, cycle, billed) = (target, Some(current), Some(terms));
                continue;
            }
            current = self.renewed_ahead(start, current, terms)?;
            match self.period(start, &mut current, terms)? {
                (Turn::Boundary(end), terms) => {
                    is_boundary = true;
                    billed = Some(terms);
                    cycle = Some(current);
                    start = end;
                    self.status = SubscriptionStatus::Running { terms, until: end };
                    if self.state.cancelled.is_some() {
                        self.end();
                        break;
                    }
                }
                (Turn::Early(at, next), terms) => {
                    // From here on the log has the terms, because the switch is complete.
                    is_boundary = false;
                    billed = Some(terms);
                    cycle = Some(next);
                    start = at;
                }
                (Turn::Ended, _) => {
                    self.end();
                    break;
                }
            }
        }
        Ok(())
    }

    /// Applies the changes at the start of a period. A cancellation among them ends the
    /// subscription before the period is billed. If a switch began the period, a cancellation for
    /// the end of the period waits for the end of the new one.
    fn ends_at_start(&mut self, start: Instant, is_boundary: bool) -> Result<bool, TimelineError> {
        self.apply_up_to(start)?;
        Ok(match self.state.cancelled {
            None => false,
            Some(CancelPolicy::PeriodEnd) => is_boundary,
            Some(CancelPolicy::Immediate | CancelPolicy::ImmediateNoCredit) => true,
        })
    }

    /// The start of the first period that matters. Earlier closes billed the periods before it, and
    /// no change is in them, so the walk skips them.
    fn skip_to(&self, cycle: &mut Cycle, start: Instant) -> Instant {
        let Some(after) = self.window.after.filter(|_| self.state.cancelled.is_none()) else {
            return start;
        };
        let mut target = self.next_at().map_or(after, |event| event.min(after));
        if let Some(last) = self.ledger.rules.last_old().filter(|last| start <= *last) {
            // Do not skip the last period of the old rules.
            target = target.min(last);
        }
        if target <= start { start } else { cycle.boundary_at(target).max(start) }
    }

    /// Passes a free trial and returns the start of the first period, if there is one.
    fn trial(&mut self) -> Result<Option<Instant>, TimelineError> {
        let subscription = self.ledger.subscription;
        let Some(end) = subscription.trial_end else { return Ok(Some(subscription.started_at)) };
        while let Some(at) = self.next_at().filter(|at| *at < end) {
            self.pass(at, SubscriptionStatus::Trial(end));
            self.apply_up_to(at)?;
            if self.state.cancelled.is_some_and(|policy| policy != CancelPolicy::PeriodEnd) {
                self.end();
                return Ok(None);
            }
        }
        self.pass(end, SubscriptionStatus::Trial(end));
        if self.state.cancelled.is_some() && end <= self.window.through {
            self.end();
            return Ok(None);
        }
        Ok(Some(end))
    }

    /// The cycle of the period that begins at `start`.
    fn cycle_at(&mut self, start: Instant, billed: Option<Terms>, cycle: Option<Cycle>) -> Cycle {
        let price = &self.prices[self.state.terms.price];
        let new_anchor = self.state.new_anchor.take();
        let Some(cycle) = cycle else {
            let subscription = self.ledger.subscription;
            return match new_anchor.or(subscription.anchor) {
                Some(anchor) => self.counted_from(anchor, start, price),
                None => self.natural_cycle(WallTime::new(start, subscription.skipped), price),
            };
        };
        if let Some(anchor) = new_anchor {
            return self.counted_from(anchor, start, price);
        }
        let mut cycle = self.renewed(cycle, start);
        match billed {
            Some(billed) if self.is_switch(billed, self.state.terms, start) => {
                let start = cycle.wall_time(start);
                self.switched(start, cycle)
            }
            _ => cycle,
        }
    }

    /// A cycle from an anchor in the input.
    pub(super) fn counted_from(&self, anchor: WallTime, start: Instant, price: &Price) -> Cycle {
        let zone = self.ledger.account.zone;
        if self.is_old(start) {
            Cycle::by_first_rules(anchor, price.interval, zone)
        } else {
            Cycle::new(anchor, price.interval, zone)
        }
    }

    /// The cycle of a price for periods from `start` on. It counts from there, or from the price's
    /// day of the calendar. In that case the first period is a share of a whole one.
    fn natural_cycle(&self, start: WallTime, price: &Price) -> Cycle {
        let (at, zone) = (start.instant(), self.ledger.account.zone);
        match price.calendar {
            None => self.counted_from(start, at, price),
            Some(calendar) if self.is_old(at) => {
                let anchor = calendar.day_of_month().and_then(|day| first_anchor(day, at, zone));
                self.counted_from(anchor.unwrap_or(start), at, price).found_by(calendar)
            }
            Some(calendar) => Cycle::of_calendar(calendar, start, price.interval.length(), zone),
        }
    }

    /// The cycle by the new rules, if the old ones counted up to `start`.
    pub(super) fn renewed(&self, cycle: Cycle, start: Instant) -> Cycle {
        let is_over = cycle.is_of_first_rules() && !self.is_old(start);
        if is_over { cycle.renewed(start) } else { cycle }
    }

    /// The cycle by the new rules for a period that began under the old rules. It applies in
    /// arrears, if no close of the old rules billed any of the period, and if it does not end
    /// before the last such close. Otherwise returns the cycle unchanged.
    fn renewed_ahead(
        &self,
        start: Instant,
        cycle: Cycle,
        terms: Terms,
    ) -> Result<Cycle, TimelineError> {
        let last = self.ledger.rules.last_old().filter(|last| start <= *last);
        let Some(last) = last.filter(|_| cycle.is_of_first_rules() && self.is_arrears(terms))
        else {
            return Ok(cycle);
        };
        let (mut old, mut new) = (cycle, cycle.renewed(start));
        if old.period_from(start).end <= last || new.period_from(start).end <= last {
            return Ok(cycle);
        }
        let known = self.changes.partition_point(|change| change.at <= last);
        let mut then = Walk {
            window: Window { after: None, through: last },
            changes: &self.changes[..known],
            pending: Vec::new(),
            timeline: Timeline::default(),
            bills: true,
            ..*self
        };
        let (turn, _) = then.period(start, &mut old, terms)?;
        let is_billed = !matches!(turn, Turn::Boundary(_)) || !then.timeline.stretches.is_empty();
        Ok(if is_billed { cycle } else { new })
    }

    /// The cycle after a switch at `start` to the terms of the log.
    ///
    /// A kept anchor does not change, unless both the calendar gave it and the new price has a day
    /// of the calendar.
    pub(super) fn switched(&self, start: WallTime, cycle: Cycle) -> Cycle {
        let price = &self.prices[self.state.terms.price];
        let is_calendar = cycle.calendar().is_some() && price.calendar.is_some();
        match price.on_switch {
            SwitchPolicy::KeepAnchor if self.is_old(start.instant()) => {
                let kept = cycle.with_interval(price.interval);
                price.calendar.filter(|_| is_calendar).map_or(kept, |it| kept.found_by(it))
            }
            SwitchPolicy::KeepAnchor if !is_calendar => cycle.with_interval(price.interval),
            _ => self.natural_cycle(start, price),
        }
    }

    /// Whether a change from `old` to `new` begins a new period. It does if it changes the length
    /// of periods or the currency, or goes from a free to a paid price.
    pub(super) fn is_switch(&self, old: Terms, new: Terms, at: Instant) -> bool {
        if old.price == new.price {
            return false;
        }
        let (old_price, new_price) = (&self.prices[old.price], &self.prices[new.price]);
        let is_free = |price: &Price, terms: Terms| {
            if self.is_old(at) { !price.costs(terms.quantity.max(1)) } else { price.is_free() }
        };
        old_price.interval.length() != new_price.interval.length()
            || old_price.currency != new_price.currency
            || (is_free(old_price, old) && !is_free(new_price, new))
    }

    /// Whether the first version of the rules applies at an instant.
    pub(super) fn is_old(&self, at: Instant) -> bool {
        self.ledger.rules.are_old_at(at)
    }

    pub(super) fn next_at(&self) -> Option<Instant> {
        self.changes.get(self.next).map(|change| change.at)
    }

    /// Applies the next rows, at one instant: all of them, or one under the first rules. Returns
    /// which.
    pub(super) fn apply_at(&mut self, at: Instant) -> Result<Range<usize>, TimelineError> {
        let first = self.next;
        self.apply_next()?;
        if self.next_at() == Some(at) && !self.is_old(at) {
            while self.next_at() == Some(at) {
                self.apply_next()?;
            }
            self.settle_cancel(first..self.next);
        }
        Ok(first..self.next)
    }

    fn apply_next(&mut self) -> Result<(), TimelineError> {
        let index = self.next;
        self.next += 1;
        self.state
            .apply(&self.changes[index], self.prices)
            .map_err(|kind| TimelineError { change: index, kind })
    }

    /// A cancellation without a policy follows the price after all rows of its instant, in any
    /// order.
    fn settle_cancel(&mut self, rows: Range<usize>) {
        let mut cancels = self.changes[rows].iter().rev();
        let last = cancels.find(|change| matches!(change.kind, ChangeKind::Cancel(_)));
        if self.state.cancelled.is_some()
            && last.is_some_and(|change| change.kind == ChangeKind::Cancel(None))
        {
            self.state.cancelled = Some(self.prices[self.state.terms.price].on_cancel);
        }
    }

    /// Applies every change up to and including `instant`, without billing.
    fn apply_up_to(&mut self, instant: Instant) -> Result<(), TimelineError> {
        while let Some(at) = self.next_at().filter(|at| *at <= instant) {
            self.apply_at(at)?;
        }
        Ok(())
    }

    /// Records the status for `halfway`, if the next event at `instant` is later.
    pub(super) fn pass(&mut self, instant: Instant, status: SubscriptionStatus) {
        if self.stood.is_none() && self.halfway.is_some_and(|halfway| instant > halfway) {
            self.stood = Some((status, self.has_cost));
        }
    }

    /// Records whether terms in force cost something.
    pub(super) fn note_cost(&mut self, terms: Terms) {
        self.has_cost = self.has_cost || self.prices[terms.price].costs(terms.billed_quantity());
    }

    /// Ends the subscription: later changes have no effect. Paid time runs to the end of its
    /// period.
    fn end(&mut self) {
        let runs = |until: Instant| until > self.window.through;
        if !matches!(self.status, SubscriptionStatus::Running { until, .. } if runs(until)) {
            self.status = SubscriptionStatus::Ended;
        }
        // Earlier closes reported the others.
        let after = self.window.after;
        let is_new = |index: &usize| after.is_none_or(|after| self.changes[*index].at > after);
        self.timeline.ineffective.extend((self.next..self.changes.len()).filter(is_new));
    }
}

/// The anchor of the first rules for a price with a day of the month: the last such day up to
/// `start`, for any interval.
fn first_anchor(day: u32, start: Instant, zone: Zone) -> Option<WallTime> {
    let date = zone.date(start);
    let months = (0..=2).filter_map(|back| date.checked_sub_months(Months::new(back)));
    // The anchor must keep day 31, so this looks for a month that has it.
    let days = months.filter_map(|month| month.with_day(day));
    let day = days.filter(|day| *day <= date).max()?;
    Some(Moment::Date(day).wall_time_in(|| zone))
}
