//! The status of a subscription at an instant, with its billed terms.

use super::error::TimelineError;
use super::service_period::Window;
use super::state::Terms;
use super::walk::Walk;
use crate::model::{Price, SubscriptionLog};
use crate::value::Instant;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SubscriptionStatus {
    /// It has not begun.
    #[default]
    NotBegun,
    /// In a free trial that ends at this instant.
    Trial(Instant),
    /// In a billing period.
    Running {
        /// The terms for the rest of the period. A change that waits for the renewal is not
        /// included.
        terms: Terms,
        until: Instant,
    },
    Ended,
}

impl SubscriptionStatus {
    /// Whether both have the same billed terms, or both have none.
    pub(crate) fn is_billed_as(self, other: Self) -> bool {
        let terms = |status| match status {
            Self::Running { terms, .. } => Some(terms),
            Self::NotBegun | Self::Trial(_) | Self::Ended => None,
        };
        terms(self) == terms(other)
    }
}

/// The status, and whether the subscription has cost anything up to then.
pub(crate) type Stood = (SubscriptionStatus, bool);

/// The status of a subscription at an instant, by its log up to then.
///
/// # Errors
/// The first change that contradicts the earlier log.
pub(crate) fn status_at(
    ledger: SubscriptionLog<'_>,
    prices: &[Price],
    at: Instant,
) -> Result<Stood, TimelineError> {
    statuses_at(ledger, prices, (None, at)).map(|(_, stood)| stood)
}

/// The statuses at two instants, in one walk. The first instant is optional, and not later than the
/// second.
///
/// # Errors
/// The same as for [`status_at`], up to the second instant.
pub(crate) fn statuses_at(
    ledger: SubscriptionLog<'_>,
    prices: &[Price],
    (halfway, at): (Option<Instant>, Instant),
) -> Result<(Option<Stood>, Stood), TimelineError> {
    if ledger.subscription.started_at > at {
        let stood = (SubscriptionStatus::NotBegun, false);
        return Ok((halfway.map(|_| stood), stood));
    }
    // The periods of the first rules depend on the log up to the last close that used them. A walk
    // to the second instant knows more of it.
    let is_before = |halfway: &Instant| ledger.rules.last_old().is_some_and(|last| *halfway < last);
    if let Some(halfway) = halfway.filter(is_before) {
        let stood = status_at(ledger, prices, halfway)?;
        return Ok((Some(stood), status_at(ledger, prices, at)?));
    }
    // No dues are wanted, so the walk can skip most periods.
    let after = halfway.unwrap_or(at);
    let mut walk = Walk::new(ledger, prices, Window { after: Some(after), through: at });
    walk.bills = false;
    walk.halfway = halfway;
    walk.run()?;
    let stands = (walk.status, walk.has_cost);
    // If nothing happened in between, the status is the same.
    Ok((halfway.map(|_| walk.stood.unwrap_or(stands)), stands))
}
