//! A document as it comes out of the printer.

/// A finished receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The PDF file.
    pub bytes: Vec<u8>,
    /// Their SHA-256.
    pub digest: [u8; 32],
    /// The characters that no font has, sorted, each once. They are drawn as U+FFFD.
    pub missing_characters: Vec<char>,
}
