//! The pieces of a billing period that become lines.

use super::cycle::Period;
use super::state::Terms;
use crate::model::Interval;
use crate::value::Instant;

/// A piece of a billing period on one set of terms, billed or credited at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServicePeriod {
    pub(crate) cause: ChargeReason,
    /// The price and quantity.
    pub(crate) terms: Terms,
    /// The instant at which it falls due.
    pub(crate) due: Instant,
    /// The covered time.
    pub(crate) service: (Instant, Instant),
    /// The billing period that contains it.
    pub(crate) period: Period,
    /// The interval of that period.
    pub(crate) interval: Interval,
    /// The instant of the immediate cancellation that ended it, if any.
    pub(crate) cancelled_at: Option<Instant>,
    /// The charge that decides its tax: for a credit, the credited charge; otherwise itself.
    pub(crate) charge: Charge,
    /// The row of the price list that brought the price, if this is the first charge on it.
    pub(crate) moved: Option<usize>,
    /// Whether it opens its period: a recurring charge, or the first advance charge of a period
    /// without one.
    pub(crate) opens: bool,
}

/// The parts of a charge that decide its tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) due: Instant,
    /// The covered time.
    pub(crate) service: (Instant, Instant),
}

/// The reason for a service period. A change is an index among the subscription's changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChargeReason {
    /// The period itself; in arrears, its first segment.
    Period,
    /// In arrears, the segment that a change began.
    Segment(usize),
    /// In advance, the rest of the period on the new terms of a change.
    Remaining(usize),
    /// In advance, a credit for the rest of the period on the old terms of a change.
    Unused(usize),
}

/// The instants whose dues are wanted: after the first, up to and including the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Earlier dues are not wanted; `None` means no limit.
    pub(crate) after: Option<Instant>,
    /// Later dues are not wanted.
    pub(crate) through: Instant,
}

impl Window {
    pub(crate) fn contains(&self, instant: Instant) -> bool {
        instant <= self.through && self.after.is_none_or(|after| instant > after)
    }
}
