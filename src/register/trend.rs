//! The trend over closes: the totals of their manifests by month.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Close, TotalsByCurrency};
use crate::review::{Trend, TrendMonth};
use crate::value::{Amount, Currency, Month};

/// The totals of a close, by currency code.
type Totals = BTreeMap<String, TotalsByCurrency>;

/// The months of some closes, oldest first. A close belongs to the month of its date. `None` if a
/// total is no amount, or a sum does not fit 64 bits.
pub(crate) fn trend<'c>(closes: impl Iterator<Item = (NaiveDate, &'c Totals)>) -> Option<Trend> {
    let mut trend = Trend::new();
    for (date, totals) in closes {
        for (code, totals) in totals {
            let currency = Currency::from_code(code)?;
            let months = trend.entry(currency).or_default();
            months.entry(Month::of(date)).or_default().add(&of_close(totals, currency)?)?;
        }
    }
    Some(trend)
}

/// The sums of one close. `None` if one is no amount.
pub(crate) fn of_close(totals: &TotalsByCurrency, currency: Currency) -> Option<TrendMonth> {
    let amount = |text: &str| match text {
        // Closes of the first formats have no payments.
        "" => Some(Amount::ZERO),
        text => Amount::parse(text, currency).ok(),
    };
    let payments = &totals.payments;
    Some(TrendMonth {
        invoices: totals.invoices,
        billed: amount(&totals.total)?,
        tax: amount(&totals.tax)?,
        due: amount(&totals.amount_due)?,
        received: amount(&payments.received)?.checked_sub(amount(&payments.returned)?)?,
        open: amount(&payments.closing_receivable)?,
    })
}

impl Close {
    /// Its date, which its name begins with.
    pub(crate) fn date(&self) -> Option<NaiveDate> {
        self.manifest.close.get(..10)?.parse().ok()
    }
}
