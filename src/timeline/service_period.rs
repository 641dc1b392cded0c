//! The pieces of a period that are billed one by one.

use super::cycle::Period;
use super::state::Terms;
use crate::model::Interval;
use crate::value::Instant;

/// A piece of a billing period on one set of terms, billed or credited at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServicePeriod {
    /// Why it is billed.
    pub cause: ChargeReason,
    /// The price and quantity it is billed at.
    pub terms: Terms,
    /// When it falls due.
    pub due: Instant,
    /// The time it covers.
    pub service: (Instant, Instant),
    /// The period it is a share of.
    pub period: Period,
    /// The interval of that period.
    pub interval: Interval,
    /// The instant of the immediate cancellation that ended it, if one did.
    pub cancelled_at: Option<Instant>,
    /// The charge that decides about its tax: itself or, for a credit, what it credits.
    pub charge: Charge,
    /// Whether it is what its period is billed for in the first place: a recurring charge or, where
    /// nothing of the period was charged in advance before, the first such charge in it.
    pub opens: bool,
}

/// A charge, as far as its tax depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// When it fell due.
    pub due: Instant,
    /// The time it covers.
    pub service: (Instant, Instant),
}

/// Why a stretch is billed. A change is named by its index among the subscription's changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeReason {
    /// The period itself; in arrears, its first segment.
    Period,
    /// In arrears, the segment that a change began.
    Segment(usize),
    /// In advance, the rest of the period on the terms a change brought.
    Remaining(usize),
    /// In advance, the rest of the period on the terms a change ended: a credit.
    Unused(usize),
}

/// The instants whose dues are wanted: after the first, up to and with the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// What fell due up to here is not wanted; `None` wants everything.
    pub after: Option<Instant>,
    /// What falls due later is not wanted.
    pub through: Instant,
}

impl Window {
    /// Whether what falls due at `instant` is wanted.
    pub fn contains(&self, instant: Instant) -> bool {
        instant <= self.through && self.after.is_none_or(|after| instant > after)
    }
}
