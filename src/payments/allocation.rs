//! Payments that were applied, and what became of their money.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::value::{Amount, Currency, Instant};

/// A payment that a close applied: `amount` is the sum of `to_invoices` and `to_credit`, and all
/// of them have its sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedPayment {
    /// `payment_id`.
    pub payment_id: Arc<str>,
    /// Who paid, or was paid back.
    pub account_id: Arc<str>,
    /// When the money moved; a close later than that may have applied it.
    pub at: Instant,
    /// That instant's date in the account's calendar.
    pub date: NaiveDate,
    /// How it was paid; may be empty.
    pub method: Box<str>,
    /// The currency of every amount.
    pub currency: Currency,
    /// What was received; negative if it was paid back, nothing if a credit note was applied.
    pub amount: Amount,
    /// What of it paid which invoice, or was taken back from it.
    pub to_invoices: Vec<(Arc<str>, Amount)>,
    /// What of it became credit, or was paid out of it.
    pub to_credit: Amount,
}

impl AppliedPayment {
    /// Its parts, one for each invoice and one for the credit, if there is one.
    pub fn allocations(&self) -> impl Iterator<Item = Allocation<'_>> {
        let to_invoices = self.to_invoices.iter().map(move |(number, amount)| Allocation {
            invoice_number: Some(number),
            amount: *amount,
            is_note: self.is_note(),
        });
        let to_credit =
            Allocation { invoice_number: None, amount: self.to_credit, is_note: self.is_note() };
        to_invoices.chain((!self.to_credit.is_zero()).then_some(to_credit))
    }

    /// Whether no money moved: a credit note paid the invoice that it credits.
    pub fn is_note(&self) -> bool {
        self.amount.is_zero()
    }

    /// A part of it, as the receipt of the invoice that it paid shows it.
    pub fn part(&self, amount: Amount) -> PaidPart {
        PaidPart {
            payment_id: Arc::clone(&self.payment_id),
            date: self.date,
            method: self.method.clone(),
            amount,
        }
    }
}

/// A part of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation<'a> {
    /// The invoice it paid; `None` if it went to the credit.
    pub invoice_number: Option<&'a Arc<str>>,
    /// How much; negative if it was paid back.
    pub amount: Amount,
    /// Whether it is a credit note's, and moved from the credit to its invoice.
    pub is_note: bool,
}

impl Allocation<'_> {
    /// What it is, as tables have it.
    pub const fn kind(&self) -> &'static str {
        if self.is_note {
            return "credit_note";
        }
        match (self.invoice_number, self.amount.is_negative()) {
            (Some(_), false) => "payment",
            (Some(_), true) => "refund",
            (None, false) => "credit",
            (None, true) => "credit_refund",
        }
    }
}

/// An invoice on which nothing is open any more, because payments of this close paid the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidInvoice {
    /// Its number.
    pub invoice_number: Arc<str>,
    /// What this close's payments paid on it or took back, in the order in which they applied.
    pub payments: Vec<PaidPart>,
    /// What payments of earlier closes had paid.
    pub paid_before: Amount,
}

/// What one payment paid on an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidPart {
    /// `payment_id`.
    pub payment_id: Arc<str>,
    /// The day on which the money moved, in the account's calendar.
    pub date: NaiveDate,
    /// How it was paid; may be empty.
    pub method: Box<str>,
    /// What of it went to this invoice; negative if it was taken back.
    pub amount: Amount,
}
