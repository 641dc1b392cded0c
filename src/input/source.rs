//! The bytes of an input file, read once, so that what is parsed is what is hashed.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// A file that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name in the input folder.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Data rows in it, the header not counted.
    pub rows: u64,
}

impl Source {
    /// Describes a file with these bytes.
    pub fn describe(name: &str, content: &[u8], rows: u64) -> Self {
        Self {
            name: name.to_owned(),
            sha256: sha256_hex(content),
            bytes: content.len() as u64,
            rows,
        }
    }
}

/// A file that cannot be read.
#[derive(Debug, Error)]
#[error("{}: {source}\nhint: {}", path.display(), self.hint())]
pub struct SourceError {
    /// Where it was looked for.
    pub path: PathBuf,
    /// Why it cannot be read.
    pub source: io::Error,
}

impl SourceError {
    fn hint(&self) -> &'static str {
        match self.source.kind() {
            io::ErrorKind::NotFound => {
                "the export did not write it, or --input names another folder"
            }
            _ => "check that the file is readable for the user that runs the job",
        }
    }
}

/// All files that cannot be read.
#[derive(Debug, Error)]
#[error("{}", list(.0))]
pub struct SourceErrors(pub Vec<SourceError>);

fn list(errors: &[SourceError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: ")
}

impl From<SourceError> for SourceErrors {
    fn from(error: SourceError) -> Self {
        Self(vec![error])
    }
}

/// The files of the input folder, each read once.
pub struct Files {
    pub tax_rates: Option<Vec<u8>>,
    pub accounts: Vec<u8>,
    pub prices: Vec<u8>,
    pub tiers: Option<Vec<u8>>,
    pub subscriptions: Vec<u8>,
    pub changes: Vec<u8>,
    pub discounts: Option<Vec<u8>>,
    pub adjustments: Option<Vec<u8>>,
    pub payments: Option<Vec<u8>>,
}

impl Files {
    /// Reads them all.
    ///
    /// # Errors
    /// Every file that cannot be read, at once.
    pub fn read(input: &Path) -> Result<Self, SourceErrors> {
        let mut errors = Vec::new();
        let mut may = |name| {
            read_optional(input, name).unwrap_or_else(|error| {
                errors.push(error);
                None
            })
        };
        let (tax_rates, tiers) = (may("tax_rates.csv"), may("price_tiers.csv"));
        let (discounts, adjustments) = (may("discounts.csv"), may("adjustments.csv"));
        let payments = may("payments.csv");
        let mut must = |name| {
            read(input, name).unwrap_or_else(|error| {
                errors.push(error);
                Vec::new()
            })
        };
        let files = Self {
            accounts: must("accounts.csv"),
            prices: must("prices.csv"),
            subscriptions: must("subscriptions.csv"),
            changes: must("changes.csv"),
            tax_rates,
            tiers,
            discounts,
            adjustments,
            payments,
        };
        if errors.is_empty() { Ok(files) } else { Err(SourceErrors(errors)) }
    }
}

/// The bytes of a file that must be there.
fn read(input: &Path, name: &str) -> Result<Vec<u8>, SourceError> {
    let path = input.join(name);
    std::fs::read(&path).map_err(|source| SourceError { path, source })
}

/// The bytes of a file that may be missing.
pub fn read_optional(input: &Path, name: &str) -> Result<Option<Vec<u8>>, SourceError> {
    match read(input, name) {
        Err(error) if error.source.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(content: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(content).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
