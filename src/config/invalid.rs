//! A value of billing.toml that breaks a rule.

/// A value that is of the right type and still wrong.
pub(crate) struct Invalid {
    pub(crate) key: &'static str,
    pub(crate) value: String,
    pub(crate) rule: String,
    pub(crate) hint: String,
}
