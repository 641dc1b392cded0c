//! What a close means for the books: its journal, and the revenue it leaves deferred.

use chrono::NaiveDate;

use super::context::Ground;
use super::error::RunError;
use super::settle::Settled;
use crate::accounting::{Chart, Closing, Journal, PaymentPosting, defer, journal, opening_entries};
use crate::model::{Deferred, Invoice};
use crate::payments::AppliedPayment;
use crate::register::State;

/// The revenue that the last close left deferred.
pub fn deferred_before(ground: &Ground) -> Result<Deferred, RunError> {
    Ok(match ground.register.newest() {
        Some(close) => Deferred::read(&close.path)?,
        None => Deferred::default(),
    })
}

/// The same, and what documents bill besides.
pub fn deferred_with(
    ground: &Ground,
    mut deferred: Deferred,
    invoices: &[Invoice],
) -> Result<Deferred, RunError> {
    defer(&mut deferred, invoices, &ground.loaded.book.accounts)?;
    Ok(deferred)
}

/// The journal of a close that is settled.
pub fn close_journal(
    ground: &Ground,
    invoices: &[Invoice],
    settled: &Settled,
    deferred: Deferred,
) -> Result<Journal, RunError> {
    let newest = ground.register.newest();
    let zone = ground.settings.zone;
    let closing = Closing {
        name: &ground.name,
        date: zone.date(ground.through),
        previous: newest.map(|close| zone.date(close.as_of)),
    };
    let payments: Vec<PaymentPosting> = settled.settlement.applied.iter().map(posting).collect();
    let book = &ground.loaded.book;
    let chart = Chart::with_taxes(&ground.settings.ledger, book.taxes.rates());
    Ok(journal((invoices, &book.accounts[..]), &payments, deferred, &chart, closing)?)
}

/// The journal of an opened register: the credit that is brought along.
pub fn opening_journal(ground: &Ground, state: &State) -> Result<Journal, RunError> {
    let date: NaiveDate = ground.settings.zone.date(ground.through);
    let entries = opening_entries(&state.credit, date, &ground.settings.ledger)?;
    Ok(Journal { entries, deferred: Deferred::default() })
}

fn posting(payment: &AppliedPayment) -> PaymentPosting {
    PaymentPosting {
        payment_id: payment.payment_id.clone(),
        date: payment.date,
        account_id: payment.account_id.clone(),
        method: payment.method.clone(),
        currency: payment.currency,
        amount: payment.amount,
        to_receivable: payment.to_invoices.clone(),
        to_credit: payment.to_credit,
    }
}
