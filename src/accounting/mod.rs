//! What a close means for the books: double entry, and the schedule by which revenue is earned.
//!
//! Documents and payments become balanced [`JournalEntry`]s. Revenue goes through deferred revenue,
//! line by line and to the day, and is released once a month has ended; what waits is in
//! [`Deferred`](crate::model::Deferred). Pure: no files, no clock.

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

pub use chart::{Chart, LedgerAccount};
pub use closing::Closing;
pub use documents::{PostingBuffer, document_entry};
pub use entry::{EntrySums, JournalEntry, JournalError, Posting, balances, trial_balance};
pub use journal::{Journal, journal, opening_entries};
pub use payments::PaymentPosting;
pub use recognition::defer;
pub use schedule::{Earned, line_schedule, schedule};
