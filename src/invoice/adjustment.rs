//! One-off charges and credits: which of them are due, on which document, at which tax.

use std::sync::Arc;

use rust_decimal::Decimal;
use thiserror::Error;

use super::credit_note::Creditable;
use super::taxation::Taxation;
use crate::model::{
    Adjustment, Cause, Line, LineKey, LineKind, Quote, RoundPer, TaxError, TaxTerms,
};
use crate::value::{Amount, Fraction, Instant, Plain, TimeUnit};

/// Why an adjustment cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AdjustmentError {
    /// Its tax cannot be told.
    #[error("tax code {:?} {}", .0.code(), .0)]
    Tax(TaxError),
    /// The invoice it credits was never published.
    #[error("is not an invoice of this register")]
    UnknownInvoice,
    /// The invoice it credits is somebody else's.
    #[error("is an invoice of account {0}")]
    OtherAccount(Arc<str>),
    /// The invoice it credits is in another currency.
    #[error("is an invoice in {0}")]
    OtherCurrency(&'static str),
    /// The invoice it credits has several rates, and the row does not say which.
    #[error("has several tax rates: {0}")]
    SeveralRates(String),
    /// The invoice has no lines at the rate.
    #[error("has no lines at tax code {0}")]
    NoSuchRate(Arc<str>),
    /// More is credited than the invoice charged.
    #[error("has {left} left to credit at this rate")]
    TooMuch {
        /// In major units.
        left: String,
    },
}

/// The tax of an adjustment that credits a published invoice: that invoice's.
///
/// # Errors
/// There is no such invoice of this account, or nothing like that left of it.
pub fn credited_terms(
    adjustment: &Adjustment,
    account_id: &Arc<str>,
    number: &Arc<str>,
    issued: &mut Creditable<'_>,
) -> Result<Option<Arc<TaxTerms>>, AdjustmentError> {
    let invoice = issued.get_mut(number).ok_or(AdjustmentError::UnknownInvoice)?;
    if invoice.account_id != *account_id {
        return Err(AdjustmentError::OtherAccount(Arc::clone(&invoice.account_id)));
    }
    if invoice.currency != adjustment.currency {
        return Err(AdjustmentError::OtherCurrency(invoice.currency.code()));
    }
    let code = |terms: &Option<Arc<TaxTerms>>| terms.as_ref().map(|terms| Arc::clone(&terms.code));
    let part = match (&adjustment.tax_code, &mut invoice.parts[..]) {
        (None, [only]) => only,
        (None, parts) => {
            let codes = parts.iter().map(|part| code(&part.terms).unwrap_or_else(|| "none".into()));
            let codes: Vec<Arc<str>> = codes.collect();
            return Err(AdjustmentError::SeveralRates(codes.join(", ")));
        }
        (Some(wanted), parts) => parts
            .iter_mut()
            .find(|part| code(&part.terms).as_ref() == Some(wanted))
            .ok_or_else(|| AdjustmentError::NoSuchRate(Arc::clone(wanted)))?,
    };
    let credit = Amount::ZERO.checked_sub(adjustment.amount).unwrap_or(part.base);
    if credit > part.left() {
        let left = part.left().to_decimal_string(adjustment.currency);
        return Err(AdjustmentError::TooMuch { left });
    }
    // What one adjustment takes, the next cannot.
    part.credited_base = part.credited_base.checked_add(credit).unwrap_or(part.base);
    Ok(part.terms.clone())
}

/// The tax of an ordinary adjustment.
///
/// # Errors
/// See [`Taxation::of`].
pub fn own_terms(
    adjustment: &Adjustment,
    document: Instant,
    taxation: &Taxation<'_>,
) -> Result<Option<Arc<TaxTerms>>, AdjustmentError> {
    taxation.of_adjustment(adjustment, document).map_err(AdjustmentError::Tax)
}

/// The line of an adjustment on a document of an instant.
pub fn adjustment_line(
    adjustment: &Adjustment,
    document: Instant,
    tax: Option<Arc<TaxTerms>>,
) -> Line {
    let digits = adjustment.currency.digits();
    let minor = i128::from(adjustment.amount.minor());
    let amount = Decimal::try_from_i128_with_scale(minor, digits).unwrap_or_default();
    Line {
        key: LineKey {
            subscription_id: "".into(),
            period_start: adjustment.at,
            cause: Cause::Adjustment(Arc::clone(&adjustment.id)),
            discount: None,
        },
        kind: LineKind::Adjustment,
        description: (*adjustment.description).into(),
        service_start: document,
        service_end: document,
        quote: Arc::new(Quote {
            price_id: "".into(),
            product: Arc::clone(&adjustment.product),
            interval: None,
            round_per: RoundPer::Line,
            quantity: 1,
            unit_amount: Some(amount),
            amount,
            detail: Plain(amount).to_string().into(),
        }),
        share: Fraction::new(1, 1, TimeUnit::Period),
        amount: adjustment.amount,
        currency: adjustment.currency,
        tax,
        tax_amount: Amount::ZERO,
        credits_invoice: adjustment.credits_invoice.clone(),
        correction: None,
    }
}
