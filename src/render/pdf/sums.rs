//! Which sums a document has, in the order in which they lead to the last one.
//!
//! Sums that are nothing are left out, except the subtotal, the total and the last one: what is
//! due, what is left to pay or what is credited. Tax that the lines hold already follows the total,
//! as it is not added to it.

use super::manuscript::{Manuscript, Paid};
use super::taxes::{RateSum, rate_sums};
use super::wording;
use crate::invoice::{DocumentKind, Invoice};
use crate::render::format::money;
use crate::value::Amount;

/// One row of the sums.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) rank: Rank,
    pub(super) label: String,
    pub(super) number: String,
}

/// How much a sum matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// It leads to another one.
    Step,
    /// What the steps above it come to.
    Result,
    /// It explains the one above and is part of no sum.
    Aside,
}

/// All sums but the last.
pub(super) fn sums(manuscript: &Manuscript) -> Vec<Sum> {
    let invoice = manuscript.invoice;
    let totals = &invoice.totals;
    let sum = |rank, label: &str, amount: Amount| Sum {
        rank,
        label: label.to_owned(),
        number: money(amount, invoice.currency),
    };
    let (included, added): (Vec<_>, Vec<_>) =
        rate_sums(invoice).into_iter().partition(|rate| rate.is_included);
    let tax = |rank, rates: Vec<RateSum>| {
        rates.into_iter().map(move |rate| sum(rank, &rate.label(invoice), rate.tax))
    };
    let mut sums = vec![sum(Rank::Step, "Subtotal", totals.subtotal)];
    if !totals.discount.is_zero() {
        sums.push(sum(Rank::Step, "Discount", reducing(totals.discount)));
    }
    sums.extend(tax(Rank::Step, added));
    sums.push(sum(Rank::Result, "Total", totals.total));
    sums.extend(tax(Rank::Aside, included));
    if !totals.credit_applied.is_zero() {
        sums.push(sum(Rank::Step, "Credit applied", reducing(totals.credit_applied)));
    }
    if let Some(paid) = &manuscript.paid {
        if totals.amount_due != totals.total {
            sums.push(sum(Rank::Result, "Amount due", totals.amount_due));
        }
        sums.extend(payments(invoice, paid));
    }
    sums
}

/// What all of them come to, with its currency.
pub(super) fn last(manuscript: &Manuscript) -> (&'static str, String) {
    let invoice = manuscript.invoice;
    let totals = &invoice.totals;
    match (&manuscript.paid, invoice.kind) {
        (Some(paid), _) => ("Balance due", wording::with_code(paid.balance, invoice)),
        (None, DocumentKind::Invoice) => {
            ("Amount due", wording::with_code(totals.amount_due, invoice))
        }
        (None, DocumentKind::Credit | DocumentKind::CreditNote) => {
            let label = match invoice.kind {
                DocumentKind::CreditNote => "Credited",
                _ => "Credited to your account",
            };
            (label, wording::magnitude(totals.total, invoice))
        }
    }
}

fn payments(invoice: &Invoice, paid: &Paid) -> Vec<Sum> {
    let step =
        |label, amount| Sum { rank: Rank::Step, label, number: money(amount, invoice.currency) };
    let payments = paid.payments.iter();
    let mut sums: Vec<Sum> =
        payments.map(|payment| step(wording::payment(payment), reducing(payment.amount))).collect();
    if !paid.excess.is_zero() {
        sums.push(step("Credited to your account".into(), paid.excess));
    }
    sums
}

/// A sum that reduces is shown as what it does to the last one.
fn reducing(amount: Amount) -> Amount {
    amount.checked_neg().unwrap_or(amount)
}

#[cfg(test)]
#[path = "sums_tests.rs"]
mod tests;
