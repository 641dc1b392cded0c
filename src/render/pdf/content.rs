//! The input of a [`PdfRenderer`](super::renderer::PdfRenderer): an invoice with its account and,
//! on a receipt, its payments.
//!
//! The payments are summed and checked once here, so that sentences and sums agree. The title is
//! also decided here: an invoice with payments is a receipt.

use chrono::NaiveDate;

use crate::locale::{Locale, Texts};
use crate::model::{Account, DocumentKind, DocumentView, Invoice, Line};
use crate::value::Amount;

/// A payment as a receipt shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PaymentShown {
    /// The day of the payment in the account's calendar.
    pub(crate) date: NaiveDate,
    pub(crate) by: PaidBy,
    /// The part for this invoice; negative if it was paid back.
    pub(crate) amount: Amount,
}

/// What reduces the open amount of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PaidBy {
    /// Money, with the payment method as printed: "Visa •••• 4242"; may be empty.
    Money(String),
    /// A credit note for the invoice, with its number. No money moves.
    CreditNote(String),
    /// The part of what the customer paid that a bank kept.
    BankFee,
    /// What remained because the payment arrived in another currency.
    ExchangeDifference,
}

impl PaymentShown {
    /// Whether the customer paid it. What a bank kept of it was paid as well.
    pub(crate) const fn is_money(&self) -> bool {
        matches!(self.by, PaidBy::Money(_) | PaidBy::BankFee)
    }
}

/// One document to be printed.
pub(super) struct PdfContent<'m> {
    pub(super) document: DocumentView<'m>,
    /// The payments; only on a receipt.
    pub(super) paid: Option<Paid<'m>>,
    /// Which lines of zero are shown.
    pub(super) zero_lines: ZeroLines,
}

/// Which lines of zero a document shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ZeroLines {
    /// None, unless all its lines are zero.
    #[default]
    IfAlone,
    All,
}

/// The payments of an invoice.
pub(super) struct Paid<'m> {
    /// In order of payment.
    pub(super) payments: &'m [PaymentShown],
    /// The sum of the money.
    pub(super) received: Amount,
    /// The open amount.
    pub(super) balance: Amount,
    /// The overpaid amount.
    pub(super) excess: Amount,
}

impl<'m> PdfContent<'m> {
    /// The invoice as issued.
    pub(super) fn issued(invoice: &'m Invoice, account: &'m Account) -> Self {
        Self { document: invoice.view(account), paid: None, zero_lines: ZeroLines::default() }
    }

    /// The same with other lines of zero.
    pub(super) fn with_zero_lines(self, zero_lines: ZeroLines) -> Self {
        Self { zero_lines, ..self }
    }

    /// Whether lines of zero are left out.
    pub(super) fn hides_zero(&self) -> bool {
        let is_zero = |line: &Line| line.amount.is_zero();
        self.zero_lines == ZeroLines::IfAlone && !self.document.lines.iter().all(is_zero)
    }

    /// The invoice with its payments. Without payments it is no receipt, unless nothing was due.
    /// `None` if the payments overflow.
    pub(super) fn receipt(
        invoice: &'m Invoice,
        account: &'m Account,
        payments: &'m [PaymentShown],
    ) -> Option<Self> {
        let settled = !payments.is_empty() || invoice.totals.amount_due.is_zero();
        let is_receipt = invoice.kind == DocumentKind::Invoice && settled;
        let paid = if is_receipt { Some(Paid::new(invoice, payments)?) } else { None };
        Some(Self { paid, ..Self::issued(invoice, account) })
    }

    pub(super) const fn locale(&self) -> Locale {
        self.document.account.locale
    }

    /// The texts in its language.
    pub(super) fn texts(&self) -> Texts {
        self.locale().texts()
    }

    /// The title of the document.
    pub(super) fn title(&self) -> &'static str {
        let texts = self.texts();
        match self.document.kind {
            _ if self.paid.is_some() => texts.receipt(),
            DocumentKind::Invoice => texts.invoice(),
            DocumentKind::Credit => texts.credit(),
            DocumentKind::CreditNote => texts.credit_note(),
        }
    }

    /// The title and number.
    pub(super) fn name(&self) -> String {
        self.texts().name(self.title(), self.document.number)
    }
}

impl<'m> Paid<'m> {
    fn new(invoice: &Invoice, payments: &'m [PaymentShown]) -> Option<Self> {
        let sum = Amount::checked_sum(payments.iter().map(|payment| payment.amount))?;
        let received = payments.iter().filter(|payment| payment.is_money());
        let received = Amount::checked_sum(received.map(|payment| payment.amount))?;
        let left = invoice.totals.amount_due.checked_sub(sum)?;
        let (balance, excess) = if left.is_negative() {
            (Amount::ZERO, left.checked_neg()?)
        } else {
            (left, Amount::ZERO)
        };
        Some(Self { payments, received, balance, excess })
    }

    /// The payments in money, with their methods.
    pub(super) fn in_money(&self) -> impl DoubleEndedIterator<Item = (&'m PaymentShown, &'m str)> {
        self.payments.iter().filter_map(|payment| match &payment.by {
            PaidBy::Money(method) => Some((payment, method.trim())),
            PaidBy::CreditNote(_) | PaidBy::BankFee | PaidBy::ExchangeDifference => None,
        })
    }

    /// The day of the last payment, if it paid everything.
    pub(super) fn settled_on(&self) -> Option<NaiveDate> {
        let last = self.payments.iter().rfind(|it| it.by != PaidBy::ExchangeDifference);
        let last = last.filter(|last| last.is_money());
        last.map(|payment| payment.date).filter(|_| self.balance.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::specimens::{account, credit, kumu, payment};

    #[test]
    fn payments_beyond_what_is_due_leave_an_excess() {
        let (invoice, account) = (kumu(), account("Acme"));
        let sums = |amounts: &[i64]| {
            let payments: Vec<_> = amounts.iter().map(|minor| payment("", *minor)).collect();
            let receipt = PdfContent::receipt(&invoice, &account, &payments)?;
            receipt.paid.map(|paid| [paid.received, paid.balance, paid.excess].map(Amount::minor))
        };
        assert_eq!(sums(&[1000]), Some([1000, 1005, 0]));
        assert_eq!(sums(&[1000, 1005]), Some([2005, 0, 0]));
        assert_eq!(sums(&[1000, 1500]), Some([2500, 0, 495]));
        assert_eq!(sums(&[2005, -2005]), Some([0, 2005, 0]));
        assert_eq!(sums(&[i64::MAX, 1]), None);
    }

    #[test]
    fn only_what_was_paid_is_a_receipt() {
        let account = account("Acme");
        let title = |invoice: &Invoice, payments: &[PaymentShown]| {
            PdfContent::receipt(invoice, &account, payments).expect("small sums").title()
        };
        assert_eq!(title(&kumu(), &[]), "Invoice");
        assert_eq!(title(&kumu(), &[payment("", 1)]), "Receipt");
        assert_eq!(title(&credit(), &[]), "Credit");
        let mut free = kumu();
        free.totals.amount_due = Amount::ZERO;
        assert_eq!(title(&free, &[]), "Receipt");
    }
}
