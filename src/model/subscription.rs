//! One priced thing an account pays for, with the terms it was opened with.

use std::sync::Arc;

use crate::value::{Instant, WallTime};

/// One row of `subscriptions.csv`. What happened to it since is in the log of changes.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    /// `subscription_id`.
    pub(crate) id: Arc<str>,
    /// Index of the account in [`Book::accounts`](super::Book::accounts).
    pub(crate) account: usize,
    /// Index of the opening price in [`Book::prices`](super::Book::prices).
    pub(crate) price: usize,
    /// The opening quantity.
    pub(crate) quantity: u64,
    /// When it began.
    pub(crate) started_at: Instant,
    /// The instant its boundaries are counted from, if not the start of the first paid period.
    pub(crate) anchor: Option<WallTime>,
    /// The end of the free trial, if it began with one; later than `started_at`.
    pub(crate) trial_end: Option<Instant>,
    /// By how many seconds the clocks skipped the written start of the first paid period: see
    /// [`WallTime`].
    pub(crate) skipped: u32,
    /// The line of the file it stands in, for messages.
    pub(crate) line: u64,
}
