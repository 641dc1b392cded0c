//! The subject lines under which documents are sent.
//!
//! What is to be said is decided by the numbers; how it is said stands in [`SubjectTexts`], one for
//! each language, as sentences with places for what differs.

use std::borrow::Cow;

use super::format::{long_date, money};
use crate::invoice::{DocumentKind, Invoice};
use crate::value::Amount;

/// How a document stands when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// All of the amount due is to be paid.
    Open,
    /// Payments have paid some of it.
    PartlyPaid,
    /// Credit or payments have paid it.
    Paid,
    /// It comes to nothing.
    Zero,
    /// It grants credit.
    Credit,
}

impl DeliveryStatus {
    /// How a document stands of which `open` is still to be paid.
    pub fn of(invoice: &Invoice, open: Amount) -> Self {
        let totals = &invoice.totals;
        if invoice.kind != DocumentKind::Invoice {
            Self::Credit
        } else if totals.total.is_zero() {
            Self::Zero
        } else if open.is_zero() {
            Self::Paid
        } else if open == totals.amount_due {
            Self::Open
        } else {
            Self::PartlyPaid
        }
    }

    /// The word in `delivery.csv`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
            Self::Zero => "zero",
            Self::Credit => "credit",
        }
    }
}

/// The sentences of one language. `{number}`, `{seller}`, `{amount}`, `{date}` and `{invoice}` stand
/// for what differs.
struct SubjectTexts {
    open: &'static str,
    partly_paid: &'static str,
    paid: &'static str,
    zero: &'static str,
    credit: &'static str,
    credit_note: &'static str,
    receipt: &'static str,
}

const ENGLISH: SubjectTexts = SubjectTexts {
    open: "Invoice {number} from {seller}: {amount} due {date}",
    partly_paid: "Invoice {number} from {seller}: {amount} left to pay, due {date}",
    paid: "Invoice {number} from {seller}: {amount}, paid",
    zero: "Invoice {number} from {seller}: nothing to pay",
    credit: "Credit {number} from {seller}: {amount} credited to your account",
    credit_note: "Credit note {number} from {seller}: {amount} credited for invoice {invoice}",
    receipt: "Receipt for invoice {number} from {seller}: {amount} paid",
};

/// The subject of a document of which `open` is still to be paid.
pub fn invoice_subject(invoice: &Invoice, open: Amount, seller: &str) -> String {
    let texts = &ENGLISH;
    let (text, amount) = match DeliveryStatus::of(invoice, open) {
        DeliveryStatus::Open => (texts.open, open),
        DeliveryStatus::PartlyPaid => (texts.partly_paid, open),
        DeliveryStatus::Paid => (texts.paid, invoice.totals.total),
        DeliveryStatus::Zero => (texts.zero, Amount::ZERO),
        DeliveryStatus::Credit if invoice.credits_invoice.is_some() => {
            (texts.credit_note, invoice.totals.total)
        }
        DeliveryStatus::Credit => (texts.credit, invoice.totals.total),
    };
    said(text, invoice, amount, seller)
}

/// The subject of the receipt for a paid invoice.
pub fn receipt_subject(invoice: &Invoice, seller: &str) -> String {
    said(ENGLISH.receipt, invoice, invoice.totals.amount_due, seller)
}

fn said(text: &str, invoice: &Invoice, amount: Amount, seller: &str) -> String {
    let plain = money(amount, invoice.currency);
    let amount = format!("{} {}", invoice.currency, plain.trim_start_matches('\u{2212}'));
    let subject = fill(text, |place| match place {
        "number" => Cow::Borrowed(&*invoice.number),
        "seller" => Cow::Borrowed(seller),
        "amount" => Cow::Borrowed(&*amount),
        "date" => Cow::Owned(long_date(invoice.due_date)),
        _ => Cow::Borrowed(invoice.credits_invoice.as_deref().unwrap_or_default()),
    });
    // A line break would begin another header of the message.
    subject.replace(char::is_control, " ")
}

/// A text with its places filled, from left to right: what fills one is not looked at again.
fn fill<'a>(text: &str, value: impl Fn(&str) -> Cow<'a, str>) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    for part in text.split_inclusive('}') {
        match part.split_once('{') {
            Some((before, place)) => {
                filled.push_str(before);
                filled.push_str(&value(place.trim_end_matches('}')));
            }
            None => filled.push_str(part),
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::tests::{document, line};

    fn invoice(amount: i64) -> Invoice {
        let lines = vec![line("Seats", amount, "2020-06-01", "2020-07-01")];
        document("INV-7", "2020-06-01", lines, 0)
    }

    #[test]
    fn the_subject_says_what_is_to_be_done() {
        let due = invoice(2005);
        let open = due.totals.amount_due;
        let date = long_date(due.due_date);
        let subject = |open| invoice_subject(&due, open, "Kumu");
        assert_eq!(subject(open), format!("Invoice INV-7 from Kumu: USD 20.05 due {date}"));
        let rest = subject(Amount::from_minor(5));
        assert_eq!(rest, format!("Invoice INV-7 from Kumu: USD 0.05 left to pay, due {date}"));
        assert_eq!(subject(Amount::ZERO), "Invoice INV-7 from Kumu: USD 20.05, paid");
        let receipt = receipt_subject(&due, "Kumu");
        assert_eq!(receipt, "Receipt for invoice INV-7 from Kumu: USD 20.05 paid");
    }

    #[test]
    fn what_is_credited_is_never_asked_for() {
        let credit = Invoice { kind: DocumentKind::Credit, ..invoice(-340) };
        let subject = invoice_subject(&credit, Amount::ZERO, "Kumu");
        assert_eq!(subject, "Credit INV-7 from Kumu: USD 3.40 credited to your account");
        let kind = DocumentKind::CreditNote;
        let note = Invoice { kind, credits_invoice: Some("INV-3".into()), ..credit };
        let subject = invoice_subject(&note, Amount::ZERO, "Kumu");
        let expected = "Credit note INV-7 from Kumu: USD 3.40 credited for invoice INV-3";
        assert_eq!(subject, expected);
        let zero = invoice_subject(&invoice(0), Amount::ZERO, "Kumu");
        assert_eq!(zero, "Invoice INV-7 from Kumu: nothing to pay");
    }

    #[test]
    fn a_name_is_a_name_whatever_it_is() {
        let subject = invoice_subject(&invoice(0), Amount::ZERO, "{number}\r\nBcc: all");
        assert_eq!(subject, "Invoice INV-7 from {number}  Bcc: all: nothing to pay");
    }
}
