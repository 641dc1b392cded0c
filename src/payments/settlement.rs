//! What a settled close comes to: what every account has and owes, and what paid what.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::allocation::{AppliedPayment, PaidInvoice, PaidPart};
use super::holders::AccountId;
use crate::model::{Invoice, Receivable, Totals};
use crate::value::{Amount, Currency};

/// Credit by `account_id`, then currency.
pub type Credit = BTreeMap<String, BTreeMap<Currency, Amount>>;

/// What all accounts have and owe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// What they have; nothing is not listed.
    pub credit: Credit,
    /// What they owe or owed. Before a close: everything open, and whatever else payments name.
    /// Afterwards the close's own documents as well.
    pub receivables: Vec<Receivable>,
}

/// What a close's documents and payments come to.
#[derive(Clone, Debug, Default)]
pub struct Settlement {
    /// What all accounts have and owe afterwards.
    pub balances: Balances,
    /// Who owes each receivable.
    pub debtors: Vec<AccountId>,
    /// The place of each document of the close among the receivables.
    pub documents: Vec<usize>,
    /// What settles each of them, until [its totals say so](Settlement::note_in).
    pub paid: Vec<PaidByCredit>,
    /// The payments, in the order in which they applied.
    pub applied: Vec<AppliedPayment>,
}

impl Settlement {
    /// Says in the totals of the documents what settles them.
    pub fn note_in(&mut self, invoices: &mut [Invoice]) {
        let paid = std::mem::take(&mut self.paid);
        for (invoice, paid) in invoices.iter_mut().zip(paid) {
            paid.note_in(&mut invoice.totals);
        }
    }

    /// The invoices of which payments of this close paid the last that was open, oldest first.
    pub fn paid_invoices(&self) -> Vec<PaidInvoice> {
        let mut parts: HashMap<&str, Vec<PaidPart>> = HashMap::new();
        for payment in &self.applied {
            for (number, amount) in &payment.to_invoices {
                parts.entry(number).or_default().push(payment.part(*amount));
            }
        }
        let mut paid: Vec<&Receivable> = self.balances.receivables.iter().collect();
        paid.retain(|invoice| {
            invoice.open().is_zero() && parts.contains_key(&*invoice.invoice_number)
        });
        paid.sort_by_key(|invoice| invoice.seniority());
        paid.into_iter()
            .map(|invoice| {
                let payments = parts.remove(&*invoice.invoice_number).unwrap_or_default();
                let now = Amount::checked_sum(payments.iter().map(|part| part.amount));
                let before = now.and_then(|now| invoice.paid.checked_sub(now));
                PaidInvoice {
                    invoice_number: Arc::clone(&invoice.invoice_number),
                    paid_before: before.expect("paid lies between nothing and what was due"),
                    payments,
                }
            })
            .collect()
    }
}

/// What credit does for one document, or one document for credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaidByCredit {
    /// See [`Totals::credit_applied`].
    pub credit_applied: Amount,
    /// See [`Totals::amount_due`].
    pub amount_due: Amount,
    /// See [`Totals::credit_balance`].
    pub credit_balance: Amount,
}

impl PaidByCredit {
    /// Says so in the totals of the document.
    fn note_in(self, totals: &mut Totals) {
        let Self { credit_applied, amount_due, credit_balance } = self;
        *totals = Totals { credit_applied, amount_due, credit_balance, ..*totals };
    }
}
