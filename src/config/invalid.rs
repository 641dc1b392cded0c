//! An invalid value in `billing.toml`.

/// A value of the right type that breaks a rule.
pub(crate) struct Invalid {
    pub(crate) key: &'static str,
    pub(crate) value: String,
    pub(crate) rule: String,
    pub(crate) hint: String,
}
