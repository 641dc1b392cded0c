//! Settles the invoices and payments of a close, in the order of time.
//!
//! Credit pays an invoice at publication, as far as it goes. The rest is due, and open until
//! payments pay it. Negative totals and overpayments become credit. Credit never pays a published
//! invoice, so its amount due never changes.

use std::collections::{HashMap, HashSet};

use super::ahead::{AT_A_TIME, look_at_owners};
use super::apply::PaymentApplier;
use super::errors::SettlementError;
use super::holders::AccountIds;
use crate::model::{Invoice, Payment};
use crate::payments::{Balances, Settlement};
use crate::value::Instant;

/// Settles a close: computes the credit for its invoices, and applies the payments `due`, which are
/// in the order of time. `invoices` are in the order of their numbers.
///
/// At one instant the order is: documents that grant credit, other invoices, payments. So a payment
/// can pay an invoice of the same day, because bank statements have no time of day.
///
/// # Errors
/// All refusals.
pub(crate) fn settle_all(
    invoices: &[Invoice],
    holders: AccountIds<'_>,
    due: &[&Payment],
    before: Balances,
) -> Result<Settlement, Vec<SettlementError>> {
    let notes = invoices.iter().filter_map(|invoice| invoice.credits_invoice.as_deref());
    let named = due.iter().filter_map(|payment| payment.invoice_number.as_deref()).chain(notes);
    let mut till = PaymentApplier::open(holders, before, (named, due), invoices.len());
    for some in events(invoices, due).chunks(AT_A_TIME) {
        let documents = some.iter().filter_map(|event| match event {
            SettlementEvent::Document(index) => Some(&invoices[*index]),
            SettlementEvent::Payment(..) => None,
        });
        look_at_owners(documents, till.accounts());
        for event in some {
            match *event {
                SettlementEvent::Document(index) => till.publish(&invoices[index], index),
                SettlementEvent::Payment(index, instant) => {
                    till.receive(due[index], index, instant);
                }
            }
        }
    }
    till.close()
}

#[derive(Clone, Copy)]
enum SettlementEvent {
    Document(usize),
    /// With the instant of settlement.
    Payment(usize, Instant),
}

/// Invoices and payments in the order of settlement.
fn events(invoices: &[Invoice], due: &[&Payment]) -> Vec<SettlementEvent> {
    let named: HashSet<&str> =
        due.iter().filter_map(|payment| payment.invoice_number.as_deref()).collect();
    let dated: HashMap<&str, Instant> = invoices
        .iter()
        .filter(|invoice| named.contains(&*invoice.number))
        .map(|invoice| (&*invoice.number, invoice.instant))
        .collect();
    let documents = invoices.iter().enumerate().map(|(index, invoice)| {
        let rank = u8::from(!invoice.totals.total.is_negative());
        (invoice.instant, rank, SettlementEvent::Document(index))
    });
    let payments = due.iter().enumerate().map(|(index, payment)| {
        let invoice = payment.invoice_number.as_deref().and_then(|number| dated.get(number));
        let instant = invoice.map_or(payment.at, |published| payment.at.max(*published));
        (instant, 2, SettlementEvent::Payment(index, instant))
    });
    let mut events: Vec<(Instant, u8, SettlementEvent)> = documents.chain(payments).collect();
    // The sort is stable, so invoices stay in order of their numbers and payments in order of time.
    events.sort_by_key(|(instant, rank, _)| (*instant, *rank));
    events.into_iter().map(|(_, _, event)| event).collect()
}
