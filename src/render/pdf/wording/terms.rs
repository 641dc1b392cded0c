//! How it is paid, what credit does, whom to ask, and which page this is.

use super::super::manuscript::PaymentShown;
use super::with_code;
use crate::invoice::Invoice;
use crate::render::format::long_date;

/// The days there are to pay.
pub(in super::super) fn payment_terms(days: i64) -> String {
    match days {
        ..=0 => "due at once".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// How a payment is called in the sums: "Paid 27 Jun 2020 · Visa •••• 4242".
pub(in super::super) fn payment(payment: &PaymentShown) -> String {
    let what = if payment.amount.is_negative() { "Paid back " } else { "Paid " };
    let date = long_date(payment.date);
    match payment.method.trim() {
        "" => format!("{what}{date}"),
        method => format!("{what}{date} · {method}"),
    }
}

/// What of the credit was used and what is left, if there was any.
pub(in super::super) fn credit(invoice: &Invoice) -> Option<String> {
    let (used, left) = (invoice.totals.credit_applied, invoice.totals.credit_balance);
    let what_it_does = "it pays your next invoices by itself";
    match (used.is_zero(), left.is_zero()) {
        (true, true) => None,
        (true, false) => {
            Some(format!("Credit balance {}: {what_it_does}.", with_code(left, invoice)))
        }
        (false, true) => {
            Some(format!("Credit: {} used on this invoice, none left.", with_code(used, invoice)))
        }
        (false, false) => Some(format!(
            "Credit: {} used on this invoice, {} left; {what_it_does}.",
            with_code(used, invoice),
            with_code(left, invoice)
        )),
    }
}

/// A number for taxes, of the seller or of the customer.
pub(in super::super) fn tax_id(id: &str) -> String {
    format!("Tax ID {id}")
}

/// Whom to ask, and where to read more; at the foot of pages.
pub(in super::super) fn questions(email: Option<&str>, web: Option<&str>) -> Option<String> {
    match (email, web) {
        (Some(email), Some(web)) => Some(format!("Questions? Write to {email} · {web}")),
        (Some(email), None) => Some(format!("Questions? Write to {email}")),
        (None, web) => web.map(str::to_owned),
    }
}

/// The foot of a page, where there are several.
pub(in super::super) fn page(number: usize, count: usize) -> String {
    format!("Page {number} of {count}")
}

/// What a document is called, with its number.
pub(in super::super) fn name(title: &str, number: &str) -> String {
    format!("{title} {number}")
}
