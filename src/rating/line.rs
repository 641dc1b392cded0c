//! One stretch becomes one line of an invoice, with the sentence that explains it.

use std::sync::Arc;

use chrono::Datelike as _;
use rust_decimal::Decimal;
use thiserror::Error;

use super::{Details, prorate};
use crate::model::{Cause, Ledger, Line, LineKey, LineKind, Price, RoundPer, Scheme};
use crate::timeline::{Stretch, StretchCause, share};
use crate::value::{Amount, Digits, Fraction};

/// A price that cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RatingError {
    /// Price times quantity, or the line, is beyond what can be held exactly.
    #[error("costs more than can be computed exactly at this quantity")]
    TooLarge,
}

/// The line of a stretch; `None` if its price is zero and it would only prorate nothing.
///
/// # Errors
/// [`RatingError::TooLarge`].
pub fn rate(
    stretch: &Stretch,
    ledger: Ledger<'_>,
    (prices, details): (&[Price], &Details),
) -> Result<Option<Line>, RatingError> {
    let price = &prices[stretch.terms.price];
    let full = price.amount_for(stretch.terms.quantity).ok_or(RatingError::TooLarge)?;
    let kind = kind(stretch.cause);
    if full.is_zero() && kind != LineKind::Recurring {
        return Ok(None);
    }
    let share = share(price.proration, ledger.account.zone, stretch);
    let amount = amount(price, full, share, stretch.terms.quantity)
        .and_then(|amount| signed(kind, amount))
        .ok_or(RatingError::TooLarge)?;
    Ok(Some(Line {
        key: LineKey {
            subscription_id: Arc::clone(&ledger.subscription.id),
            period_start: stretch.period.start,
            cause: cause(stretch.cause, ledger),
            discount: None,
        },
        kind,
        description: describe(stretch, ledger, price),
        service_start: stretch.service.0,
        service_end: stretch.service.1,
        quantity: stretch.terms.quantity,
        unit_amount: price.has_uniform_unit_amount().then_some(price.unit_amount),
        price_amount: if kind == LineKind::Unused { -full } else { full },
        price_detail: details.of((stretch.terms.price, price), stretch.terms.quantity),
        share,
        round_per: if rounds_units(price) { RoundPer::Unit } else { RoundPer::Line },
        interval: Some(price.interval),
        amount,
        currency: price.currency,
        price_id: Arc::clone(&price.id),
        product: Arc::clone(&price.product),
        tax: None,
        tax_amount: Amount::ZERO,
        credits_invoice: None,
        correction: None,
    }))
}

/// The share of the price of the whole quantity, rounded once; or, if the price says so, the share
/// of one unit, rounded, times the units.
fn amount(price: &Price, full: Decimal, share: Fraction, quantity: u64) -> Option<Amount> {
    let rounding = price.proration.rounding;
    if !rounds_units(price) {
        return prorate(full, share, price.currency, rounding);
    }
    let unit = prorate(price.unit_amount, share, price.currency, rounding)?;
    let units = i64::try_from(price.charged(quantity)).ok()?;
    unit.minor().checked_mul(units).map(Amount::from_minor)
}

fn rounds_units(price: &Price) -> bool {
    price.proration.round_per == RoundPer::Unit && price.scheme == Scheme::PerUnit
}

fn kind(cause: StretchCause) -> LineKind {
    match cause {
        StretchCause::Period | StretchCause::Segment(_) => LineKind::Recurring,
        StretchCause::Remaining(_) => LineKind::Remaining,
        StretchCause::Unused(_) => LineKind::Unused,
    }
}

fn signed(kind: LineKind, amount: Amount) -> Option<Amount> {
    if kind == LineKind::Unused { amount.checked_neg() } else { Some(amount) }
}

fn cause(cause: StretchCause, ledger: Ledger<'_>) -> Cause {
    let change = |index: usize| Arc::clone(&ledger.changes[index].id);
    match cause {
        StretchCause::Period => Cause::Period,
        StretchCause::Segment(index) => Cause::Segment(change(index)),
        StretchCause::Remaining(index) => Cause::Remaining(change(index)),
        StretchCause::Unused(index) => Cause::Unused(change(index)),
    }
}

/// "Remaining time on 2 × Private projects after 19 Jun 2020"; a single unit goes without "1 ×".
fn describe(stretch: &Stretch, ledger: Ledger<'_>, price: &Price) -> Arc<str> {
    let (time, link, index) = match stretch.cause {
        // Most lines are this, and need no text of their own.
        StretchCause::Period => return Arc::clone(&price.product),
        StretchCause::Segment(index) => ("", " from ", index),
        StretchCause::Remaining(index) => ("Remaining time on ", " after ", index),
        StretchCause::Unused(index) => ("Unused time on ", " after ", index),
    };
    let is_bare = time.is_empty() || stretch.terms.quantity == 1;
    let units = Digits::of(stretch.terms.quantity);
    let (units, times) = if is_bare { ("", "") } else { (units.as_str(), " × ") };
    let date = ledger.account.zone.date(ledger.changes[index].at);
    let (day, year) = (Digits::of(date.day().into()), Digits::of(date.year_ce().1.into()));
    let (day, month, year) = (day.as_str(), MONTHS[date.month0() as usize], year.as_str());
    [time, units, times, &price.product, link, day, " ", month, " ", year].concat().into()
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
