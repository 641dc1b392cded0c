//! A value of billing.toml that breaks a rule.

/// A value that is of the right type and still wrong.
pub struct Invalid {
    pub key: &'static str,
    pub value: String,
    pub rule: String,
    pub hint: String,
}
