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
    /// The row of the price list that brought the current price of the log, until a charge names it.
    pub(super) moved: Option<usize>,
    /// What the first period counts from: as the subscription says, or the row that restarts it.
    origin: Origin,
}

/// What the first period counts from.
#[derive(Clone, Copy)]
struct Origin {
    /// The anchor, if it is not the start of the period.
    anchor: Option<WallTime>,
    /// The number of seconds by which the clocks skipped the written start.
    skipped: u32,
}

/// The start of the next period.
#[derive(Clone, Copy)]
struct NextPeriod {
    start: Instant,
    /// The cycle of the period before, or of the switch that begins this one. `None` for the first
    /// period.
    cycle: Option<Cycle>,
    /// The billed terms of the period before.
    billed: Option<Terms>,
    /// Whether the period before ended at its boundary.
    is_boundary: bool,
}

impl NextPeriod {
    /// The first period from the start, or from a restart.
    fn first(start: Instant) -> Self {
        Self { start, cycle: None, billed: None, is_boundary: true }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(ledger: SubscriptionLog<'a>, prices: &'a [Price], window: Window) -> Self {
        let Subscription { price, quantity, anchor, skipped, .. } = *ledger.subscription;
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
            moved: None,
            origin: Origin { anchor, skipped },
        }
    }
}

impl Walk<'_> {
    pub(super) fn run(&mut self) -> Result<(), TimelineError> {
        self.pass(self.ledger.subscription.started_at, SubscriptionStatus::NotBegun);
        let mut next = match self.trial()? {
            Some(first) => {
                self.status = SubscriptionStatus::Trial(first);
                Some(NextPeriod::first(first))
            }
            None => self.ended()?,
        };
        while let Some(upcoming) = next.filter(|it| it.start <= self.window.through) {
            next = match self.pass_period(upcoming)? {
                Some(next) => Some(next),
                None => self.ended()?,
            };
        }
        Ok(())
    }

    /// Bills a period, or skips several. `None` if the subscription ends.
    fn pass_period(&mut self, upcoming: NextPeriod) -> Result<Option<NextPeriod>, TimelineError> {
        let NextPeriod { start, cycle, billed, is_boundary } = upcoming;
        if self.ends_at_start(start, is_boundary)? {
            return Ok(None);
        }
        let mut current = self.cycle_at(start, billed, cycle);
        let terms = self.state.terms;
        self.note_cost(terms);
        let target = self.skip_to(&mut current, start);
        if target > start {
            // An earlier close has charged a period on these terms.
            self.moved = self.moved.filter(|_| terms.billed_quantity() == 0);
            let (cycle, billed) = (Some(current), Some(terms));
            return Ok(Some(NextPeriod { start: target, cycle, billed, is_boundary }));
        }
        current = self.renewed_ahead(start, current, terms)?;
        Ok(match self.period(start, &mut current, terms)? {
            (Turn::Boundary(end), terms) => {
                self.status = SubscriptionStatus::Running { terms, until: end };
                let (cycle, billed) = (Some(current), Some(terms));
                let next = NextPeriod { start: end, cycle, billed, is_boundary: true };
                self.state.cancelled.is_none().then_some(next)
            }
            // From here on the log has the terms, because the switch is complete.
            (Turn::Early(at, cycle), terms) => {
                let (cycle, billed) = (Some(cycle), Some(terms));
                Some(NextPeriod { start: at, cycle, billed, is_boundary: false })
            }
            (Turn::Ended, _) => None,
        })
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
                return Ok(None);
            }
        }
        self.pass(end, SubscriptionStatus::Trial(end));
        if self.state.cancelled.is_some() && end <= self.window.through {
            return Ok(None);
        }
        Ok(Some(end))
    }

    /// The cycle of the period that begins at `start`.
    fn cycle_at(&mut self, start: Instant, billed: Option<Terms>, cycle: Option<Cycle>) -> Cycle {
        let price = &self.prices[self.state.terms.price];
        let new_anchor = self.state.new_anchor.take();
        let Some(cycle) = cycle else {
            return match new_anchor.or(self.origin.anchor) {
                Some(anchor) => self.counted_from(anchor, start, price),
                None => self.natural_cycle(WallTime::new(start, self.origin.skipped), price),
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
        if is_restart(&self.changes[index]) {
            // It has not ended, or a cancellation at this instant ends it.
            self.have_no_effect(index..index + 1);
            return Ok(());
        }
        self.next += 1;
        self.apply(index)
    }

    fn apply(&mut self, index: usize) -> Result<(), TimelineError> {
        let (change, before) = (&self.changes[index], self.state.terms.price);
        let applied = self.state.apply(change, self.prices);
        applied.map_err(|kind| TimelineError { change: index, kind })?;
        if self.state.terms.price != before {
            let is_list = matches!(change.kind, ChangeKind::PriceList { .. });
            self.moved = is_list.then_some(index);
        }
        Ok(())
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

    /// Ends the subscription. Paid time runs to the end of its period. Later rows have no effect, up
    /// to a restart. Returns the period that this begins.
    fn ended(&mut self) -> Result<Option<NextPeriod>, TimelineError> {
        let runs = |until: Instant| until > self.window.through;
        if !matches!(self.status, SubscriptionStatus::Running { until, .. } if runs(until)) {
            self.status = SubscriptionStatus::Ended;
        }
        while let Some(found) = self.changes[self.next..].iter().position(is_restart) {
            let at = self.changes[self.next + found].at;
            let from = |is_before: &dyn Fn(Instant) -> bool| {
                self.next + self.changes[self.next..].partition_point(|it| is_before(it.at))
            };
            let rows = from(&|it| it < at)..from(&|it| it <= at);
            self.have_no_effect(self.next..rows.start);
            if self.is_cancelled_by(rows.clone()) {
                self.have_no_effect(rows);
            } else {
                self.restart(rows)?;
                return Ok(Some(NextPeriod::first(at)));
            }
        }
        self.have_no_effect(self.next..self.changes.len());
        Ok(None)
    }

    /// Applies the rows at the instant of a restart to the last terms. They are one change. What the
    /// log said of breaks, cancellations and anchors before is over.
    fn restart(&mut self, rows: Range<usize>) -> Result<(), TimelineError> {
        let mut restarts = self.changes[rows.clone()].iter().rev().filter(|it| is_restart(it));
        let skipped = restarts.next().map_or(0, |change| change.skipped);
        self.pass(self.changes[rows.start].at, SubscriptionStatus::Ended);
        self.origin = Origin { anchor: None, skipped };
        self.state.terms.paused = false;
        (self.state.cancelled, self.state.new_anchor) = (None, None);
        self.next = rows.end;
        rows.into_iter().try_for_each(|index| self.apply(index))
    }

    /// Whether rows have a cancellation that no later row of them takes back.
    fn is_cancelled_by(&self, rows: Range<usize>) -> bool {
        let deciding = self.changes[rows].iter().rev().find_map(|change| match change.kind {
            ChangeKind::Cancel(_) => Some(true),
            ChangeKind::Uncancel => Some(false),
            _ => None,
        });
        deciding == Some(true)
    }

    /// Passes rows that have no effect. Earlier closes reported some of them. The price list goes on:
    /// a subscription that comes back finds its price moved.
    fn have_no_effect(&mut self, rows: Range<usize>) {
        self.next = rows.end;
        let after = self.window.after;
        for index in rows {
            let change = &self.changes[index];
            if matches!(change.kind, ChangeKind::PriceList { .. }) {
                // It only sets a price, so it cannot fail.
                let _ = self.apply(index);
            } else if after.is_none_or(|after| change.at > after) {
                self.timeline.ineffective.push(index);
            }
        }
    }
}

fn is_restart(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Restart { .. })
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
