//! What a verification found to be right.

/// What was verified, with nothing wrong.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Closes.
    pub closes: usize,
    /// Files in them.
    pub files: usize,
    /// Closes that were derived again from the inputs.
    pub derived: usize,
    /// What could not be checked, and why.
    pub notes: Vec<String>,
}
