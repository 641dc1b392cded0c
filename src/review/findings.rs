//! The list of a careful clerk: each entry names an account, a document or a price, and says why it
//! is worth a second look.

use std::sync::Arc;

use crate::value::{Amount, Currency};

/// Why something is worth a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FindingKind {
    /// An account's total moved by more than a share of what it was.
    Moved,
    /// A line is far above what lines are.
    LargeLine,
    /// A document grants credit.
    Negative,
    /// A document comes to nothing.
    Zero,
    /// Lines of a document correct earlier ones.
    Correction,
    /// An account gets a document for the first time.
    First,
    /// An account has active subscriptions and no document.
    NoInvoice,
    /// Nothing was ever billed on a price.
    UnusedPrice,
}

impl FindingKind {
    /// The word in `review.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::LargeLine => "large_line",
            Self::Negative => "negative",
            Self::Zero => "zero",
            Self::Correction => "correction",
            Self::First => "first",
            Self::NoInvoice => "no_invoice",
            Self::UnusedPrice => "unused_price",
        }
    }

    /// The heading of the group.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Moved => "Totals that moved",
            Self::LargeLine => "Very large lines",
            Self::Negative => "Negative totals",
            Self::Zero => "Zero totals",
            Self::Correction => "Corrections",
            Self::First => "First documents",
            Self::NoInvoice => "Active, and no invoice",
            Self::UnusedPrice => "Prices never used",
        }
    }
}

/// Something that is worth a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Why.
    pub(crate) kind: FindingKind,
    /// Index of the account; prices have none.
    pub(crate) account: Option<usize>,
    /// The document, subscription or price.
    pub(crate) reference: Arc<str>,
    /// The currency of the amounts, if there are any.
    pub(crate) currency: Option<Currency>,
    /// What it comes to.
    pub(crate) amount: Option<Amount>,
    /// What it came to before.
    pub(crate) before: Option<Amount>,
    /// What there is to say beside that.
    pub(crate) message: String,
}

/// All of them, in groups in the order of [`FindingKind::ALL`]; within a group the weightiest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReviewFindings(Vec<Finding>);

impl ReviewFindings {
    /// Groups them; within a group they stay in their order.
    pub(crate) fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.kind);
        Self(findings)
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Finding] {
        &self.0
    }

    /// The groups that are not empty.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (FindingKind, &[Finding])> {
        let groups = self.0.chunk_by(|a, b| a.kind == b.kind);
        groups.map(|group| (group[0].kind, group))
    }
}
