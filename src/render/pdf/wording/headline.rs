//! The sentence that is read first.
//!
//! It states the result, not the kind of document: the amount due and its date, the amount paid, the
//! amount credited, or the credit used.

use crate::locale::Locale;
use crate::model::DocumentView;
use crate::render::pdf::content::{Paid, PaidBy, PdfContent};
use crate::value::Amount;
use crate::wording::{listed, magnitude, with_code};

/// The headline.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Headline {
    /// The amount, in bold.
    pub(in super::super) strong: String,
    /// The rest of the sentence.
    pub(in super::super) rest: String,
    /// The reason, if needed.
    pub(in super::super) remark: Option<String>,
}

/// "USD 20.05 due 11 Jul 2020", "USD 20.05 paid 27 Jun 2020", "USD 3.40 credited to your account" or
/// "Nothing to pay".
pub(in super::super) fn headline(manuscript: &PdfContent) -> Headline {
    let (invoice, locale) = (manuscript.document, manuscript.document.account.locale);
    let (totals, texts) = (&invoice.totals, locale.texts());
    let from_credit = from_credit(&invoice, locale);
    if let Some(paid @ Paid { payments: [_, ..], .. }) = &manuscript.paid {
        return paid_headline(&invoice, paid, locale);
    }
    let Some(due_date) = invoice.due_date else {
        let strong = magnitude(totals.total, invoice.currency, locale);
        let rest = match &invoice.credits_invoice {
            // It may pay that invoice or become credit.
            Some(number) => texts.credited_for(number),
            None => texts.credited_now().into(),
        };
        return Headline { strong, rest, remark: None };
    };
    if totals.amount_due.is_zero() {
        let remark = from_credit.map(|amount| texts.from_credit(&amount));
        Headline { strong: texts.nothing().into(), rest: texts.to_pay().into(), remark }
    } else {
        let strong = with_code(totals.amount_due, invoice.currency, locale);
        let rest = texts.due_on(&locale.date(due_date));
        let remark = from_credit.map(|amount| texts.already_from_credit(&amount));
        Headline { strong, rest, remark }
    }
}

/// The amount paid: "USD 20.05 paid 27 Jun 2020 · Visa •••• 4242" or "USD 10.00 of USD 20.05 paid".
/// Below it, the amount still due, and the amounts that credit and credit notes took off.
fn paid_headline(invoice: &DocumentView<'_>, paid: &Paid, locale: Locale) -> Headline {
    let (texts, money) =
        (locale.texts(), |amount: Amount| with_code(amount, invoice.currency, locale));
    let mut remarks = Vec::new();
    if let Some(due_date) = invoice.due_date.filter(|_| !paid.balance.is_zero()) {
        remarks.push(texts.still_due(&money(paid.balance), &locale.date(due_date)));
    }
    remarks.extend(from_credit(invoice, locale).map(|amount| texts.from_credit(&amount)));
    remarks.extend(paid.payments.iter().filter_map(|payment| match &payment.by {
        PaidBy::CreditNote(number) => Some(texts.by_credit_note(&money(payment.amount), number)),
        PaidBy::Money(_) | PaidBy::BankFee | PaidBy::ExchangeDifference => None,
    }));
    let remark = (!remarks.is_empty()).then(|| listed(&remarks));
    let count = paid.in_money().count();
    let Some((last, method)) = paid.in_money().next_back() else {
        let (strong, rest) = if paid.balance.is_zero() {
            (texts.nothing().into(), texts.to_pay().into())
        } else {
            (money(Amount::ZERO), texts.of_amount_paid(&money(invoice.totals.amount_due)))
        };
        return Headline { strong, rest, remark };
    };
    let date = locale.date(last.date);
    let rest = match (paid.balance.is_zero(), count, method) {
        (false, ..) => texts.of_amount_paid(&money(invoice.totals.amount_due)),
        (true, 1, "") => texts.paid_then(&date),
        (true, 1, method) => listed(&[texts.paid_then(&date), method.to_owned()]),
        (true, count, _) => texts.in_payments(count as u64, &date),
    };
    Headline { strong: money(paid.received), rest, remark }
}

/// The part that credit paid.
fn from_credit(invoice: &DocumentView<'_>, locale: Locale) -> Option<String> {
    let applied = invoice.totals.credit_applied;
    (!applied.is_zero()).then(|| magnitude(applied, invoice.currency, locale))
}

#[cfg(test)]
#[path = "headline_tests.rs"]
mod tests;
