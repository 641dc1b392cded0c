//! What a published close says, in the words of accounting programs.
//!
//! Published tables come in as bytes, files go out as bytes; [`write()`] alone touches the file
//! system. A format is a module that turns documents into rows ([`layout`]), or entries into text
//! ([`plain_text`]). Every finished file is read back and must say what the close says, document
//! by document: an export that is a cent off is not written.

mod chart;
mod datev;
mod datev_format;
mod document;
mod error;
mod journal;
mod layout;
mod names;
mod netsuite;
mod plain_text;
mod proof;
mod quickbooks;
mod sage50;
mod sheet;
mod tables;
mod taxes;
mod write;
mod xero;

use std::collections::BTreeMap;
use std::fmt;

use clap::ValueEnum;

pub(crate) use document::Document;
pub(crate) use error::{ExportError, ExportProblem};
pub(crate) use taxes::KnownTaxes;
pub(crate) use write::{WrittenFile, write};

use crate::config::ExportSettings;
use crate::value::{Amount, Currency, Instant};

/// The accounting programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Sales invoices for Xero
    Xero,
    /// Invoices for QuickBooks Online
    Quickbooks,
    /// Invoices and credit memos for NetSuite
    Netsuite,
    /// Audit trail transactions for Sage 50
    Sage50,
    /// A booking batch (EXTF) for DATEV
    Datev,
    /// A journal for hledger
    Hledger,
    /// A ledger for beancount
    Beancount,
}

impl Format {
    /// Whether it is made from `journal.csv` and not from the documents.
    pub(crate) fn is_journal(self) -> bool {
        matches!(self, Self::Hledger | Self::Beancount)
    }
}

impl fmt::Display for Format {
    /// The word on the command line and in file names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Xero => "xero",
            Self::Quickbooks => "quickbooks",
            Self::Netsuite => "netsuite",
            Self::Sage50 => "sage50",
            Self::Datev => "datev",
            Self::Hledger => "hledger",
            Self::Beancount => "beancount",
        })
    }
}

/// The tables of a close, and what else an export needs to know.
pub(crate) struct ExportedClose<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its instant.
    pub(crate) as_of: Instant,
    /// `invoices.csv`.
    pub(crate) invoices: &'a [u8],
    /// `invoice_lines.csv`.
    pub(crate) lines: &'a [u8],
    /// `journal.csv`; empty where the format needs none.
    pub(crate) journal: &'a [u8],
    /// `journal.csv` of every earlier close, where the format needs it.
    pub(crate) earlier_journals: &'a [Vec<u8>],
    /// The name of every account that any close has billed, by its id.
    pub(crate) accounts: &'a BTreeMap<String, String>,
    /// The taxes that closes billed, and where they hold.
    pub(crate) taxes: KnownTaxes,
    /// Only documents in these currencies are exported; all, if there are none.
    pub(crate) currencies: &'a [Currency],
}

/// A file, finished and proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name.
    pub(crate) name: String,
    /// Rows below the header; of a journal its postings.
    pub(crate) rows: usize,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// What documents come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InvoiceSum {
    /// How many.
    pub(crate) documents: usize,
    /// Without tax.
    pub(crate) net: Amount,
    /// The tax.
    pub(crate) tax: Amount,
    /// With tax.
    pub(crate) total: Amount,
}

/// What was made of a close.
#[derive(Clone, Debug, Default)]
pub(crate) struct Export {
    /// The files.
    pub(crate) files: Vec<File>,
    /// The documents in them, by currency.
    pub(crate) sums: BTreeMap<Currency, InvoiceSum>,
}

/// Writes a close in a format.
///
/// # Errors
/// Names that are missing, documents that the program does not take, or files that would say
/// something else than the close.
pub(crate) fn export(
    format: Format,
    close: &ExportedClose<'_>,
    settings: &ExportSettings,
) -> Result<Export, ExportError> {
    let mut documents = tables::documents(close.invoices, close.lines)?;
    let mut taxes = close.taxes.clone();
    taxes.add_documents(&documents);
    let taxes = &taxes;
    documents.retain(|it| close.currencies.is_empty() || close.currencies.contains(&it.currency));
    let sums = sums(&documents)?;
    let (name, word) = (close.name, &*format.to_string());
    let named = (name, word);
    let ExportedClose { as_of, accounts, .. } = *close;
    let files = match format {
        Format::Xero => layout::files(&xero::Xero { settings, accounts, taxes }, named, &documents),
        Format::Quickbooks => {
            layout::files(&quickbooks::QuickBooks { settings, accounts, taxes }, named, &documents)
        }
        Format::Netsuite => {
            layout::files(&netsuite::NetSuite { settings, accounts, taxes }, named, &documents)
        }
        Format::Sage50 => {
            layout::files(&sage50::Sage { settings, accounts, taxes }, named, &documents)
        }
        Format::Datev => {
            layout::files(&datev::Datev { settings, close: name, as_of, taxes }, named, &documents)
        }
        Format::Hledger | Format::Beancount => journal_file(format, close, settings, &documents),
    }?;
    Ok(Export { files, sums })
}

fn journal_file(
    format: Format,
    close: &ExportedClose<'_>,
    settings: &ExportSettings,
    documents: &[Document],
) -> Result<Vec<File>, ExportError> {
    let kept = |entries: Vec<journal::ExportedEntry>| -> Vec<journal::ExportedEntry> {
        let is_kept = |entry: &journal::ExportedEntry| {
            let mut currencies = entry.postings.iter().map(|posting| posting.currency);
            close.currencies.is_empty() || currencies.any(|it| close.currencies.contains(&it))
        };
        entries.into_iter().filter(is_kept).collect()
    };
    let mut earlier = Vec::new();
    for journal in close.earlier_journals {
        earlier.extend(journal::entries(journal)?);
    }
    let journal = plain_text::JournalFormat {
        close: close.name,
        entries: kept(journal::entries(close.journal)?),
        documents,
        earlier,
        settings: &settings.journal,
    };
    Ok(plain_text::file(&journal, format)?.into_iter().collect())
}

fn sums(documents: &[Document]) -> Result<BTreeMap<Currency, InvoiceSum>, ExportError> {
    let mut sums: BTreeMap<Currency, InvoiceSum> = BTreeMap::new();
    for document in documents {
        let sum = sums.entry(document.currency).or_default();
        let added = || {
            Some(InvoiceSum {
                documents: sum.documents + 1,
                net: sum.net.checked_add(document.net)?,
                tax: sum.tax.checked_add(document.tax)?,
                total: sum.total.checked_add(document.total)?,
            })
        };
        *sum = added().ok_or_else(|| {
            ExportError::Mismatch(format!("the sums in {} do not fit", document.currency))
        })?;
    }
    Ok(sums)
}

/// A text on one line: what would break a row becomes a blank.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Programs that round to two decimals would change what other currencies say.
fn check_digits(document: &Document, most: u32, program: &str) -> Result<(), Vec<ExportProblem>> {
    let currency = document.currency;
    if currency.digits() <= most {
        return Ok(());
    }
    Err(vec![ExportProblem::document(
        format!("{program} keeps {most} decimals, and {currency} has {}", currency.digits()),
        "name the currencies that it can take, as in --currency EUR --currency USD",
    )])
}

/// A number that is cut off is another number.
fn check_number(document: &Document, most: usize, program: &str) -> Result<(), Vec<ExportProblem>> {
    if document.number.len() <= most {
        return Ok(());
    }
    Err(vec![ExportProblem::document(
        format!("{program} takes {most} characters of a number, and {} has more", document.number),
        "shorten invoice.number_format in billing.toml for the documents to come",
    )])
}
