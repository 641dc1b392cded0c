//! One-off charges and credits: the due ones, with their invoice and tax.

use std::sync::Arc;

use rust_decimal::Decimal;
use thiserror::Error;

use crate::model::{
    Adjustment, Billed, Cause, Line, LineKey, LineKind, LineWording, PriceBreakdown, Quote,
    RoundPer, TaxError, TaxTerms, VoidWording,
};
use crate::tax::{CreditableInvoices, TaxSelector};
use crate::value::{Amount, Fraction, Instant, TimeUnit};

/// The reason why an adjustment cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum AdjustmentError {
    /// It has no tax rate.
    #[error("tax code {:?} {}", .0.code(), .0)]
    Tax(TaxError),
    /// No such invoice was published.
    #[error("is not an invoice of this register")]
    UnknownInvoice,
    /// The invoice belongs to another account.
    #[error("is an invoice of account {0}")]
    OtherAccount(Arc<str>),
    /// The invoice is in another currency.
    #[error("is an invoice in {0}")]
    OtherCurrency(&'static str),
    /// The invoice has several rates, and the row names none.
    #[error("has several tax rates: {0}")]
    SeveralRates(String),
    /// The invoice has no lines at the rate.
    #[error("has no lines at tax code {0}")]
    NoSuchRate(Arc<str>),
    /// An invoice is void, and all of it was credited before.
    #[error("has nothing left to credit")]
    NothingLeft,
}

/// The tax terms of an adjustment that credits a published invoice: those of the invoice.
///
/// # Errors
/// The account has no such invoice, or the invoice has no such rate.
pub(crate) fn credited_terms(
    adjustment: &Adjustment,
    account_id: &Arc<str>,
    number: &Arc<str>,
    issued: &mut CreditableInvoices<'_>,
) -> Result<Option<Arc<TaxTerms>>, AdjustmentError> {
    let invoice = issued.get(number).ok_or(AdjustmentError::UnknownInvoice)?;
    if invoice.account_id != *account_id {
        return Err(AdjustmentError::OtherAccount(Arc::clone(&invoice.account_id)));
    }
    if let Some(voided) = &adjustment.voids {
        return Ok(voided.terms.clone());
    }
    if invoice.currency != adjustment.currency {
        return Err(AdjustmentError::OtherCurrency(invoice.currency.code()));
    }
    let mut rates: Vec<&Option<Arc<TaxTerms>>> = Vec::new();
    for part in &invoice.parts {
        if !rates.contains(&&part.terms) {
            rates.push(&part.terms);
        }
    }
    let code = |terms: &Option<Arc<TaxTerms>>| terms.as_ref().map(|terms| Arc::clone(&terms.code));
    match (&adjustment.tax_code, &rates[..]) {
        (None, [only]) => Ok((*only).clone()),
        (None, rates) => {
            let codes = rates.iter().map(|terms| code(terms).unwrap_or_else(|| "none".into()));
            let codes: Vec<Arc<str>> = codes.collect();
            Err(AdjustmentError::SeveralRates(codes.join(", ")))
        }
        (Some(wanted), rates) => rates
            .iter()
            .find(|terms| code(terms).as_ref() == Some(wanted))
            .map(|terms| (*terms).clone())
            .ok_or_else(|| AdjustmentError::NoSuchRate(Arc::clone(wanted))),
    }
}

/// The tax terms of any other adjustment.
///
/// # Errors
/// See [`TaxSelector::of`].
pub(crate) fn own_terms(
    adjustment: &Adjustment,
    document: Instant,
    taxation: &TaxSelector<'_>,
) -> Result<Option<Arc<TaxTerms>>, AdjustmentError> {
    taxation.of_adjustment(adjustment, document).map_err(AdjustmentError::Tax)
}

/// What the line of an adjustment says.
fn billed_text(adjustment: &Adjustment) -> Billed {
    let Some(voided) = &adjustment.voids else {
        return Billed::Written(adjustment.description.clone());
    };
    Billed::Void(Box::new(VoidWording {
        billed: voided.billed.clone(),
        invoice_number: adjustment.credits_invoice.as_deref().unwrap_or_default().into(),
        reason: adjustment.description.clone(),
    }))
}

/// The line of an adjustment on the invoice of an instant. `billed` is less than the amount of the
/// row if the rest of its invoice is too small.
pub(crate) fn adjustment_line(
    adjustment: &Adjustment,
    billed: Amount,
    document: Instant,
    tax: Option<Arc<TaxTerms>>,
) -> Line {
    let digits = adjustment.currency.digits();
    let minor = i128::from(billed.minor());
    let amount = Decimal::try_from_i128_with_scale(minor, digits).unwrap_or_default();
    let wording = LineWording { billed: billed_text(adjustment), ..LineWording::default() };
    // A credit of a void earns back what its charge would have earned.
    let (service_start, service_end) = match &adjustment.voids {
        Some(voided) => (voided.service_start, voided.service_end),
        None => (document, document),
    };
    Line {
        key: LineKey {
            subscription_id: "".into(),
            period_start: adjustment.at,
            cause: Cause::Adjustment(Arc::clone(&adjustment.id)),
            discount: None,
        },
        kind: LineKind::Adjustment,
        wording: Some(Box::new(wording)),
        service_start,
        service_end,
        quote: Arc::new(Quote {
            price_id: "".into(),
            product: Arc::clone(&adjustment.product),
            interval: None,
            round_per: RoundPer::Line,
            quantity: 1,
            unit_amount: Some(amount),
            amount,
            breakdown: PriceBreakdown::flat(amount),
            halves: None,
        }),
        share: Fraction::new(1, 1, TimeUnit::Period),
        amount: billed,
        currency: adjustment.currency,
        tax,
        tax_amount: Amount::ZERO,
        tax_parts: None,
        credits_invoice: adjustment.credits_invoice.clone(),
        correction: None,
    }
}
