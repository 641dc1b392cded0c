//! Where a subscription stands at an instant: what it is billed at then, if anything.

use super::walk::Walk;
use super::{Terms, TimelineError, Window};
use crate::model::{Ledger, Price};
use crate::value::Instant;

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
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

/// Where a subscription stands at an instant, and whether it has cost anything up to then, as its
/// log has it up to then.
///
/// # Errors
/// The first change that contradicts the story so far.
pub fn standing(
    ledger: Ledger<'_>,
    prices: &[Price],
    at: Instant,
) -> Result<(Standing, bool), TimelineError> {
    if ledger.subscription.started_at > at {
        return Ok((Standing::NotBegun, false));
    }
    // Nothing of what falls due is wanted, so most periods need not be walked through.
    let mut walk = Walk::new(ledger, prices, Window { after: Some(at), through: at });
    walk.run()?;
    Ok((walk.standing, walk.has_cost))
}
