//! Contradictions in a log.

use thiserror::Error;

/// A change that contradicts the earlier log of its subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimelineError {
    /// Index among the subscription's changes.
    pub(crate) change: usize,
    pub(crate) kind: TimelineErrorKind,
}

/// The contradictions.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum TimelineErrorKind {
    /// A delta removes more than there is.
    #[error("takes away more than the {held} held")]
    NegativeQuantity {
        /// The quantity before the change.
        held: u64,
    },
    /// `previous_quantity` does not match: rows are missing or out of order.
    #[error("does not match the {held} held before this change")]
    PreviousQuantity {
        /// The quantity after the rows before it.
        held: u64,
    },
    /// The quantity exceeds the plausible maximum.
    #[error("leads to more than 1000000000")]
    TooMany,
}

impl TimelineErrorKind {
    /// The column of `changes.csv` with the problem.
    pub(crate) fn column(&self) -> &'static str {
        match self {
            Self::NegativeQuantity { .. } | Self::TooMany => "delta",
            Self::PreviousQuantity { .. } => "previous_quantity",
        }
    }

    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::NegativeQuantity { .. } => "an earlier row may be missing from the export",
            Self::PreviousQuantity { .. } => {
                "an earlier row is missing, doubled or out of order; export the log again"
            }
            Self::TooMany => {
                "check the difference; a quantity is given in units, not in thousandths"
            }
        }
    }
}
