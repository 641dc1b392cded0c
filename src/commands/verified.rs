//! The result of a verification without findings.

/// The verified closes and files.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// The number of closes.
    pub closes: usize,
    /// The number of files in them.
    pub files: usize,
    /// The number of closes derived again from the input.
    pub derived: usize,
    /// Checks that could not be made, and why.
    pub notes: Vec<String>,
}
