//! The journal of a close, and the deferred revenue after it.

use chrono::NaiveDate;

use super::context::{CloseContext, Purpose};
use super::error::RunError;
use super::settle::SettledClose;
use crate::accounting::{Chart, Closing, Journal, PaymentPosting, defer, journal, opening_entries};
use crate::model::{Deferred, Invoice};
use crate::register::State;

/// The deferred revenue after the last close. A shard leaves it to the whole.
pub(crate) fn deferred_before(context: &CloseContext) -> Result<Deferred, RunError> {
    Ok(match context.register.newest().filter(|_| context.billing.purpose != Purpose::Shard) {
        Some(close) => Deferred::read(&close.path)?,
        None => Deferred::default(),
    })
}

/// The deferred revenue after the last close, with the new invoices added.
pub(crate) fn deferred_with(
    context: &CloseContext,
    mut deferred: Deferred,
    invoices: &[Invoice],
) -> Result<Deferred, RunError> {
    defer(&mut deferred, invoices, &context.loaded.book.accounts)?;
    Ok(deferred)
}

/// The journal of a close that is settled.
pub(crate) fn close_journal(
    context: &CloseContext,
    invoices: &[Invoice],
    settled: &SettledClose,
    deferred: Deferred,
) -> Result<Journal, RunError> {
    let newest = context.register.newest();
    let zone = context.settings.zone;
    let closing = (context.billing.purpose != Purpose::Shard).then(|| Closing {
        name: &context.name,
        date: zone.date(context.through),
        previous: newest.map(|close| zone.date(close.as_of)),
    });
    let payments: Vec<PaymentPosting> =
        settled.settlement.applied.iter().map(PaymentPosting::of).collect();
    let book = &context.loaded.book;
    let chart = Chart::with_taxes(&context.settings.ledger, &book.taxes);
    Ok(journal((invoices, &book.accounts[..]), &payments, deferred, &chart, closing)?)
}

/// The journal of an opened register: the opening credit.
pub(crate) fn opening_journal(context: &CloseContext, state: &State) -> Result<Journal, RunError> {
    let date: NaiveDate = context.settings.zone.date(context.through);
    let entries = opening_entries(&state.credit, date, &context.settings.ledger)?;
    Ok(Journal { entries, ..Journal::default() })
}
