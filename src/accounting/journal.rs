//! The journal of a close: invoices by number, then payments, then the revenue of ended months. An
//! unbalanced entry fails the journal.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::chart::Chart;
use super::documents::{PostingBuffer, document_entry, surely_balances};
use super::payments::{credit_entries, payment_entry};
use super::recognition::recognise;
use super::{EarnedByMonth, JournalEntry, JournalError, PaymentPosting, balances};
use crate::accounting::Closing;
use crate::config::LedgerSettings;
use crate::model::{Account, Deferred, INVOICES_IN_A_PIECE, Invoice};
use crate::payments::with_lines_at_hand;
use crate::value::{Amount, Currency};

/// The postings of a close, and the deferred revenue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Journal {
    /// Payments and revenue. The entries of invoices come before them. They are [made
    /// again](document_entry) when they are written, to save memory.
    pub(crate) entries: Vec<JournalEntry<'static>>,
    /// The index of the payment of each of the first entries.
    pub(crate) payments: Vec<usize>,
    /// The revenue that the close books.
    pub(crate) earned: EarnedByMonth,
    /// The revenue that is not earned yet.
    pub(crate) deferred: Deferred,
}

/// The journal of a close. `deferred` already includes [the revenue of its invoices](super::defer).
/// Invoices without postings have no entry. Without `closing`, no revenue is recognised: a shard
/// only adds to what is deferred.
///
/// # Errors
/// Amounts that do not fit, and entries that do not balance.
pub(crate) fn journal(
    (invoices, accounts): (&[Invoice], &[Account]),
    payments: &[PaymentPosting],
    mut deferred: Deferred,
    chart: &Chart<'_>,
    closing: Option<Closing<'_>>,
) -> Result<Journal, JournalError> {
    invoices.par_chunks(INVOICES_IN_A_PIECE).try_for_each(|piece| {
        let mut room = PostingBuffer::default();
        let mut doubtful = with_lines_at_hand(piece).filter(|invoice| !surely_balances(invoice));
        doubtful.try_for_each(|invoice| {
            let account = invoice.account_of(accounts);
            let entry = document_entry(&mut room, invoice, account, chart)?;
            balances(std::slice::from_ref(&entry))?;
            room.take_back(entry);
            Ok(())
        })
    })?;
    let mut entries = Vec::with_capacity(payments.len());
    let mut of_entries = Vec::with_capacity(payments.len());
    for (index, payment) in payments.iter().enumerate() {
        // A payment that moves nothing has no entry.
        if let Some(entry) = payment_entry(payment, chart)? {
            entries.push(entry);
            of_entries.push(index);
        }
    }
    let mut earned = EarnedByMonth::new();
    if let Some(closing) = closing {
        let recognised = recognise(&mut deferred, chart, closing)?;
        entries.extend(recognised.0);
        earned = recognised.1;
    }
    balances(&entries)?;
    Ok(Journal { entries, payments: of_entries, earned, deferred })
}

/// The journal of opening a register with `credit`, by account and currency.
///
/// # Errors
/// Amounts that do not fit.
pub(crate) fn opening_entries(
    credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
    date: NaiveDate,
    ledger: &LedgerSettings,
) -> Result<Vec<JournalEntry<'static>>, JournalError> {
    let entries = credit_entries(credit, date, &Chart::new(ledger))?;
    balances(&entries)?;
    Ok(entries)
}
