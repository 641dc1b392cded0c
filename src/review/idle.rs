//! Accounts with active subscriptions that get no document, and why.

use std::sync::Arc;

use super::{Finding, FindingKind};
use crate::model::{Account, BillingInput};
use crate::timeline::SubscriptionStatus;
use crate::value::Instant;

/// Why an account with active subscriptions gets no document. Where several are true of its
/// subscriptions, the first of this order is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Idle {
    /// Everything on it came to nothing.
    CameToNothing,
    /// It costs something, and nothing of it has ever been due: the period ends then.
    NeverDue(Instant),
    /// It is paused.
    Paused,
    /// A free trial that ends then.
    Trial(Instant),
    /// No units are held.
    NoUnits,
    /// Its price is nothing.
    Free,
}

impl Idle {
    /// Why one subscription gets nothing billed; `None` if it is not active, or was billed before and
    /// will be again when its next period is due.
    pub fn of(
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

    /// What there is to say of it.
    pub fn finding(self, account: usize, subscription: usize, book: &BillingInput) -> Finding {
        Finding {
            kind: FindingKind::NoInvoice,
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
