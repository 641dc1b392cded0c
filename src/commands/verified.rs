//! What a verification found to be right.

/// What was verified, with nothing wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verified {
    /// Closes.
    pub(crate) closes: usize,
    /// Files in them.
    pub(crate) files: usize,
    /// Closes that were derived again from the inputs.
    pub(crate) derived: usize,
    /// What could not be checked, and why.
    pub(crate) notes: Vec<String>,
}
