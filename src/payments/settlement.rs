//! The result of settling a close: balances and applied payments.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::allocation::{AppliedPayment, PaidInvoice, PaidPart};
use super::holders::AccountId;
use crate::model::{Invoice, LeftToPay, Receivable, Related, Totals};
use crate::value::{Amount, Currency};

/// Credit by `account_id`, then currency.
pub(crate) type Credit = BTreeMap<String, BTreeMap<Currency, Amount>>;

/// The balances of all accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Balances {
    /// The credit; zero is not listed.
    pub(crate) credit: Credit,
    /// The receivables. Before a close: everything open, and everything that payments name. After
    /// it, also the invoices of the close.
    pub(crate) receivables: Vec<Receivable>,
}

/// The result of settling a close.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settlement {
    /// The balances of all accounts after the close.
    pub(crate) balances: Balances,
    /// The debtor of each receivable.
    pub(crate) debtors: Vec<AccountId>,
    /// The index of the receivable of each invoice of the close.
    pub(crate) documents: Vec<usize>,
    /// The credit applied to each invoice, until [its totals have it](Settlement::note_in).
    pub(crate) paid: Vec<PaidByCredit>,
    /// The payments, in the order in which they applied.
    pub(crate) applied: Vec<AppliedPayment>,
}

impl Settlement {
    /// Fills in the totals of the invoices.
    pub(crate) fn note_in(&mut self, invoices: &mut [Invoice]) {
        let paid = std::mem::take(&mut self.paid);
        for (invoice, paid) in invoices.iter_mut().zip(paid) {
            paid.note_in(invoice);
        }
    }

    /// The invoices that payments of this close paid in full, oldest first.
    pub(crate) fn paid_invoices(&self) -> Vec<PaidInvoice> {
        let mut parts: HashMap<&str, Vec<PaidPart>> = HashMap::new();
        for payment in &self.applied {
            for (number, amount) in &payment.to_invoices {
                parts.entry(number).or_default().push(payment.part(*amount));
            }
        }
        let mut paid: Vec<&Receivable> = self.balances.receivables.iter().collect();
        // What was written off was not paid.
        paid.retain(|invoice| {
            invoice.open().is_zero()
                && !invoice.is_written_off()
                && parts.contains_key(&*invoice.invoice_number)
        });
        paid.sort_by_key(|invoice| invoice.seniority());
        paid.into_iter()
            .map(|invoice| {
                let payments = parts.remove(&*invoice.invoice_number).unwrap_or_default();
                let now = Amount::checked_sum(payments.iter().map(|part| part.amount));
                let before = now.and_then(|now| invoice.paid.checked_sub(now));
                PaidInvoice {
                    invoice_number: Arc::clone(&invoice.invoice_number),
                    instant: invoice.instant,
                    paid_before: before.expect("paid lies between nothing and what was due"),
                    payments,
                }
            })
            .collect()
    }
}

/// The credit that one invoice uses or grants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaidByCredit {
    /// See [`Totals::credit_applied`].
    pub(crate) credit_applied: Amount,
    /// See [`Totals::amount_due`].
    pub(crate) amount_due: Amount,
    /// See [`Totals::credit_balance`].
    pub(crate) credit_balance: Amount,
    /// What is left to pay of the invoice that a credit note concerns.
    pub(crate) left_of_credited: Amount,
}

impl PaidByCredit {
    fn note_in(self, invoice: &mut Invoice) {
        let Self { credit_applied, amount_due, credit_balance, left_of_credited } = self;
        let totals = &mut invoice.totals;
        *totals = Totals { credit_applied, amount_due, credit_balance, ..*totals };
        if let Some(number) = &invoice.credits_invoice {
            let left = LeftToPay { invoice_number: Arc::clone(number), amount: left_of_credited };
            let left_to_pay = vec![left];
            invoice.related = Some(Box::new(Related { left_to_pay, ..Related::default() }));
        }
    }
}
