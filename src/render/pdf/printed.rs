//! A printed document.

/// A finished receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The PDF file.
    pub(crate) bytes: Vec<u8>,
    /// The SHA-256 of the file.
    pub(crate) digest: [u8; 32],
    /// The distinct characters that no font has, sorted. They are drawn as U+FFFD.
    pub(crate) missing_characters: Vec<char>,
}
