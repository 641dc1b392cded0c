//! Where a subscription stands at an instant: what it is billed at then, if anything.

use super::error::TimelineError;
use super::service_period::Window;
use super::state::Terms;
use super::walk::Walk;
use crate::model::{Price, SubscriptionLog};
use crate::value::Instant;

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubscriptionStatus {
    /// It has not begun.
    #[default]
    NotBegun,
    /// In a free trial that ends then.
    Trial(Instant),
    /// In a billing period.
    Running {
        /// What the rest of the period is billed at: a change that waits for the renewal is not in
        /// it yet.
        terms: Terms,
        /// The end of the period.
        until: Instant,
    },
    /// It is over.
    Ended,
}

impl SubscriptionStatus {
    /// Whether both are billed at the same terms, if at any.
    pub fn is_billed_as(self, other: Self) -> bool {
        let terms = |status| match status {
            Self::Running { terms, .. } => Some(terms),
            Self::NotBegun | Self::Trial(_) | Self::Ended => None,
        };
        terms(self) == terms(other)
    }
}

/// Where a subscription stands, and whether it has cost anything up to then.
pub type Stood = (SubscriptionStatus, bool);

/// Where a subscription stands at an instant, as its log has it up to then.
///
/// # Errors
/// The first change that contradicts the story so far.
pub fn status_at(
    ledger: SubscriptionLog<'_>,
    prices: &[Price],
    at: Instant,
) -> Result<Stood, TimelineError> {
    statuses_at(ledger, prices, (None, at)).map(|(_, stood)| stood)
}

/// The same at two instants, in one walk: where it stood at the first, if there is one, and where it
/// stands at the second, which is not earlier.
///
/// # Errors
/// As for [`status_at`], up to the second instant.
pub fn statuses_at(
    ledger: SubscriptionLog<'_>,
    prices: &[Price],
    (halfway, at): (Option<Instant>, Instant),
) -> Result<(Option<Stood>, Stood), TimelineError> {
    if ledger.subscription.started_at > at {
        let stood = (SubscriptionStatus::NotBegun, false);
        return Ok((halfway.map(|_| stood), stood));
    }
    // Nothing of what falls due is wanted, so most periods need not be walked through.
    let after = halfway.unwrap_or(at);
    let mut walk = Walk::new(ledger, prices, Window { after: Some(after), through: at });
    walk.bills = false;
    walk.halfway = halfway;
    walk.run()?;
    let stands = (walk.status, walk.has_cost);
    // What has not changed since is what it was.
    Ok((halfway.map(|_| walk.stood.unwrap_or(stands)), stands))
}
