//! `journal.csv` of a close, read into entries, and what must hold of it: every entry balances in
//! every currency, and what invoices add to the receivable is what they ask for.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::Deserialize;

use super::ExportError;
use super::document::Document;
use super::tables::{deserialized, each_record, parsed, parsed_amount, parsed_currency, text};
use crate::value::{Amount, Currency};

const JOURNAL: &str = "journal.csv";
/// What the names of the accounts begin with that payments post to. Documents post to others as
/// well.
const RECEIVABLE: &str = "Accounts receivable";
const OF_PAYMENTS: [&str; 3] = [RECEIVABLE, "Cash", "Customer credit"];

/// Postings that balance.
#[derive(Clone, Debug)]
pub struct ExportedEntry {
    /// Its id.
    pub id: String,
    /// When.
    pub date: NaiveDate,
    /// The customer it is about; may be empty.
    pub account_id: String,
    /// In the order of the file.
    pub postings: Vec<ExportedPosting>,
}

/// One posting.
#[derive(Clone, Debug)]
pub struct ExportedPosting {
    /// The document it is about; may be empty.
    pub document: String,
    /// The account of the general ledger.
    pub ledger: ExportedAccount,
    /// Debits are positive.
    pub amount: Amount,
    /// The currency.
    pub currency: Currency,
    /// What for.
    pub memo: String,
}

/// An account of the general ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExportedAccount {
    /// What the books call it, mostly a number.
    pub number: String,
    /// What it is: `Revenue: Private projects`.
    pub name: String,
}

impl ExportedEntry {
    /// The documents that it is about, each once.
    pub fn documents(&self) -> Vec<&str> {
        let documents = self.postings.iter().map(|posting| &*posting.document);
        let mut documents: Vec<&str> = documents.filter(|it| !it.is_empty()).collect();
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    /// Whether it only moves what is owed and paid: revenue and tax are the document's.
    fn is_payment(&self) -> bool {
        self.postings.iter().all(|posting| OF_PAYMENTS.contains(&posting.ledger.kind()))
    }
}

impl ExportedAccount {
    /// The name up to the colon: the kind of account.
    pub fn kind(&self) -> &str {
        self.name.split_once(':').map_or(&*self.name, |(kind, _)| kind)
    }
}

#[derive(Deserialize)]
struct PostingRow<'a> {
    entry: &'a str,
    date: &'a str,
    document: &'a str,
    account_id: &'a str,
    ledger_account: &'a str,
    ledger_name: &'a str,
    debit: &'a str,
    credit: &'a str,
    currency: &'a str,
    memo: &'a str,
}

/// Reads `journal.csv`: entries by date, those of a day in the order of the file.
///
/// # Errors
/// It is not what prorata writes.
pub fn entries(journal: &[u8]) -> Result<Vec<ExportedEntry>, ExportError> {
    let mut entries: Vec<ExportedEntry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    each_record(JOURNAL, journal, |record, header| {
        let row: PostingRow<'_> = deserialized(record, header)?;
        let posting = posting(&row)?;
        if let Some(place) = places.get(row.entry) {
            entries[*place].postings.push(posting);
            return Ok(());
        }
        places.insert(row.entry.to_owned(), entries.len());
        entries.push(ExportedEntry {
            id: text(row.entry),
            date: parsed("date", row.date)?,
            account_id: text(row.account_id),
            postings: vec![posting],
        });
        Ok(())
    })?;
    entries.sort_by_key(|entry| entry.date);
    Ok(entries)
}

fn posting(row: &PostingRow<'_>) -> Result<ExportedPosting, String> {
    let currency = parsed_currency(row.currency)?;
    let side = |column, cell| match cell {
        "" => Ok(Amount::ZERO),
        cell => parsed_amount(column, cell, currency),
    };
    let (debit, credit) = (side("debit", row.debit)?, side("credit", row.credit)?);
    Ok(ExportedPosting {
        document: text(row.document),
        ledger: ExportedAccount { number: text(row.ledger_account), name: text(row.ledger_name) },
        amount: debit.checked_sub(credit).ok_or("has amounts that do not fit")?,
        currency,
        memo: text(row.memo),
    })
}

/// Every entry balances, and what each document's own entry adds to the receivable is its amount
/// due.
///
/// # Errors
/// [`ExportError::Mismatch`] names the first that is not so.
pub fn check(entries: &[ExportedEntry], documents: &[Document]) -> Result<(), ExportError> {
    let mut receivable: HashMap<&str, Amount> = HashMap::new();
    for entry in entries {
        if !balances(entry.postings.iter().map(|it| (it.currency, it.amount))) {
            return Err(mismatch(&format!("entry {} does not balance", entry.id)));
        }
        if entry.is_payment() {
            continue;
        }
        for posting in entry.postings.iter().filter(|it| it.ledger.kind() == RECEIVABLE) {
            let sum = receivable.entry(&posting.document).or_default();
            *sum = sum
                .checked_add(posting.amount)
                .ok_or_else(|| mismatch(&format!("what entry {} posts does not fit", entry.id)))?;
        }
    }
    let differs = |document: &&Document| {
        receivable.get(&*document.number).copied().unwrap_or_default() != document.amount_due
    };
    match documents.iter().find(differs) {
        Some(document) => {
            Err(mismatch(&format!("{} posts something else than it asks for", document.number)))
        }
        None => Ok(()),
    }
}

/// Whether amounts come to nothing in every currency.
pub fn balances(amounts: impl IntoIterator<Item = (Currency, Amount)>) -> bool {
    let mut sums: BTreeMap<Currency, Option<Amount>> = BTreeMap::new();
    for (currency, amount) in amounts {
        let sum = sums.entry(currency).or_insert(Some(Amount::ZERO));
        *sum = sum.and_then(|sum| sum.checked_add(amount));
    }
    sums.values().all(|sum| *sum == Some(Amount::ZERO))
}

pub(super) fn mismatch(what: &str) -> ExportError {
    ExportError::Mismatch(format!("journal.csv does not add up: {what}"))
}
