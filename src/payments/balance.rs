//! The balance of one account in one currency, and the rules that split a payment:
//!
//! - for an invoice, it pays that one and no other; what exceeds it becomes credit;
//! - for an account, it pays what is open, oldest first; the rest becomes credit;
//! - paid back for an invoice, it takes back first what exceeded the invoice, as far as that is
//!   still credit, and then what paid it, which is open again;
//! - paid back to an account, it comes out of the credit.
//!
//! Neither credit nor what is paid on an invoice ever falls below nothing.

use super::errors::PaymentError;
use crate::model::Receivable;
use crate::value::Amount;

/// Credit and invoices of an account.
#[derive(Debug, Default)]
pub(crate) struct AccountBalance {
    /// The unspent credit.
    pub(crate) credit: Amount,
    /// The indices of its receivables, oldest first, if payments need them.
    invoices: Vec<usize>,
}

/// The parts of a payment; all have its sign.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PaymentAllocation {
    /// The amount for each receivable, by index.
    pub(crate) to_invoices: Vec<(usize, Amount)>,
    /// The amount for the credit.
    pub(crate) to_credit: Amount,
}

impl AccountBalance {
    /// Adds an invoice.
    pub(crate) fn add(&mut self, place: usize, all: &[Receivable]) {
        let seniority = all[place].seniority();
        let after = self.invoices.partition_point(|other| all[*other].seniority() <= seniority);
        self.invoices.insert(after, place);
    }

    /// Splits a payment and books its parts. `named` is the index of the invoice that it is for.
    ///
    /// # Errors
    /// A repayment exceeds the available amount, or the credit does not fit 64 bits.
    pub(crate) fn apply(
        &mut self,
        amount: Amount,
        named: Option<usize>,
        all: &mut [Receivable],
    ) -> Result<PaymentAllocation, PaymentError> {
        let split = match (named, amount.is_negative()) {
            (Some(place), true) => self.taken_back(amount, place, &all[place])?,
            (None, true) => self.paid_out(amount)?,
            (Some(place), false) => received(amount, &[place], all),
            (None, false) => received(amount, &self.invoices, all),
        };
        self.book(&split, named, all).ok_or(PaymentError::TooLarge)?;
        Ok(split)
    }

    fn taken_back(
        &self,
        amount: Amount,
        place: usize,
        invoice: &Receivable,
    ) -> Result<PaymentAllocation, PaymentError> {
        let back = amount.checked_neg().ok_or(PaymentError::TooLarge)?;
        let from_credit = back.min(invoice.overpaid).min(self.credit);
        let from_invoice = minus(back, from_credit);
        if from_invoice > invoice.paid {
            return Err(PaymentError::BeyondPaid {
                paid: invoice.paid,
                overpaid: invoice.overpaid,
                left_as_credit: invoice.overpaid.min(self.credit),
            });
        }
        let parts = [(place, minus(Amount::ZERO, from_invoice))];
        Ok(PaymentAllocation {
            to_invoices: parts.into_iter().filter(|(_, part)| !part.is_zero()).collect(),
            to_credit: minus(Amount::ZERO, from_credit),
        })
    }

    fn paid_out(&self, amount: Amount) -> Result<PaymentAllocation, PaymentError> {
        let back = amount.checked_neg().ok_or(PaymentError::TooLarge)?;
        if back > self.credit {
            return Err(PaymentError::BeyondCredit { credit: self.credit });
        }
        Ok(PaymentAllocation { to_invoices: Vec::new(), to_credit: amount })
    }

    /// Books the parts of a payment. `None` if the credit does not fit.
    pub(crate) fn book(
        &mut self,
        split: &PaymentAllocation,
        named: Option<usize>,
        all: &mut [Receivable],
    ) -> Option<()> {
        self.credit = self.credit.checked_add(split.to_credit)?;
        if let Some(place) = named {
            all[place].overpaid = all[place].overpaid.checked_add(split.to_credit)?;
        }
        for (place, part) in &split.to_invoices {
            all[*place].paid = all[*place].paid.checked_add(*part)?;
        }
        Some(())
    }
}

/// Pays the open receivables at `places`, in order. The rest becomes credit.
fn received(amount: Amount, places: &[usize], all: &[Receivable]) -> PaymentAllocation {
    let mut rest = amount;
    let mut to_invoices = Vec::new();
    for place in places {
        let part = all[*place].open().min(rest);
        if !part.is_zero() {
            to_invoices.push((*place, part));
            rest = minus(rest, part);
        }
    }
    PaymentAllocation { to_invoices, to_credit: rest }
}

/// The difference of two amounts that are not negative.
fn minus(from: Amount, amount: Amount) -> Amount {
    from.checked_sub(amount).expect("the difference of two amounts that are not negative fits")
}
