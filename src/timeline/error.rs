//! What a log can say that makes no timeline.

use thiserror::Error;

/// A change that contradicts the rest of its subscription's story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimelineError {
    /// Index among the subscription's changes.
    pub(crate) change: usize,
    /// What is wrong.
    pub(crate) kind: TimelineErrorKind,
}

/// The contradictions.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum TimelineErrorKind {
    /// A delta takes away more than there is.
    #[error("takes away more than the {held} held")]
    NegativeQuantity {
        /// The quantity before the change.
        held: u64,
    },
    /// `previous_quantity` does not match: rows are missing or out of order.
    #[error("does not match the {held} held before this change")]
    PreviousQuantity {
        /// The quantity that the rows before it lead to.
        held: u64,
    },
    /// More than any quantity that is taken for meant.
    #[error("leads to more than 1000000000")]
    TooMany,
}

impl TimelineErrorKind {
    /// The column of `changes.csv` that it is about.
    pub(crate) fn column(&self) -> &'static str {
        match self {
            Self::NegativeQuantity { .. } | Self::TooMany => "delta",
            Self::PreviousQuantity { .. } => "previous_quantity",
        }
    }

    /// What to do about it.
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
