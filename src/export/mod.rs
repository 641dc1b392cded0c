//! Writes a published close in the formats of accounting programs.
//!
//! It takes the bytes of published tables and returns the bytes of files; only [`write()`] uses the
//! file system. A format is a module that turns documents into rows ([`layout`]) or entries into
//! text ([`plain_text`]). Every finished file is read back and must agree with the close, document
//! by document. An export with an error of one cent is not written.

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
    /// Whether the format uses `journal.csv` instead of the documents.
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

/// The tables of a close, and the other data of an export.
pub(crate) struct ExportedClose<'a> {
    /// The name of the close.
    pub(crate) name: &'a str,
    /// The instant of the close.
    pub(crate) as_of: Instant,
    /// `invoices.csv`.
    pub(crate) invoices: &'a [u8],
    /// `invoice_lines.csv`.
    pub(crate) lines: &'a [u8],
    /// `journal.csv`; empty if the format does not need it.
    pub(crate) journal: &'a [u8],
    /// `journal.csv` of every earlier close, if the format needs it.
    pub(crate) earlier_journals: &'a [Vec<u8>],
    /// The name of every billed account, by id.
    pub(crate) accounts: &'a BTreeMap<String, String>,
    /// The billed taxes and their places.
    pub(crate) taxes: KnownTaxes,
    /// Export only invoices in these currencies; all if empty.
    pub(crate) currencies: &'a [Currency],
}

/// A finished and proved file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name.
    pub(crate) name: String,
    /// The rows below the header; for a journal, its postings.
    pub(crate) rows: usize,
    pub(crate) bytes: Vec<u8>,
}

/// The sum of invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InvoiceSum {
    /// The number of invoices.
    pub(crate) documents: usize,
    /// Without tax.
    pub(crate) net: Amount,
    /// The tax.
    pub(crate) tax: Amount,
    /// With tax.
    pub(crate) total: Amount,
}

/// The result of an export.
#[derive(Clone, Debug, Default)]
pub(crate) struct Export {
    /// The files.
    pub(crate) files: Vec<File>,
    /// The sums of the exported invoices, by currency.
    pub(crate) sums: BTreeMap<Currency, InvoiceSum>,
}

/// Exports a close in a format.
///
/// # Errors
/// Missing names, documents that the program does not accept, or files that disagree with the
/// close.
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

/// A text on one line: line breaks become blanks.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Refuses currencies with more decimals, because the program would round their amounts.
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

/// Refuses numbers that are too long, because a shortened number is a different one.
fn check_number(document: &Document, most: usize, program: &str) -> Result<(), Vec<ExportProblem>> {
    if document.number.len() <= most {
        return Ok(());
    }
    Err(vec![ExportProblem::document(
        format!("{program} takes {most} characters of a number, and {} has more", document.number),
        "shorten invoice.number_format in billing.toml for the documents to come",
    )])
}
