//! A priced product of an account, with its opening terms.

use std::sync::Arc;

use crate::value::{Instant, WallTime};

/// One row of `subscriptions.csv`. Later events are in the change log.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    /// `subscription_id`.
    pub(crate) id: Arc<str>,
    /// Index of the account in [`BillingInput::accounts`](super::BillingInput::accounts).
    pub(crate) account: usize,
    /// Index of the opening price in [`BillingInput::prices`](super::BillingInput::prices).
    pub(crate) price: usize,
    /// The opening quantity.
    pub(crate) quantity: u64,
    /// When it began.
    pub(crate) started_at: Instant,
    /// The instant from which boundaries count, if not the start of the first paid period.
    pub(crate) anchor: Option<WallTime>,
    /// The end of the free trial, if there is one; later than `started_at`.
    pub(crate) trial_end: Option<Instant>,
    /// The number of seconds by which the clocks skipped the written start of the first paid
    /// period: see [`WallTime`].
    pub(crate) skipped: u32,
    /// What documents call it, beside the product.
    pub(crate) label: Option<Box<str>>,
    /// Its order, if it is not that of the account.
    pub(crate) purchase_order: Option<Box<str>>,
    /// The line in the file, for messages.
    pub(crate) line: u64,
}
