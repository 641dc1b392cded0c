//! The journal of a close: documents in the order of their numbers, then payments, then the
//! revenue of months that have ended. Every entry balances, or there is no journal.

use crate::accounting::Closing;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::chart::Chart;
use super::documents::{PostingBuffer, document_entry, surely_balances};
use super::payments::{credit_entries, payment_entry};
use super::recognition::recognise;
use super::{JournalEntry, JournalError, PaymentPosting, balances};
use crate::config::LedgerSettings;
use crate::model::{Account, Deferred, INVOICES_IN_A_PIECE, Invoice};
use crate::payments::with_lines_at_hand;
use crate::value::{Amount, Currency};

/// What a close posts, and what it leaves deferred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Payments and revenue. The entries of documents come before them; they are
    /// [made again](document_entry) where they are written, and not kept.
    pub entries: Vec<JournalEntry<'static>>,
    /// Revenue that is not earned yet.
    pub deferred: Deferred,
}

/// The journal of a close, given what is `deferred` with [what its documents bill](super::defer).
/// Documents without anything to post have no entry.
///
/// # Errors
/// Amounts that do not fit, and entries that do not balance.
pub fn journal(
    (invoices, accounts): (&[Invoice], &[Account]),
    payments: &[PaymentPosting],
    mut deferred: Deferred,
    chart: &Chart<'_>,
    closing: Closing<'_>,
) -> Result<Journal, JournalError> {
    invoices.par_chunks(INVOICES_IN_A_PIECE).try_for_each(|piece| {
        let mut room = PostingBuffer::default();
        let mut doubtful = with_lines_at_hand(piece).filter(|invoice| !surely_balances(invoice));
        doubtful.try_for_each(|invoice| {
            let account = &accounts[invoice.account];
            let entry = document_entry(&mut room, invoice, account, chart)?;
            balances(std::slice::from_ref(&entry))?;
            room.take_back(entry);
            Ok(())
        })
    })?;
    let mut entries = Vec::with_capacity(payments.len());
    for payment in payments {
        entries.extend(payment_entry(payment, chart)?);
    }
    entries.extend(recognise(&mut deferred, chart, closing)?);
    balances(&entries)?;
    Ok(Journal { entries, deferred })
}

/// The journal of opening a register with `credit`, by account and currency.
///
/// # Errors
/// Amounts that do not fit.
pub fn opening_entries(
    credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
    date: NaiveDate,
    ledger: &LedgerSettings,
) -> Result<Vec<JournalEntry<'static>>, JournalError> {
    let entries = credit_entries(credit, date, &Chart::new(ledger))?;
    balances(&entries)?;
    Ok(entries)
}
