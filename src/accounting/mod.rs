//! The accounting of a close: double entry, and the schedule of earned revenue.
//!
//! Invoices and payments become balanced [`JournalEntry`]s. Revenue is deferred by line and day,
//! and released when its month has ended. [`Deferred`](crate::model::Deferred) has the rest. Pure:
//! no files, no clock.

mod chart;
mod closing;
mod documents;
mod entry;
mod journal;
mod payments;
mod recognition;
mod schedule;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use chart::{BAD_DEBT, BANK_FEES, Chart, EXCHANGE_DIFFERENCE, LedgerAccount};
pub(crate) use closing::Closing;
pub(crate) use documents::{PostingBuffer, document_entry};
#[cfg(test)]
pub(crate) use entry::trial_balance;
pub(crate) use entry::{JournalEntry, JournalError, Posting, balances};
pub(crate) use journal::{Journal, journal, opening_entries};
pub(crate) use payments::PaymentPosting;
pub(crate) use recognition::{EarnedByMonth, defer};
pub(crate) use schedule::{Earned, line_schedule};
