//! The sentence that is read first.
//!
//! It states the result, not the kind of document: the amount due and its date, the amount
//! credited, or the credit used.

use crate::locale::Locale;
use crate::model::DocumentView;
use crate::render::pdf::content::{Paid, PaymentShown, PdfContent};
use crate::wording::{magnitude, with_code};

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

/// "USD 20.05 due 11 Jul 2020", "USD 3.40 credited to your account", "Paid 27 Jun 2020" or
/// "Nothing to pay".
pub(in super::super) fn headline(manuscript: &PdfContent) -> Headline {
    let (invoice, locale) = (manuscript.document, manuscript.document.account.locale);
    let (totals, texts) = (&invoice.totals, locale.texts());
    let from_credit = from_credit(&invoice, locale);
    if let Some(paid @ Paid { payments: [.., last], .. }) = &manuscript.paid {
        return paid_headline(&invoice, paid, last, locale);
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

/// "Paid 27 Jun 2020 · Visa •••• 4242", or the amount still due.
fn paid_headline(
    invoice: &DocumentView<'_>,
    paid: &Paid,
    last: &PaymentShown,
    locale: Locale,
) -> Headline {
    let texts = locale.texts();
    let received = with_code(paid.received, invoice.currency, locale);
    if !paid.balance.is_zero() {
        let rest =
            texts.of_amount_paid(&with_code(invoice.totals.amount_due, invoice.currency, locale));
        let balance = with_code(paid.balance, invoice.currency, locale);
        let due_date = invoice.due_date.map(|date| locale.date(date));
        let remark = due_date.map(|date| texts.still_due(&balance, &date));
        return Headline { strong: received, rest, remark };
    }
    let remark = match from_credit(invoice, locale) {
        Some(amount) => texts.received_with_credit(&received, &amount),
        None => texts.received(&received),
    };
    let date = locale.date(last.date);
    let (strong, rest) = match (paid.payments.len(), last.method.trim()) {
        (1, "") => (texts.paid_on(&date), String::new()),
        (1, method) => (texts.paid_on(&date), format!("· {method}")),
        (count, _) => (texts.was_paid().into(), texts.in_payments(count as u64, &date)),
    };
    Headline { strong, rest, remark: Some(remark) }
}

/// The part that credit paid.
fn from_credit(invoice: &DocumentView<'_>, locale: Locale) -> Option<String> {
    let applied = invoice.totals.credit_applied;
    (!applied.is_zero()).then(|| magnitude(applied, invoice.currency, locale))
}

#[cfg(test)]
#[path = "headline_tests.rs"]
mod tests;
