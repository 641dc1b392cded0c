//! The list of a careful clerk: each entry names an account, a document or a price, and says why it
//! is worth a second look.

use std::sync::Arc;

use crate::value::{Amount, Currency};

/// Why something is worth a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
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
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 8] = [
        Self::Moved,
        Self::LargeLine,
        Self::Negative,
        Self::Zero,
        Self::Correction,
        Self::First,
        Self::NoInvoice,
        Self::UnusedPrice,
    ];

    /// The word in `review.csv`.
    pub const fn as_str(self) -> &'static str {
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
    pub const fn title(self) -> &'static str {
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
pub struct Finding {
    /// Why.
    pub kind: FindingKind,
    /// Index of the account; prices have none.
    pub account: Option<usize>,
    /// The document, subscription or price.
    pub reference: Arc<str>,
    /// The currency of the amounts, if there are any.
    pub currency: Option<Currency>,
    /// What it comes to.
    pub amount: Option<Amount>,
    /// What it came to before.
    pub before: Option<Amount>,
    /// What there is to say beside that.
    pub message: String,
}

/// All of them, in groups in the order of [`FindingKind::ALL`]; within a group the weightiest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewFindings(Vec<Finding>);

impl ReviewFindings {
    /// Groups them; within a group they stay in their order.
    pub fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.kind);
        Self(findings)
    }

    /// All of them.
    pub fn all(&self) -> &[Finding] {
        &self.0
    }

    /// The groups that are not empty.
    pub fn groups(&self) -> impl Iterator<Item = (FindingKind, &[Finding])> {
        let groups = self.0.chunk_by(|a, b| a.kind == b.kind);
        groups.map(|group| (group[0].kind, group))
    }
}
