//! The sentence that is read first.
//!
//! It says what happens, not what kind of record this is: what is to be paid by when, what is
//! credited, what credit has paid.

use super::super::manuscript::{Manuscript, Paid, PaymentShown};
use super::{magnitude, with_code};
use crate::invoice::{DocumentKind, Invoice};
use crate::render::format::long_date;

/// What the reader wants to know.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Headline {
    /// The amount, set strong.
    pub(in super::super) strong: String,
    /// What happens to it.
    pub(in super::super) rest: String,
    /// Why, where that needs a word.
    pub(in super::super) remark: Option<String>,
}

/// "USD 20.05 due 11 Jul 2020", "USD 3.40 credited to your account", "Paid 27 Jun 2020" or
/// "Nothing to pay".
pub(in super::super) fn headline(manuscript: &Manuscript) -> Headline {
    let invoice = manuscript.invoice;
    let totals = &invoice.totals;
    if let Some(paid @ Paid { payments: [.., last], .. }) = &manuscript.paid {
        paid_headline(invoice, paid, last)
    } else if invoice.kind != DocumentKind::Invoice {
        let strong = magnitude(totals.total, invoice);
        let rest = match &invoice.credits_invoice {
            // It may pay that invoice, or become credit.
            Some(number) => format!("credited for invoice {number}"),
            None => "credited to your account".into(),
        };
        Headline { strong, rest, remark: None }
    } else if totals.amount_due.is_zero() {
        let remark = from_credit(invoice).map(|amount| format!("{amount} paid from your credit"));
        Headline { strong: "Nothing".into(), rest: "to pay".into(), remark }
    } else {
        let strong = with_code(totals.amount_due, invoice);
        let rest = format!("due {}", long_date(invoice.due_date));
        let remark =
            from_credit(invoice).map(|amount| format!("{amount} already paid from your credit"));
        Headline { strong, rest, remark }
    }
}

/// "Paid 27 Jun 2020 · Visa •••• 4242", or how much is still to be paid.
fn paid_headline(invoice: &Invoice, paid: &Paid, last: &PaymentShown) -> Headline {
    let received = with_code(paid.received, invoice);
    if !paid.balance.is_zero() {
        let rest = format!("of {} paid", with_code(invoice.totals.amount_due, invoice));
        let balance = with_code(paid.balance, invoice);
        let remark = format!("{balance} still due {}", long_date(invoice.due_date));
        return Headline { strong: received, rest, remark: Some(remark) };
    }
    let remark = match from_credit(invoice) {
        Some(amount) => format!("{received} received, {amount} paid from your credit"),
        None => format!("{received} received"),
    };
    let date = long_date(last.date);
    let (strong, rest) = match (paid.payments.len(), last.method.trim()) {
        (1, "") => (format!("Paid {date}"), String::new()),
        (1, method) => (format!("Paid {date}"), format!("· {method}")),
        (count, _) => ("Paid".into(), format!("in {count} payments, last on {date}")),
    };
    Headline { strong, rest, remark: Some(remark) }
}

/// The credit that paid some of it.
fn from_credit(invoice: &Invoice) -> Option<String> {
    let applied = invoice.totals.credit_applied;
    (!applied.is_zero()).then(|| magnitude(applied, invoice))
}

#[cfg(test)]
#[path = "headline_tests.rs"]
mod tests;
