//! What is taken off: for whom, how much, for how long.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Account, Line, Subscription};
use crate::value::{Amount, Currency, Instant, Moment, Zone};

/// One row of `discounts.csv`. Discounts apply in the order of the file, each to what those before
/// it left.
#[derive(Clone, Debug)]
pub(crate) struct Discount {
    /// `discount_id`.
    pub(crate) id: Arc<str>,
    /// The name on the invoice.
    pub(crate) name: Arc<str>,
    /// Index of the account it is for; `None` for every account.
    pub(crate) account: Option<usize>,
    /// `subscription_id` of the one subscription it is for; `None` for all.
    pub(crate) subscription: Option<Arc<str>>,
    /// The one product it is for; `None` for all.
    pub(crate) product: Option<Arc<str>>,
    /// How much.
    pub(crate) value: DiscountValue,
    /// Periods that begin earlier are not discounted. A bare date is the account's midnight.
    pub(crate) starts_at: Moment,
    /// For how long.
    pub(crate) duration: Duration,
    /// What becomes of the part of an amount that exceeds what there is to pay.
    pub(crate) excess: Excess,
    /// The line of the file it stands in.
    pub(crate) line: u64,
}

/// How much is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiscountValue {
    /// A share of the price, in percent; more than 0, at most 100.
    Percent(Decimal),
    /// A fixed amount of each document, in one currency; positive.
    Amount(Amount, Currency),
}

/// For how long periods are discounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duration {
    /// The periods of the first document that it applies to.
    Once,
    /// Those of the first so many documents.
    Periods(u64),
    /// Periods that begin before an instant.
    Until(Moment),
    /// Without end.
    Forever,
}

/// What becomes of the part of an amount that exceeds what there is to pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Excess {
    /// It is lost: a discount never makes a document negative.
    #[default]
    Drop,
    /// It makes the document negative, and so becomes credit.
    Credit,
}

impl Discount {
    /// Whether it can concern a subscription of an account at all.
    pub(crate) fn concerns(&self, account: usize, subscription: &Subscription) -> bool {
        self.account.is_none_or(|wanted| wanted == account)
            && self.subscription.as_ref().is_none_or(|wanted| *wanted == subscription.id)
    }

    /// Whether it takes something off a line of an account.
    pub(crate) fn covers(&self, account: usize, line: &Line) -> bool {
        self.account.is_none_or(|wanted| wanted == account)
            && self.subscription.as_ref().is_none_or(|id| *id == line.key.subscription_id)
            && self.product.as_ref().is_none_or(|product| *product == line.quote.product)
            && match self.value {
                DiscountValue::Percent(_) => true,
                DiscountValue::Amount(_, currency) => currency == line.currency,
            }
    }

    /// Whether a period that begins at an instant can be discounted, as far as dates decide.
    pub(crate) fn is_open_at(&self, period_start: Instant, zone: Zone) -> bool {
        let has_begun = self.starts_at.at(zone) <= period_start;
        let has_ended = match self.duration {
            Duration::Until(end) => end.at(zone) <= period_start,
            Duration::Once | Duration::Periods(_) | Duration::Forever => false,
        };
        has_begun && !has_ended
    }

    /// How many documents it applies to, if they are counted.
    pub(crate) fn uses(&self) -> Option<u64> {
        match self.duration {
            Duration::Once => Some(1),
            Duration::Periods(count) => Some(count),
            Duration::Until(_) | Duration::Forever => None,
        }
    }

    /// When it begins, at the earliest: where it is for every account, and begins with a date, that
    /// is where the day begins first.
    pub(crate) fn start(&self, accounts: &[Account]) -> Instant {
        const FIRST_MIDNIGHT_SECONDS: i64 = 14 * 3600;
        let utc = self.starts_at.at(Zone::UTC);
        match (self.account, self.starts_at) {
            (Some(account), _) => self.starts_at.at(accounts[account].zone),
            (None, Moment::Instant(..)) => utc,
            (None, Moment::Date(_)) => {
                Instant::from_unix_seconds(utc.unix_seconds() - FIRST_MIDNIGHT_SECONDS)
            }
        }
    }
}
