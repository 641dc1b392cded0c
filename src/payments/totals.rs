//! The sums of payments in a close, by currency, to prove the close:
//!
//! - `received = paid + overpaid` and `returned = taken_back + refunded`;
//! - opening credit + granted + overpaid − applied − refunded − credited + otherwise to credit =
//!   closing credit;
//! - opening receivable + amounts due − paid + taken back − credited − written off − bank fees −
//!   exchange differences + otherwise to credit = closing receivable.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::allocation::AppliedPayment;
use crate::model::{PaidOtherwise, PaymentKind, Receivable};
use crate::value::{Amount, Currency};

/// The sums in one currency. Those of money are not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PaymentSums {
    pub(crate) received: Amount,
    /// The sum of repayments.
    pub(crate) returned: Amount,
    /// The received part that paid invoices.
    pub(crate) paid: Amount,
    /// The received part that became credit.
    pub(crate) overpaid: Amount,
    /// The repaid part that came from invoices.
    pub(crate) taken_back: Amount,
    /// The repaid part that came from credit.
    pub(crate) refunded: Amount,
    /// The sum that credit notes paid on their invoices, out of their own credit.
    pub(crate) credited: Amount,
    /// The net sums of what was no money.
    pub(crate) otherwise: PaidOtherwise,
    /// The part of these that became credit or, if negative, came from it.
    pub(crate) otherwise_to_credit: Amount,
    /// The credit that is listed to be paid back.
    pub(crate) refundable: Amount,
    /// The open amount before the close.
    pub(crate) opening_receivable: Amount,
    /// The open amount after the close.
    pub(crate) closing_receivable: Amount,
}

/// The kinds of rows that move no money.
const OTHER_KINDS: [PaymentKind; 3] =
    [PaymentKind::WriteOff, PaymentKind::BankFee, PaymentKind::ExchangeDifference];

/// Adds up the payments. `opening` is the open amount before the close.
///
/// # Errors
/// The currency in which the sums do not fit 64 bits.
pub(crate) fn payment_sums(
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

/// The open amount of each currency with one.
///
/// # Errors
/// The currency whose sum does not fit 64 bits.
pub(crate) fn open_by_currency(
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
    /// Adds the sums of other accounts. `None` if a sum does not fit.
    #[must_use = "sums that do not fit are not added"]
    pub(crate) fn add_all(&mut self, other: &Self) -> Option<()> {
        let Self { received, returned, paid, overpaid, taken_back, refunded, .. } = self;
        let Self { credited, opening_receivable, closing_receivable, .. } = self;
        let Self { otherwise, otherwise_to_credit, refundable, .. } = self;
        for kind in OTHER_KINDS {
            otherwise.add(kind, other.otherwise.of(kind))?;
        }
        for (sum, amount) in [
            (received, other.received),
            (returned, other.returned),
            (paid, other.paid),
            (overpaid, other.overpaid),
            (taken_back, other.taken_back),
            (refunded, other.refunded),
            (credited, other.credited),
            (otherwise_to_credit, other.otherwise_to_credit),
            (refundable, other.refundable),
            (opening_receivable, other.opening_receivable),
            (closing_receivable, other.closing_receivable),
        ] {
            *sum = sum.checked_add(amount)?;
        }
        Some(())
    }

    /// `None` if a sum does not fit.
    fn add(&mut self, payment: &AppliedPayment) -> Option<()> {
        let to_invoices =
            Amount::checked_sum(payment.to_invoices.iter().map(|(_, amount)| *amount))?;
        let (amount, to_credit) = (payment.amount, payment.to_credit);
        if payment.is_note() {
            self.credited = self.credited.checked_add(to_invoices)?;
        } else if !payment.kind.is_money() {
            self.otherwise.add(payment.kind, amount)?;
            self.otherwise_to_credit = self.otherwise_to_credit.checked_add(to_credit)?;
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

    /// What is added to an equation that does not hold, if there is any.
    pub(crate) fn otherwise_in_words(&self, currency: Currency) -> String {
        let Self { otherwise, otherwise_to_credit, .. } = self;
        let amounts = OTHER_KINDS.map(|kind| otherwise.of(kind));
        if amounts.iter().all(|amount| amount.is_zero()) {
            return String::new();
        }
        let text = |amount: Amount| amount.to_decimal_string(currency);
        let [written_off, fees, difference] = amounts.map(text);
        let to_credit = text(*otherwise_to_credit);
        format!(
            " (written off {written_off}, bank fees {fees}, exchange differences {difference}, \
             of these to credit {to_credit})"
        )
    }

    /// Whether the parts of received and repaid money add up.
    pub(crate) fn add_up(&self) -> bool {
        self.paid.checked_add(self.overpaid) == Some(self.received)
            && self.taken_back.checked_add(self.refunded) == Some(self.returned)
    }

    /// The open amount after a close whose invoices have this `amount_due`; `None` if it does not
    /// fit.
    pub(crate) fn expected_receivable(&self, amount_due: Amount) -> Option<Amount> {
        let owed = self.opening_receivable.checked_add(amount_due)?.checked_add(self.taken_back)?;
        let owed = owed.checked_sub(self.paid)?.checked_sub(self.credited)?;
        let settled = OTHER_KINDS.map(|kind| self.otherwise.of(kind));
        owed.checked_sub(Amount::checked_sum(settled)?)?.checked_add(self.otherwise_to_credit)
    }

    /// The credit after a close that began with `opening`, with the credit granted and applied;
    /// `None` if it does not fit.
    pub(crate) fn expected_credit(
        &self,
        opening: Amount,
        granted: Amount,
        applied: Amount,
    ) -> Option<Amount> {
        let had = opening.checked_add(granted)?.checked_add(self.overpaid)?;
        let left = had.checked_sub(applied)?.checked_sub(self.refunded)?;
        left.checked_sub(self.credited)?.checked_add(self.otherwise_to_credit)
    }
}
