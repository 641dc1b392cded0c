//! Applied payments and their parts.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::PaymentKind;
use crate::value::{Amount, Currency, Instant};

/// A payment that a close applied. `amount` is the sum of `to_invoices` and `to_credit`, and all
/// have its sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppliedPayment {
    /// `payment_id`.
    pub(crate) payment_id: Arc<str>,
    /// The account that paid, or was repaid.
    pub(crate) account_id: Arc<str>,
    /// The instant of the payment. A later close may have applied it.
    pub(crate) at: Instant,
    /// The date of `at` in the account's calendar.
    pub(crate) date: NaiveDate,
    /// The method; may be empty.
    pub(crate) method: Box<str>,
    pub(crate) currency: Currency,
    pub(crate) kind: PaymentKind,
    /// The document that a refund names.
    pub(crate) refunds: Option<Arc<str>>,
    /// The received amount; negative for a repayment; zero for a credit note.
    pub(crate) amount: Amount,
    /// The part for each invoice; negative if it was taken back.
    pub(crate) to_invoices: Vec<(Arc<str>, Amount)>,
    /// The part that became credit, or was paid out of it.
    pub(crate) to_credit: Amount,
    /// When it was settled.
    pub(crate) turn: SettlementTurn,
}

impl AppliedPayment {
    /// Its parts: one for each invoice, and one for the credit if there is one.
    pub(crate) fn allocations(&self) -> impl Iterator<Item = Allocation<'_>> {
        let to_invoices = self.to_invoices.iter().map(move |(number, amount)| Allocation {
            invoice_number: Some(number),
            amount: *amount,
            ..self.rest()
        });
        let to_credit = self.rest();
        to_invoices.chain((!self.to_credit.is_zero()).then_some(to_credit))
    }

    /// The part that is credit.
    fn rest(&self) -> Allocation<'_> {
        Allocation {
            invoice_number: self.refunds.as_ref(),
            amount: self.to_credit,
            of: self.kind,
            is_note: self.is_note(),
        }
    }

    /// Whether a credit note paid its own invoice, so no money moved.
    pub(crate) fn is_note(&self) -> bool {
        self.amount.is_zero()
    }

    /// The part for one invoice, for its receipt.
    pub(crate) fn part(&self, amount: Amount) -> PaidPart {
        PaidPart {
            payment_id: Arc::clone(&self.payment_id),
            date: self.date,
            method: self.method.clone(),
            kind: self.kind,
            is_note: self.is_note(),
            amount,
        }
    }
}

/// The place of a payment in the order of settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SettlementTurn {
    pub(crate) instant: Instant,
    pub(crate) of: SettledRow,
}

/// What was settled. At one instant, credit notes come before payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettledRow {
    /// A credit note, by its index among the documents of the close.
    Note(usize),
    /// A row of `payments.csv`.
    Payment {
        /// When the money moved.
        at: Instant,
        /// The line in the file.
        line: u64,
    },
}

/// The kind of an [`Allocation`] that a credit note makes.
pub(crate) const CREDIT_NOTE: &str = "credit_note";

/// The kind of an [`Allocation`] that is taken from the credit.
pub(crate) const CREDIT_REFUND: &str = "credit_refund";

/// A part of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allocation<'a> {
    /// The paid invoice; `None` for credit, unless a refund names a document.
    pub(crate) invoice_number: Option<&'a Arc<str>>,
    /// The amount; negative for a repayment.
    pub(crate) amount: Amount,
    /// The kind of its payment.
    pub(crate) of: PaymentKind,
    /// Whether a credit note moved it from the credit to its invoice.
    pub(crate) is_note: bool,
}

impl Allocation<'_> {
    /// The kind in tables.
    pub(crate) fn kind(&self) -> &'static str {
        if self.is_note {
            return CREDIT_NOTE;
        }
        match (self.of, self.invoice_number, self.amount.is_negative()) {
            (PaymentKind::Money, Some(_), false) => "payment",
            (PaymentKind::Money, Some(_), true) => "refund",
            (PaymentKind::Money, None, false) => "credit",
            (PaymentKind::Refund, ..) | (PaymentKind::Money, None, true) => CREDIT_REFUND,
            (kind, ..) => kind.as_str(),
        }
    }
}

/// An invoice that payments of this close paid in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PaidInvoice {
    pub(crate) invoice_number: Arc<str>,
    /// The instant of the invoice.
    pub(crate) instant: Instant,
    /// The payments and repayments of this close, in order.
    pub(crate) payments: Vec<PaidPart>,
    /// The sum of earlier closes' payments.
    pub(crate) paid_before: Amount,
}

/// The part of one payment for an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PaidPart {
    /// `payment_id`.
    pub(crate) payment_id: Arc<str>,
    /// The date of the payment, in the account's calendar.
    pub(crate) date: NaiveDate,
    /// The method; may be empty.
    pub(crate) method: Box<str>,
    pub(crate) kind: PaymentKind,
    /// Whether it is a credit note, whose number is the `payment_id`.
    pub(crate) is_note: bool,
    /// The part for this invoice; negative if it was taken back.
    pub(crate) amount: Amount,
}
