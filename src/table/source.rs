//! The files of the input folder. Each is read once, so the parsed bytes are the hashed bytes.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::content::Opened;
use super::form::{FileForm, Lookalike, forms, lookalike};
use crate::files;
use crate::hash::sha256_hex;

/// A file that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// Its name in the input folder.
    pub(crate) name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(crate) sha256: String,
    /// Its length.
    pub(crate) bytes: u64,
    /// The number of data rows, without the header.
    pub(crate) rows: u64,
}

impl Source {
    pub(crate) fn describe(name: &str, content: &[u8], rows: u64) -> Self {
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
#[error("{}: {source}", path.display())]
pub(crate) struct SourceError {
    /// The expected path.
    pub(crate) path: PathBuf,
    /// The cause.
    pub(crate) source: io::Error,
    /// A similar file in its place.
    pub(crate) instead: Option<Lookalike>,
}

impl SourceError {
    /// The remedy.
    pub(crate) fn hint(&self) -> Cow<'static, str> {
        if let Some(instead) = &self.instead {
            return instead.hint.clone().into();
        }
        Cow::Borrowed(match self.source.kind() {
            io::ErrorKind::NotFound => {
                "the export did not write it, or --input names another folder"
            }
            io::ErrorKind::AlreadyExists => "keep the file that is meant, and remove the other",
            _ => "check that the file is readable for the user that runs the job",
        })
    }
}

/// All files that cannot be read.
#[derive(Debug, Error)]
#[error("{}", list(.0))]
pub(crate) struct SourceErrors(pub(crate) Vec<SourceError>);

impl SourceErrors {
    /// Whether all files can be read, but some exist in two forms.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.0.iter().all(|error| error.source.kind() == io::ErrorKind::AlreadyExists)
    }
}

fn list(errors: &[SourceError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl From<SourceError> for SourceErrors {
    fn from(error: SourceError) -> Self {
        Self(vec![error])
    }
}

/// The open files of the input folder.
pub(crate) struct Files {
    pub(crate) tax_rates: Option<Opened>,
    pub(crate) account_changes: Option<Opened>,
    pub(crate) accounts: Opened,
    pub(crate) prices: Opened,
    pub(crate) tiers: Option<Opened>,
    pub(crate) price_changes: Option<Opened>,
    pub(crate) subscriptions: Opened,
    pub(crate) changes: Opened,
    pub(crate) discounts: Option<Opened>,
    pub(crate) adjustments: Option<Opened>,
    pub(crate) voids: Option<Opened>,
    pub(crate) payments: Option<Opened>,
}

impl Files {
    /// Opens all files.
    ///
    /// # Errors
    /// All files that cannot be read.
    pub(crate) fn open(input: &Path) -> Result<Self, SourceErrors> {
        let mut errors = Vec::new();
        let mut may = |name| {
            open_optional(input, name).unwrap_or_else(|error| {
                errors.push(error);
                None
            })
        };
        let (tax_rates, tiers) = (may("tax_rates.csv"), may("price_tiers.csv"));
        let price_changes = may("price_changes.csv");
        let (discounts, adjustments) = (may("discounts.csv"), may("adjustments.csv"));
        let (voids, payments) = (may("voids.csv"), may("payments.csv"));
        let account_changes = may("account_changes.csv");
        let mut must = |name| open(input, name).map_err(|error| errors.push(error)).ok();
        let [accounts, prices, subscriptions, changes] =
            ["accounts.csv", "prices.csv", "subscriptions.csv", "changes.csv"].map(&mut must);
        match (accounts, prices, subscriptions, changes) {
            (Some(accounts), Some(prices), Some(subscriptions), Some(changes))
                if errors.is_empty() =>
            {
                Ok(Self {
                    tax_rates,
                    account_changes,
                    accounts,
                    prices,
                    tiers,
                    price_changes,
                    subscriptions,
                    changes,
                    discounts,
                    adjustments,
                    voids,
                    payments,
                })
            }
            _ => Err(SourceErrors(errors)),
        }
    }
}

/// Opens a required table, which must exist in exactly one form.
fn open(input: &Path, table: &str) -> Result<Opened, SourceError> {
    let mut forms = forms(input, table).into_iter();
    let listed = forms.next();
    let is_listed = listed.is_some();
    let (form, name) = listed.unwrap_or_else(|| (FileForm::Csv, table.to_owned()));
    let path = input.join(&name);
    if let Some((_, other)) = forms.next() {
        let reason = format!("{other} is there as well");
        let source = io::Error::new(io::ErrorKind::AlreadyExists, reason);
        return Err(SourceError { path, source, instead: None });
    }
    match files::open(&path) {
        Ok(file) => Ok(Opened { name, form, file }),
        Err(source) if is_listed && source.kind() == io::ErrorKind::NotFound => {
            // An optional table that a broken link stands for was meant to be read.
            let source = io::Error::other("is a link to a file that is not there");
            Err(SourceError { path, source, instead: None })
        }
        Err(source) if source.kind() == io::ErrorKind::NotFound => {
            Err(missing(input, table, source))
        }
        Err(source) => Err(SourceError { path, source, instead: None }),
    }
}

/// The error for a table that is missing or has an unsupported form.
fn missing(input: &Path, table: &str, source: io::Error) -> SourceError {
    let instead = lookalike(input, table);
    let source = match &instead {
        Some(Lookalike { name, .. }) => {
            io::Error::new(io::ErrorKind::NotFound, format!("is not there, but {name} is"))
        }
        None => source,
    };
    SourceError { path: input.join(table), source, instead }
}

/// Opens an optional table. A similar file in its place is an error, because it was meant to be
/// read.
pub(crate) fn open_optional(input: &Path, table: &str) -> Result<Option<Opened>, SourceError> {
    match open(input, table) {
        Err(SourceError { source, instead: None, .. })
            if source.kind() == io::ErrorKind::NotFound =>
        {
            Ok(None)
        }
        other => other.map(Some),
    }
}
