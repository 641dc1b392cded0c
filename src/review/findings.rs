//! The review list. Each entry names an account, an invoice or a price, and a reason to check it.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::value::{Amount, Currency};

/// The reason for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum FindingKind {
    /// The total of an account moved by more than the limit.
    Moved,
    /// A line is far larger than usual.
    LargeLine,
    /// A document grants credit.
    Negative,
    /// An invoice has a zero total.
    Zero,
    /// Lines of an invoice correct earlier ones.
    Correction,
    /// The account gets its first invoice.
    First,
    /// The account has active subscriptions and no invoice.
    NoInvoice,
    /// No subscription was ever on this price.
    UnusedPrice,
}

impl FindingKind {
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

    /// The heading of its group.
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

/// The place of a finding in its group. It does not depend on the shard that found it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct FindingRank {
    /// The letters of the currency, in groups that are sorted by it.
    pub(crate) currency: [u8; 3],
    /// The size. Where the largest comes first, it is negative.
    pub(crate) size: i128,
    /// The line of the account in `accounts.csv`, or the place of the document in the close.
    pub(crate) place: u64,
    /// The place among the findings of one account or document.
    pub(crate) within: u64,
}

impl FindingRank {
    /// The letters of a currency.
    pub(crate) fn letters(currency: Currency) -> [u8; 3] {
        currency.code().as_bytes().try_into().expect("a code has three letters")
    }
}

/// An entry of the review list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: FindingKind,
    /// Its place in its group.
    pub(crate) rank: FindingRank,
    /// Index of the account; prices have none.
    pub(crate) account: Option<usize>,
    /// The invoice, subscription or price.
    pub(crate) reference: Arc<str>,
    /// The currency of the amounts, if any.
    pub(crate) currency: Option<Currency>,
    /// The amount now.
    pub(crate) amount: Option<Amount>,
    /// The amount before.
    pub(crate) before: Option<Amount>,
    /// Further details.
    pub(crate) message: String,
}

/// All findings, grouped in the order of [`FindingKind`]. Within a group the most important
/// come first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReviewFindings(Vec<Finding>);

impl ReviewFindings {
    /// Groups and sorts the findings.
    pub(crate) fn new(mut findings: Vec<Finding>) -> Self {
        findings.par_sort_by_key(|finding| (finding.kind, finding.rank));
        Self(findings)
    }

    pub(crate) fn all(&self) -> &[Finding] {
        &self.0
    }

    /// The non-empty groups.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (FindingKind, &[Finding])> {
        let groups = self.0.chunk_by(|a, b| a.kind == b.kind);
        groups.map(|group| (group[0].kind, group))
    }
}
