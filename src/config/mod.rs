//! `billing.toml`, read and checked once into [`Settings`].
//!
//! Unknown keys are errors, so that a misspelt setting does not fall back to its default.

mod dialect;
mod email;
mod export;
mod file;
mod input;
mod invalid;
mod invoice_law;
mod ledger;
mod local_text;
mod malformed;
mod number_format;
mod output;
mod place;
mod review;
mod schema;
mod seller;
mod seller_table;
mod settings;
mod template;

use std::path::{Path, PathBuf};

use file::BillingFile;
use thiserror::Error;

use crate::files;

pub(crate) use dialect::{DecimalMark, Delimiter, Dialect, TextEncoding, set_for};
pub(crate) use email::is_email_address;
pub(crate) use export::{
    BilledRate, CustomerName, DateFormat, Entity, ExportSettings, JournalSettings, Names, Opens,
    QuickBooksRegion, RateName, TaxName, TaxNames,
};
pub(crate) use input::InputSettings;
pub(crate) use ledger::LedgerSettings;
pub(crate) use local_text::LocalText;
pub(crate) use number_format::NumberFormat;
pub(crate) use output::OutputSettings;
pub(crate) use place::line_of_key;
pub(crate) use review::ReviewSettings;
pub(crate) use schema::schema_text;
pub(crate) use seller::{NOBODY, Seller, SellerGap, SellerLines};
pub(crate) use settings::{
    CreditNotes, Look, MissingCharacters, Numbering, Packing, PageSize, Periods, ProrationLines,
    RefundCredit, Settings, TaxPoint, TaxRounding, TaxSettings,
};

pub(crate) use template::{SCHEMA_FILE, template};

/// The name of the configuration file in the input folder.
pub(crate) const FILE_NAME: &str = "billing.toml";

/// The most mebibytes of it; comments included, it has some kilobytes.
const MOST_MIB: u64 = 1;

/// The errors of the configuration.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        source: std::io::Error,
        hint: &'static str,
    },
    /// It is not TOML, or a key is unknown, missing or of the wrong type.
    #[error("{}: {message}", place(path, *line))]
    Malformed {
        path: PathBuf,
        /// The line, if the problem has one.
        line: Option<usize>,
        message: String,
        /// The remedy.
        hint: String,
    },
    /// A value of the right type breaks a rule.
    #[error("{}: {key} {value:?} {rule}", path.display())]
    Invalid {
        path: PathBuf,
        /// The key, with its table.
        key: &'static str,
        value: String,
        /// The broken rule.
        rule: String,
        /// The remedy.
        hint: String,
    },
}

impl ConfigError {
    pub(crate) fn hint(&self) -> &str {
        match self {
            Self::Unreadable { hint, .. } => hint,
            Self::Malformed { hint, .. } | Self::Invalid { hint, .. } => hint,
        }
    }
}

fn place(path: &Path, line: Option<usize>) -> String {
    line.map_or_else(|| path.display().to_string(), |line| format!("{}:{line}", path.display()))
}

/// Reads and checks `billing.toml` in the input folder.
///
/// # Errors
/// The first [`ConfigError`] found.
pub(crate) fn load(input: &Path) -> Result<(Settings, Vec<u8>), ConfigError> {
    let (settings, bytes, _) = read(input)?;
    Ok((settings, bytes))
}

/// The settings in force as a complete `billing.toml`, with all defaults.
///
/// # Errors
/// The same as for [`load`].
pub(crate) fn in_force(input: &Path) -> Result<String, ConfigError> {
    read(input).map(|(_, _, file)| file.to_toml())
}

fn read(input: &Path) -> Result<(Settings, Vec<u8>, BillingFile), ConfigError> {
    let path = input.join(FILE_NAME);
    let bytes = files::read(&path, MOST_MIB).map_err(|source| ConfigError::Unreadable {
        path: path.clone(),
        source,
        hint: if input.is_dir() {
            "every input folder holds a billing.toml that says at least who sends the invoices"
        } else {
            "--input names the folder that holds billing.toml and the CSV files"
        },
    })?;
    let file = malformed::parse(&bytes).map_err(|malformed| ConfigError::Malformed {
        path: path.clone(),
        line: malformed.line,
        message: malformed.message,
        hint: malformed.hint,
    })?;
    let settings = file.clone().validate(input).map_err(|invalid| ConfigError::Invalid {
        path,
        key: invalid.key,
        value: invalid.value,
        rule: invalid.rule,
        hint: invalid.hint,
    })?;
    Ok((settings, bytes, file))
}
