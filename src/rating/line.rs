//! Turns one service period into one line of an invoice.

use std::sync::Arc;

use thiserror::Error;

use super::prorate;
use crate::model::{
    Billed, Cause, Line, LineKey, LineKind, LineWording, Notice, Price, Quote, Quotes, RoundPer,
    SubscriptionLog,
};
use crate::timeline::{ChargeReason, ServicePeriod, share};
use crate::value::{Amount, Fraction};

/// A price that cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum RatingError {
    /// The price of the quantity, or the line, cannot be held exactly.
    #[error("costs more at this quantity than 28 digits and 64 bits of minor units hold")]
    TooLarge,
}

/// The line of a service period; `None` for a proration line with price zero.
///
/// # Errors
/// [`RatingError::TooLarge`].
pub(crate) fn rate(
    stretch: &ServicePeriod,
    ledger: SubscriptionLog<'_>,
    quotes: &Quotes<'_>,
) -> Result<Option<Line>, RatingError> {
    let (terms, kind) = (stretch.terms, kind(stretch.cause));
    let price = &quotes.prices[terms.price];
    let is_credited = kind == LineKind::Unused;
    let quote =
        quotes.get((terms.price, terms.quantity, is_credited)).ok_or(RatingError::TooLarge)?;
    if quote.amount.is_zero() && kind != LineKind::Recurring {
        return Ok(None);
    }
    let share = share(price.proration, ledger.account.zone, stretch);
    let amount = amount(price, (&quote, is_credited), share).ok_or(RatingError::TooLarge)?;
    Ok(Some(Line {
        key: LineKey {
            subscription_id: Arc::clone(&ledger.subscription.id),
            period_start: stretch.period.start,
            cause: cause(stretch.cause, ledger),
            discount: None,
        },
        kind,
        wording: wording(stretch, ledger),
        service_start: stretch.service.0,
        service_end: stretch.service.1,
        quote,
        share,
        amount,
        currency: price.currency,
        tax: None,
        tax_amount: Amount::ZERO,
        tax_parts: None,
        credits_invoice: None,
        correction: None,
    }))
}

/// The share of the price of the whole quantity, rounded once. With [`RoundPer::Unit`], the rounded
/// share of one unit times the units.
fn amount(price: &Price, (quote, is_credited): (&Quote, bool), share: Fraction) -> Option<Amount> {
    let prorated = |amount| prorate(amount, share, price.currency, price.proration.rounding);
    match quote.round_per {
        RoundPer::Line => prorated(quote.amount),
        RoundPer::Unit => {
            let units = i64::try_from(price.charged(quote.quantity)).ok()?;
            let units = if is_credited { -units } else { units };
            prorated(price.unit_amount)?.minor().checked_mul(units).map(Amount::from_minor)
        }
    }
}

fn kind(cause: ChargeReason) -> LineKind {
    match cause {
        ChargeReason::Period | ChargeReason::Segment(_) => LineKind::Recurring,
        ChargeReason::Remaining(_) => LineKind::Remaining,
        ChargeReason::Unused(_) => LineKind::Unused,
    }
}

fn cause(cause: ChargeReason, ledger: SubscriptionLog<'_>) -> Cause {
    let change = |index: usize| Arc::clone(&ledger.changes[index].id);
    match cause {
        ChargeReason::Period => Cause::Period,
        ChargeReason::Segment(index) => Cause::Segment(change(index)),
        ChargeReason::Remaining(index) => Cause::Remaining(change(index)),
        ChargeReason::Unused(index) => Cause::Unused(change(index)),
    }
}

/// The wording of the line. Most lines bill whole periods and have none.
fn wording(stretch: &ServicePeriod, ledger: SubscriptionLog<'_>) -> Option<Box<LineWording>> {
    let date = |change: usize| ledger.account.zone.date(ledger.changes[change].at);
    let quantity = stretch.terms.quantity;
    let notice = stretch.moved.map(|change| {
        let change = (*ledger.changes[change].id).into();
        Box::new(Notice { change, words: "".into() })
    });
    let billed = match stretch.cause {
        ChargeReason::Period if notice.is_none() => return None,
        ChargeReason::Period => Billed::Product,
        ChargeReason::Segment(change) => Billed::Segment { from: date(change) },
        ChargeReason::Remaining(change) => Billed::Remaining { quantity, after: date(change) },
        ChargeReason::Unused(change) => Billed::Unused { quantity, after: date(change) },
    };
    Some(Box::new(LineWording { billed, notice, ..LineWording::default() }))
}
