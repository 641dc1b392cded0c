//! The sums of an invoice, in the order in which they lead to the last one.
//!
//! Zero sums are left out, except the last one: the amount due, the open amount or the credited
//! amount. A subtotal or total that equals the next result is left out as well, so that no amount is
//! printed twice. Included tax comes after the total, because it is not added.

use super::content::{Paid, PdfContent};
use super::taxes::{ShownRateSum, rate_sums};
use super::wording::terms;
use crate::locale::Locale;
use crate::model::{DocumentKind, DocumentView};
use crate::value::Amount;
use crate::wording::magnitude;

/// One row of the sums.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownSum {
    pub(super) rank: SumRank,
    pub(super) label: String,
    pub(super) number: String,
    amount: Amount,
}

/// The importance of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SumRank {
    /// The sum of the lines, where the steps begin.
    Start,
    /// It leads to another sum.
    Step,
    /// The result of the steps above.
    Result,
    /// It explains the sum above and is not added.
    Aside,
}

/// All sums but the last.
pub(super) fn sums(manuscript: &PdfContent) -> Vec<ShownSum> {
    let (invoice, locale) = (manuscript.document, manuscript.locale());
    let (totals, texts) = (&invoice.totals, manuscript.texts());
    let sum = |rank, label: &str, amount: Amount| ShownSum {
        rank,
        label: label.to_owned(),
        number: locale.money(amount, invoice.currency),
        amount,
    };
    let (included, added): (Vec<_>, Vec<_>) = rate_sums(invoice.lines, invoice.taxes, locale)
        .into_iter()
        .partition(|rate| rate.is_included);
    let tax = |rank, rates: Vec<ShownRateSum>| {
        rates
            .into_iter()
            .map(move |rate| sum(rank, &rate.label(invoice.currency, locale), rate.tax))
    };
    let rates = added.len() + included.len();
    let net = totals.total.checked_sub(totals.tax);
    let mut sums = vec![sum(SumRank::Start, texts.subtotal(), totals.subtotal)];
    if !totals.discount.is_zero() {
        sums.push(sum(SumRank::Step, texts.discount(), reducing(totals.discount)));
    }
    // With one rate, its row shows the net amount and the tax. With several, the law requires the
    // total net amount.
    let net = net.filter(|net| rates > 0 && (rates > 1 || *net != totals.subtotal));
    if included.is_empty() {
        sums.extend(net.map(|net| sum(SumRank::Result, texts.total_without_tax(), net)));
    }
    let has_several = rates > 1;
    let has_included = !included.is_empty();
    sums.extend(tax(SumRank::Step, added));
    if has_several && !has_included {
        sums.push(sum(SumRank::Step, texts.total_tax(), totals.tax));
    }
    sums.push(sum(SumRank::Result, texts.total(), totals.total));
    sums.extend(tax(SumRank::Aside, included));
    if has_included {
        let net = net.map(|net| sum(SumRank::Aside, texts.total_without_tax(), net));
        sums.extend(net);
        sums.extend(has_several.then(|| sum(SumRank::Aside, texts.total_tax(), totals.tax)));
    }
    if !totals.credit_applied.is_zero() {
        sums.push(sum(SumRank::Step, texts.credit_applied(), reducing(totals.credit_applied)));
    }
    if let Some(paid) = &manuscript.paid {
        if totals.amount_due != totals.total {
            sums.push(sum(SumRank::Result, texts.amount_due(), totals.amount_due));
        }
        sums.extend(payments(&invoice, paid, locale));
    }
    without_repetition(sums, last_amount(manuscript))
}

/// Leaves out each result that equals the next one, which `last` ends, without a step between them.
fn without_repetition(sums: Vec<ShownSum>, last: Amount) -> Vec<ShownSum> {
    let mut next = Some(last);
    let mut kept: Vec<ShownSum> = Vec::with_capacity(sums.len());
    for sum in sums.into_iter().rev() {
        match sum.rank {
            SumRank::Aside => {}
            SumRank::Step => next = None,
            SumRank::Start | SumRank::Result if next == Some(sum.amount) => continue,
            SumRank::Start | SumRank::Result => next = Some(sum.amount),
        }
        kept.push(sum);
    }
    kept.reverse();
    kept
}

/// The amount of the last sum, with the sign that the sums above have.
fn last_amount(manuscript: &PdfContent) -> Amount {
    let totals = manuscript.document.totals;
    match (&manuscript.paid, manuscript.document.kind) {
        (Some(paid), _) => paid.balance,
        (None, DocumentKind::Invoice) => totals.amount_due,
        (None, DocumentKind::Credit | DocumentKind::CreditNote) => totals.total,
    }
}

/// The last sum, with its currency. The label says whether it is owed or credited.
pub(super) fn last(manuscript: &PdfContent) -> (&'static str, String) {
    let (invoice, texts) = (manuscript.document, manuscript.texts());
    let label = match (&manuscript.paid, invoice.kind) {
        (Some(_), _) => texts.balance_due(),
        (None, DocumentKind::Invoice) => texts.amount_due(),
        (None, DocumentKind::Credit) => texts.credited_to_account(),
        (None, DocumentKind::CreditNote) => texts.credited(),
    };
    (label, magnitude(last_amount(manuscript), invoice.currency, manuscript.locale()))
}

fn payments(invoice: &DocumentView<'_>, paid: &Paid, locale: Locale) -> Vec<ShownSum> {
    let step = |label, amount| ShownSum {
        rank: SumRank::Step,
        label,
        number: locale.money(amount, invoice.currency),
        amount,
    };
    let payments = paid.payments.iter();
    let mut sums: Vec<ShownSum> = payments
        .map(|payment| step(terms::payment(payment, locale), reducing(payment.amount)))
        .collect();
    if !paid.excess.is_zero() {
        sums.push(step(locale.texts().credited_to_account().to_owned(), paid.excess));
    }
    sums
}

/// A reducing sum is shown as its effect on the last one.
fn reducing(amount: Amount) -> Amount {
    amount.checked_neg().unwrap_or(amount)
}

#[cfg(test)]
#[path = "sums_tests.rs"]
mod tests;
