//! The kinds of document.

use std::fmt;

use crate::value::Amount;

/// Whether a document charges or credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// The total is zero or more.
    Invoice,
    /// The total is negative and becomes credit on the account.
    Credit,
    /// Credits a published invoice, and names it. Its total becomes credit on the account.
    CreditNote,
}

impl DocumentKind {
    /// The kind of a document with this total.
    pub(crate) const fn of(total: Amount, is_credit_note: bool) -> Self {
        match (is_credit_note, total.is_negative()) {
            (true, _) => Self::CreditNote,
            (false, true) => Self::Credit,
            (false, false) => Self::Invoice,
        }
    }

    /// The word in `invoices.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Credit => "credit",
            Self::CreditNote => "credit_note",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
