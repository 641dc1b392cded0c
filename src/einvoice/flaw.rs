//! What keeps a document from being a valid e-invoice.

/// A rule that would be broken, with its place and remedy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Flaw {
    pub(crate) place: Place,
    /// The official rule, such as `BR-DE-15`.
    pub(crate) rule: &'static str,
    /// The wrong value; empty if it is missing.
    pub(crate) value: String,
    /// What is wrong, as the end of a sentence.
    pub(crate) what: String,
    /// The remedy.
    pub(crate) hint: String,
}

/// The place of a flaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A key of `billing.toml`, with its table.
    Setting(&'static str),
    /// A column of the account.
    Account(&'static str),
}
