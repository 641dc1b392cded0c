//! What ties the lines of one change together.

use super::Reason;
use crate::value::Instant;

/// What ties lines together: the change or the correction that they are parts of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LineTie<'l> {
    /// Subscription and change.
    Change(&'l str, &'l str),
    /// Invoice, reason and service period.
    Correction(&'l str, &'l Reason, Instant, Instant),
}
