//! Discounts: their scope, value and duration.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Account, Line, Subscription, Translated};
use crate::value::{Amount, Currency, Instant, Moment, Zone};

/// One row of `discounts.csv`. Discounts apply in the order of the file, each to the remaining
/// amount.
#[derive(Clone, Debug)]
pub(crate) struct Discount {
    /// `discount_id`.
    pub(crate) id: Arc<str>,
    /// The name on the invoice.
    pub(crate) name: Arc<str>,
    /// The name in the languages of accounts.
    pub(crate) names: Translated,
    /// Index of the account; `None` for every account.
    pub(crate) account: Option<usize>,
    /// `subscription_id` of the only subscription; `None` for all.
    pub(crate) subscription: Option<Arc<str>>,
    /// The only product; `None` for all.
    pub(crate) product: Option<Arc<str>>,
    pub(crate) value: DiscountValue,
    /// Periods that begin earlier get no discount. A bare date is midnight in the zone of the
    /// account.
    pub(crate) starts_at: Moment,
    pub(crate) duration: Duration,
    /// The treatment of the part that exceeds the amount to pay.
    pub(crate) excess: Excess,
    /// The line in the file.
    pub(crate) line: u64,
}

/// The value of a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiscountValue {
    /// A percentage of the price: more than 0, at most 100.
    Percent(Decimal),
    /// A fixed amount for each invoice, in one currency; positive.
    Amount(Amount, Currency),
}

/// The duration of a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duration {
    /// The periods of the first invoice that it applies to.
    Once,
    /// The periods of this many invoices, counted from the first.
    Periods(u64),
    /// Periods that begin before an instant.
    Until(Moment),
    /// Without end.
    Forever,
}

/// The treatment of the part of a discount that exceeds the amount to pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Excess {
    /// It is lost: the discount never makes an invoice negative.
    #[default]
    Drop,
    /// It makes the invoice negative, and becomes credit.
    Credit,
}

impl Discount {
    /// Whether it may apply to a subscription of an account.
    pub(crate) fn concerns(&self, account: usize, subscription: &Subscription) -> bool {
        self.account.is_none_or(|wanted| wanted == account)
            && self.subscription.as_ref().is_none_or(|wanted| *wanted == subscription.id)
    }

    /// Whether it applies to a line of an account.
    pub(crate) fn covers(&self, account: usize, line: &Line) -> bool {
        self.account.is_none_or(|wanted| wanted == account)
            && self.subscription.as_ref().is_none_or(|id| *id == line.key.subscription_id)
            && self.product.as_ref().is_none_or(|product| *product == line.quote.product)
            && match self.value {
                DiscountValue::Percent(_) => true,
                DiscountValue::Amount(_, currency) => currency == line.currency,
            }
    }

    /// Whether its dates allow a period that begins at this instant.
    pub(crate) fn is_open_at(&self, period_start: Instant, zone: Zone) -> bool {
        let has_begun = self.starts_at.at(zone) <= period_start;
        let has_ended = match self.duration {
            Duration::Until(end) => end.at(zone) <= period_start,
            Duration::Once | Duration::Periods(_) | Duration::Forever => false,
        };
        has_begun && !has_ended
    }

    /// The limit of invoices, if it has one.
    pub(crate) fn uses(&self) -> Option<u64> {
        match self.duration {
            Duration::Once => Some(1),
            Duration::Periods(count) => Some(count),
            Duration::Until(_) | Duration::Forever => None,
        }
    }

    /// The earliest start. For a bare date and every account, it is the first midnight in any zone.
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
