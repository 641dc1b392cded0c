//! Accounts with active subscriptions and no invoice, with the reason.

use std::sync::Arc;

use super::{Finding, FindingKind, FindingRank};
use crate::model::{Account, BillingInput};
use crate::timeline::SubscriptionStatus;
use crate::value::Instant;

/// The reason why an account with active subscriptions gets no invoice. If several apply, the first
/// in this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Idle {
    /// All its lines were zero.
    CameToNothing,
    /// It has a price, but nothing was due yet. The instant is the end of its period.
    NeverDue(Instant),
    Paused,
    /// In a free trial that ends at this instant.
    Trial(Instant),
    /// The quantity is zero.
    NoUnits,
    /// The price is zero.
    Free,
}

impl Idle {
    /// The reason of one subscription. `None` if it is not active, or if it was billed before and
    /// will be again.
    pub(crate) fn of(
        status: SubscriptionStatus,
        has_cost: bool,
        was_billed: impl FnOnce() -> bool,
    ) -> Option<Self> {
        match status {
            SubscriptionStatus::NotBegun | SubscriptionStatus::Ended => None,
            SubscriptionStatus::Trial(end) => Some(Self::Trial(end)),
            SubscriptionStatus::Running { terms, .. } if terms.paused => Some(Self::Paused),
            SubscriptionStatus::Running { terms, .. } if terms.quantity == 0 => Some(Self::NoUnits),
            SubscriptionStatus::Running { .. } if !has_cost => Some(Self::Free),
            SubscriptionStatus::Running { until, .. } => {
                (!was_billed()).then_some(Self::NeverDue(until))
            }
        }
    }

    /// The finding for the review list.
    pub(crate) fn finding(
        self,
        account: usize,
        subscription: usize,
        book: &BillingInput,
    ) -> Finding {
        Finding {
            kind: FindingKind::NoInvoice,
            rank: FindingRank { place: book.accounts[account].line, ..FindingRank::default() },
            account: Some(account),
            reference: Arc::clone(&book.subscriptions[subscription].id),
            currency: None,
            amount: None,
            before: None,
            message: self.message(&book.accounts[account]),
        }
    }

    fn message(self, account: &Account) -> String {
        let date = |instant| account.zone.date(instant);
        match self {
            Self::CameToNothing => "its invoice comes to nothing and is not published".to_owned(),
            Self::NeverDue(until) => {
                format!("nothing has fallen due yet; its period ends on {}", date(until))
            }
            Self::Paused => "paused".to_owned(),
            Self::Trial(end) => format!("in its free trial until {}", date(end)),
            Self::NoUnits => "holds no units".to_owned(),
            Self::Free => "its price is nothing".to_owned(),
        }
    }
}
