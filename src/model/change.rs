//! One row of the append-only change log.

use std::sync::Arc;

use serde::Deserialize;

use crate::value::{Instant, WallTime};

/// Something that happened to a subscription at an instant.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// `change_id`.
    pub(crate) id: Arc<str>,
    /// When it took effect.
    pub(crate) at: Instant,
    /// What was cut off from `at`: rows of one second apply in this order.
    pub(crate) nanosecond: u32,
    /// By how many seconds the clocks skipped the written time: see [`WallTime`].
    pub(crate) skipped: u32,
    /// What happened.
    pub(crate) kind: ChangeKind,
    /// The quantity the writer of the log believed to change from, to detect missing rows.
    pub(crate) previous_quantity: Option<u64>,
    /// A policy for this change alone, instead of its price's.
    pub(crate) policy: Option<ChangePolicy>,
    /// The line of the file it stands in: rows at one instant apply in the order of
    /// the file.
    pub(crate) line: u64,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    /// The quantity became so many.
    Quantity(u64),
    /// The quantity grew or shrank by so many.
    Delta(i64),
    /// The subscription moved to another price, and perhaps another quantity with it.
    Price {
        /// Index of the new price in [`Book::prices`](super::Book::prices).
        price: usize,
        /// The new quantity, if it changed as well.
        quantity: Option<u64>,
    },
    /// The customer cancelled; `None` follows the price's policy.
    Cancel(Option<CancelPolicy>),
    /// The cancellation was taken back before it took effect.
    Uncancel,
    /// Billing stopped for a while.
    Pause,
    /// Billing went on.
    Resume,
    /// Boundaries are counted from another instant from now on.
    Anchor(WallTime),
}

/// When the money of a change moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangePolicy {
    /// Prorated lines on the next invoice, beside the renewal. Kumu's monthly plans.
    #[default]
    NextInvoice,
    /// Prorated lines on an invoice of their own, dated at the change. Kumu's annual plans.
    Immediate,
    /// The new terms take effect, and cost, from the next renewal.
    PeriodEnd,
    /// The new terms take effect at once and cost nothing until the next renewal.
    None,
}

/// What a cancellation does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CancelPolicy {
    /// Valid until the end of the period already paid; no credit.
    #[default]
    PeriodEnd,
    /// Ends at once; the unused time is credited.
    Immediate,
    /// Ends at once; nothing is credited.
    ImmediateNoCredit,
}
