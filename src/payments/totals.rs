//! What payments come to in a close, by currency, so that the close can be proved:
//!
//! - `received = paid + overpaid` and `returned = taken_back + refunded`;
//! - opening credit + granted + overpaid − applied − refunded − credited = closing credit;
//! - opening receivable + amounts due − paid + taken back − credited = closing receivable.

use std::collections::BTreeMap;

use super::allocation::AppliedPayment;
use crate::model::Receivable;
use crate::value::{Amount, Currency};

/// The sums in one currency; none is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentSums {
    /// Money that came in.
    pub received: Amount,
    /// Money that was paid back.
    pub returned: Amount,
    /// What of the money that came in paid invoices.
    pub paid: Amount,
    /// What of it became credit.
    pub overpaid: Amount,
    /// What of the money paid back was taken from invoices.
    pub taken_back: Amount,
    /// What of it came out of the credit.
    pub refunded: Amount,
    /// What credit notes paid of the invoices that they credit, out of the credit they granted.
    pub credited: Amount,
    /// What was open before the close.
    pub opening_receivable: Amount,
    /// What is open after it.
    pub closing_receivable: Amount,
}

/// Adds up what payments did; `opening` is what was open before the close.
///
/// # Errors
/// The currency in which the sums do not fit 64 bits.
pub fn payment_sums(
    opening: &BTreeMap<Currency, Amount>,
    applied: &[AppliedPayment],
    receivables: &[Receivable],
) -> Result<BTreeMap<Currency, PaymentSums>, Currency> {
    let mut sums: BTreeMap<Currency, PaymentSums> = BTreeMap::new();
    for (currency, amount) in opening {
        sums.entry(*currency).or_default().opening_receivable = *amount;
    }
    for (currency, amount) in open_by_currency(receivables)? {
        sums.entry(currency).or_default().closing_receivable = amount;
    }
    for payment in applied {
        let sum = sums.entry(payment.currency).or_default();
        sum.add(payment).ok_or(payment.currency)?;
    }
    Ok(sums)
}

/// What is open, in each currency in which something is.
///
/// # Errors
/// The currency in which it does not fit 64 bits.
pub fn open_by_currency(
    receivables: &[Receivable],
) -> Result<BTreeMap<Currency, Amount>, Currency> {
    let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
    for receivable in receivables.iter().filter(|receivable| !receivable.open().is_zero()) {
        let sum = sums.entry(receivable.currency).or_default();
        *sum = sum.checked_add(receivable.open()).ok_or(receivable.currency)?;
    }
    Ok(sums)
}

impl PaymentSums {
    /// `None` if a sum does not fit.
    fn add(&mut self, payment: &AppliedPayment) -> Option<()> {
        let to_invoices =
            Amount::checked_sum(payment.to_invoices.iter().map(|(_, amount)| *amount))?;
        let (amount, to_credit) = (payment.amount, payment.to_credit);
        if payment.is_note() {
            self.credited = self.credited.checked_add(to_invoices)?;
        } else if amount.is_negative() {
            self.returned = self.returned.checked_sub(amount)?;
            self.taken_back = self.taken_back.checked_sub(to_invoices)?;
            self.refunded = self.refunded.checked_sub(to_credit)?;
        } else {
            self.received = self.received.checked_add(amount)?;
            self.paid = self.paid.checked_add(to_invoices)?;
            self.overpaid = self.overpaid.checked_add(to_credit)?;
        }
        Some(())
    }

    /// Whether every payment went somewhere, and nothing came from nowhere.
    pub fn add_up(&self) -> bool {
        self.paid.checked_add(self.overpaid) == Some(self.received)
            && self.taken_back.checked_add(self.refunded) == Some(self.returned)
    }

    /// What is open after a close whose documents ask for `amount_due`; `None` if it does not fit.
    pub fn expected_receivable(&self, amount_due: Amount) -> Option<Amount> {
        let owed = self.opening_receivable.checked_add(amount_due)?.checked_add(self.taken_back)?;
        owed.checked_sub(self.paid)?.checked_sub(self.credited)
    }

    /// What credit there is after a close that began with `opening`, granted and applied some;
    /// `None` if it does not fit.
    pub fn expected_credit(
        &self,
        opening: Amount,
        granted: Amount,
        applied: Amount,
    ) -> Option<Amount> {
        let had = opening.checked_add(granted)?.checked_add(self.overpaid)?;
        had.checked_sub(applied)?.checked_sub(self.refunded)?.checked_sub(self.credited)
    }
}
