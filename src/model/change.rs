//! One row of the append-only change log.

use std::sync::Arc;

use serde::Deserialize;

use crate::value::{Instant, WallTime};

/// An event of a subscription at an instant.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// `change_id`.
    pub(crate) id: Arc<str>,
    /// When it took effect.
    pub(crate) at: Instant,
    /// The dropped nanoseconds of `at`, which order rows of one second.
    pub(crate) nanosecond: u32,
    /// The number of seconds by which the clocks skipped the written time: see [`WallTime`].
    pub(crate) skipped: u32,
    pub(crate) kind: ChangeKind,
    /// The expected quantity before the change. It reveals missing rows.
    pub(crate) previous_quantity: Option<u64>,
    /// A policy for this change only, instead of the policy of the price.
    pub(crate) policy: Option<ChangePolicy>,
    /// The line in the file. Rows at one instant apply in the order of the file.
    pub(crate) line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    /// The new quantity.
    Quantity(u64),
    /// The difference of the quantity.
    Delta(i64),
    /// A new price, and perhaps a new quantity.
    Price {
        /// Index of the new price in [`BillingInput::prices`](super::BillingInput::prices).
        price: usize,
        /// The new quantity, if it changed too.
        quantity: Option<u64>,
    },
    /// A cancellation; `None` follows the policy of the price.
    Cancel(Option<CancelPolicy>),
    /// Takes back a cancellation that has not taken effect.
    Uncancel,
    /// Billing stops until it is resumed.
    Pause,
    /// Billing continues.
    Resume,
    /// Boundaries count from another instant from now on.
    Anchor(WallTime),
    /// A subscription that has ended begins again, on its last terms or on these.
    Restart {
        /// Index of the price, if it is another one. Half as wide as usual, because logs are long.
        price: Option<u32>,
        /// The quantity, if it is another one.
        quantity: Option<u64>,
    },
    /// A row of the price list: the new price, if it is on the old one then.
    PriceList {
        /// Index of the old price.
        old: u32,
        /// Index of the new price.
        new: u32,
    },
}

impl ChangeKind {
    /// The index of the price that it leads to, if it names one.
    pub(crate) fn price(self) -> Option<usize> {
        match self {
            Self::Price { price, .. } => Some(price),
            Self::Restart { price, .. } => price.map(|price| price as usize),
            Self::PriceList { new, .. } => Some(new as usize),
            _ => None,
        }
    }
}

/// When a change is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangePolicy {
    /// Prorated lines on the next invoice, with the renewal. Kumu's monthly plans.
    #[default]
    NextInvoice,
    /// Prorated lines on a separate invoice, dated at the change. Kumu's annual plans.
    Immediate,
    /// The new terms start at the next renewal.
    PeriodEnd,
    /// The new terms start at once and are free until the next renewal.
    None,
}

/// The effect of a cancellation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CancelPolicy {
    /// Ends with the paid period, without credit.
    #[default]
    PeriodEnd,
    /// Ends at once, with credit for the unused time.
    Immediate,
    /// Ends at once, without credit.
    ImmediateNoCredit,
}
