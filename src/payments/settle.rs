//! Who has paid what: the documents and the payments of a close, in the order of time.
//!
//! Credit pays a document when it is published, as far as it goes; the rest is due, and open until
//! payments pay it. Negative totals become credit, and so does what is paid beyond what is open.
//! Credit never pays a document that is published already: what is due on it stays what it says.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::ahead::{AT_A_TIME, look_at_owners};
use super::allocation::{AppliedPayment, PaidInvoice, PaidPart};
use super::apply::Till;
use super::errors::SettlementError;
use super::holders::{Holder, Holders};
use crate::model::{Invoice, Payment, Receivable, Totals};
use crate::value::{Amount, Currency, Instant};

/// Credit by `account_id`, then currency.
pub type Credit = BTreeMap<String, BTreeMap<Currency, Amount>>;

/// What all accounts have and owe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
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
    pub standing: Standing,
    /// Who owes each receivable.
    pub debtors: Vec<Holder>,
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
        let mut paid: Vec<&Receivable> = self.standing.receivables.iter().collect();
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

/// Settles a close: finds what credit pays of its documents, and applies payments, those of `due`,
/// which are in the order of time. `invoices` are in the order of their numbers.
///
/// At one instant, documents that grant credit come first, then the others, then payments. A
/// payment for an invoice waits for it: bank statements know only the day.
///
/// # Errors
/// Everything that cannot be settled.
pub fn settle_all(
    invoices: &[Invoice],
    holders: Holders<'_>,
    due: &[&Payment],
    before: Standing,
) -> Result<Settlement, Vec<SettlementError>> {
    let notes = invoices.iter().filter_map(|invoice| invoice.credits_invoice.as_deref());
    let named = due.iter().filter_map(|payment| payment.invoice_number.as_deref()).chain(notes);
    let mut till = Till::open(holders, before, (named, due), invoices.len());
    for some in events(invoices, due).chunks(AT_A_TIME) {
        let documents = some.iter().filter_map(|event| match event {
            Event::Document(index) => Some(&invoices[*index]),
            Event::Payment(_) => None,
        });
        look_at_owners(documents, till.accounts());
        for event in some {
            match *event {
                Event::Document(index) => till.publish(&invoices[index], index),
                Event::Payment(index) => till.receive(due[index], index),
            }
        }
    }
    till.close()
}

#[derive(Clone, Copy)]
enum Event {
    Document(usize),
    Payment(usize),
}

/// Documents and payments in the order in which they are settled.
fn events(invoices: &[Invoice], due: &[&Payment]) -> Vec<Event> {
    let named: HashSet<&str> =
        due.iter().filter_map(|payment| payment.invoice_number.as_deref()).collect();
    let dated: HashMap<&str, Instant> = invoices
        .iter()
        .filter(|invoice| named.contains(&*invoice.number))
        .map(|invoice| (&*invoice.number, invoice.instant))
        .collect();
    let documents = invoices.iter().enumerate().map(|(index, invoice)| {
        let rank = u8::from(!invoice.totals.total.is_negative());
        (invoice.instant, rank, Event::Document(index))
    });
    let payments = due.iter().enumerate().map(|(index, payment)| {
        let invoice = payment.invoice_number.as_deref().and_then(|number| dated.get(number));
        let instant = invoice.map_or(payment.at, |published| payment.at.max(*published));
        (instant, 2, Event::Payment(index))
    });
    let mut events: Vec<(Instant, u8, Event)> = documents.chain(payments).collect();
    // Stable: beyond that, documents keep the order of their numbers and payments that of time.
    events.sort_by_key(|(instant, rank, _)| (*instant, *rank));
    events.into_iter().map(|(_, _, event)| event).collect()
}
