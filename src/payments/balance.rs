//! The balance of one account in one currency, and the rules that split a payment:
//!
//! - for an invoice, it pays that one and no other; what exceeds it becomes credit;
//! - for an account, it pays what is open, oldest first; the rest becomes credit;
//! - paid back for an invoice, it takes back first what exceeded the invoice, as far as that is
//!   still credit, and then what paid it, which is open again;
//! - paid back to an account, it comes out of the credit.
//!
//! A row may have a kind of its own: a refund always comes out of the credit; a write-off and an
//! exchange difference settle no more than is open; each takes back no more than its rows came to.
//!
//! Neither credit nor what is paid on an invoice ever falls below nothing.

use super::errors::PaymentError;
use crate::model::{PaymentKind, Receivable};
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
        (kind, amount): (PaymentKind, Amount),
        named: Option<usize>,
        all: &mut [Receivable],
    ) -> Result<PaymentAllocation, PaymentError> {
        let split = match (named, amount.is_negative()) {
            _ if kind == PaymentKind::Refund => self.paid_out(amount)?,
            (Some(place), true) => self.taken_back((kind, amount), place, &all[place])?,
            (None, true) => self.paid_out(amount)?,
            (Some(place), false) => paid_on((kind, amount), place, all)?,
            (None, false) => received(amount, &self.invoices, all),
        };
        self.book(&split, named, all).ok_or(PaymentError::TooLarge)?;
        if let Some(invoice) = named.map(|place| &mut all[place]).filter(|_| !kind.is_money()) {
            let sums = invoice.otherwise.get_or_insert_default();
            sums.add(kind, amount).ok_or(PaymentError::TooLarge)?;
        }
        Ok(split)
    }

    fn taken_back(
        &self,
        (kind, amount): (PaymentKind, Amount),
        place: usize,
        invoice: &Receivable,
    ) -> Result<PaymentAllocation, PaymentError> {
        let back = amount.checked_neg().ok_or(PaymentError::TooLarge)?;
        let excess = invoice.overpaid.min(self.credit);
        check_kind(kind, back, excess, invoice)?;
        let (excess, paid) = match kind {
            PaymentKind::WriteOff => (Amount::ZERO, invoice.paid),
            // Nobody paid what was written off, so nobody takes it back.
            _ => (excess, minus(invoice.paid, invoice.settled_by(PaymentKind::WriteOff))),
        };
        let from_credit = back.min(excess);
        let from_invoice = minus(back, from_credit);
        if from_invoice > paid {
            return Err(PaymentError::BeyondPaid {
                paid,
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
            // A refund may take more from the credit than its invoice brought.
            let overpaid = all[place].overpaid.checked_add(split.to_credit)?;
            all[place].overpaid = overpaid.max(Amount::ZERO);
        }
        for (place, part) in &split.to_invoices {
            all[*place].paid = all[*place].paid.checked_add(*part)?;
        }
        Some(())
    }
}

/// Refuses to take back more of a kind than its rows came to.
fn check_kind(
    kind: PaymentKind,
    back: Amount,
    excess: Amount,
    invoice: &Receivable,
) -> Result<(), PaymentError> {
    let rows = invoice.settled_by(kind).max(Amount::ZERO);
    let left = match kind {
        PaymentKind::Money | PaymentKind::Refund | PaymentKind::Chargeback => return Ok(()),
        PaymentKind::WriteOff | PaymentKind::BankFee => rows,
        // A gain takes the excess that it makes of a payment.
        PaymentKind::ExchangeDifference => {
            rows.checked_add(excess).ok_or(PaymentError::TooLarge)?
        }
    };
    if back > left { Err(PaymentError::BeyondKind { kind, left }) } else { Ok(()) }
}

/// Pays one invoice. What exceeds it becomes credit, as far as its kind allows that.
fn paid_on(
    (kind, amount): (PaymentKind, Amount),
    place: usize,
    all: &[Receivable],
) -> Result<PaymentAllocation, PaymentError> {
    let invoice = &all[place];
    let written_off = invoice.settled_by(PaymentKind::WriteOff);
    // A gain that was taken from credit can go back there.
    let gain = invoice.settled_by(PaymentKind::ExchangeDifference).min(Amount::ZERO);
    let room = match kind {
        PaymentKind::WriteOff => invoice.open(),
        PaymentKind::ExchangeDifference => {
            invoice.open().checked_sub(gain).ok_or(PaymentError::TooLarge)?
        }
        _ if amount > invoice.open() && !written_off.is_zero() => {
            return Err(PaymentError::WrittenOff { amount: written_off });
        }
        _ => amount,
    };
    if amount > room {
        return Err(PaymentError::BeyondOpen { open: room });
    }
    Ok(received(amount, &[place], all))
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
