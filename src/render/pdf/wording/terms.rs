//! The texts for payment terms, credit and contact.

use chrono::NaiveDate;

use crate::locale::{Locale, Texts};
use crate::model::DocumentView;
use crate::render::pdf::content::{PaidBy, PaymentShown};
use crate::wording::{in_words, listed, with_code};

/// The terms of payment of a document that is due on a date. Those of the account are said if they give
/// that date: an invoice of an earlier close may have had others.
pub(in super::super) fn payment_terms(invoice: &DocumentView<'_>, due_date: NaiveDate) -> String {
    let (terms, texts) = (invoice.account.payment_terms, invoice.account.locale.texts());
    let said = (terms.due_date(invoice.issue_date) == due_date).then(|| in_words(terms, texts));
    said.flatten().unwrap_or_else(|| {
        match u64::try_from((due_date - invoice.issue_date).num_days()) {
            Ok(days) if days > 0 => texts.days_to_pay(days),
            _ => texts.due_at_once().to_owned(),
        }
    })
}

/// The text of a payment in the sums: "Paid 27 Jun 2020 · Visa •••• 4242" or "Credit note CN-7 · 27
/// Jun 2020".
pub(in super::super) fn payment(payment: &PaymentShown, locale: Locale) -> String {
    let (texts, date) = (locale.texts(), locale.date(payment.date));
    let is_back = payment.amount.is_negative();
    let paid = || if is_back { texts.paid_back_on(&date) } else { texts.paid_on(&date) };
    match &payment.by {
        PaidBy::CreditNote(number) => listed(&[texts.name(texts.credit_note(), number), date]),
        PaidBy::BankFee => listed(&[texts.bank_fee().to_owned(), date]),
        PaidBy::ExchangeDifference => listed(&[texts.exchange_difference().to_owned(), date]),
        PaidBy::Money(method) if method.trim().is_empty() => paid(),
        PaidBy::Money(method) => listed(&[paid(), method.trim().to_owned()]),
    }
}

/// The credit used and left, if there was any.
pub(in super::super) fn credit(invoice: &DocumentView<'_>, locale: Locale) -> Option<String> {
    let (used, left) = (invoice.totals.credit_applied, invoice.totals.credit_balance);
    let texts = locale.texts();
    let shown = |amount| with_code(amount, invoice.currency, locale);
    match (used.is_zero(), left.is_zero()) {
        (true, true) => None,
        (true, false) => Some(texts.credit_left(&shown(left))),
        (false, true) => Some(texts.credit_used(&shown(used))),
        (false, false) => Some(texts.credit_used_and_left(&shown(used), &shown(left))),
    }
}

/// The contact and the help page, at the foot of pages.
pub(in super::super) fn questions(
    email: Option<&str>,
    web: Option<&str>,
    texts: Texts,
) -> Option<String> {
    match (email.map(|email| texts.questions(email)), web) {
        (Some(question), Some(web)) => Some(format!("{question} · {web}")),
        (question, web) => question.or_else(|| web.map(str::to_owned)),
    }
}
