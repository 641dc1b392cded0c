//! Reads `journal.csv` of a close into entries, and checks them. Every entry must balance in every
//! currency, and invoices must add their amount due to the receivables.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::Deserialize;

use super::ExportError;
use super::document::Document;
use super::tables::{deserialized, each_record, parsed, parsed_amount, parsed_currency, text};
use crate::accounting::{BAD_DEBT, BANK_FEES, EXCHANGE_DIFFERENCE};
use crate::value::{Amount, Currency};

const JOURNAL: &str = "journal.csv";
/// The start of the names of accounts that payments post to. Invoices post to other accounts as
/// well.
const RECEIVABLE: &str = "Accounts receivable";
const OF_PAYMENTS: [&str; 6] =
    [RECEIVABLE, "Cash", "Customer credit", BAD_DEBT, BANK_FEES, EXCHANGE_DIFFERENCE];

/// Postings that balance.
#[derive(Clone, Debug)]
pub(crate) struct ExportedEntry {
    /// Its id.
    pub(crate) id: String,
    /// The date.
    pub(crate) date: NaiveDate,
    /// The customer; may be empty.
    pub(crate) account_id: String,
    /// In file order.
    pub(crate) postings: Vec<ExportedPosting>,
}

/// One posting.
#[derive(Clone, Debug)]
pub(crate) struct ExportedPosting {
    /// The invoice; may be empty.
    pub(crate) document: String,
    /// The account of the general ledger.
    pub(crate) ledger: ExportedAccount,
    /// Positive for debits.
    pub(crate) amount: Amount,
    /// The currency.
    pub(crate) currency: Currency,
    /// The purpose.
    pub(crate) memo: String,
}

/// An account of the general ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExportedAccount {
    /// The identifier in the books, usually a number.
    pub(crate) number: String,
    /// The name: `Revenue: Private projects`.
    pub(crate) name: String,
}

impl ExportedEntry {
    /// The distinct invoices of the entry.
    pub(crate) fn documents(&self) -> Vec<&str> {
        let documents = self.postings.iter().map(|posting| &*posting.document);
        let mut documents: Vec<&str> = documents.filter(|it| !it.is_empty()).collect();
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    /// Whether the entry only moves receivables and payments. The invoice has revenue and tax.
    fn is_payment(&self) -> bool {
        self.postings.iter().all(|posting| OF_PAYMENTS.contains(&posting.ledger.kind()))
    }
}

impl ExportedAccount {
    /// The name up to the colon: the kind of account.
    pub(crate) fn kind(&self) -> &str {
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

/// Reads `journal.csv`: entries by date, and within a day in file order.
///
/// # Errors
/// A file that prorata did not write.
pub(crate) fn entries(journal: &[u8]) -> Result<Vec<ExportedEntry>, ExportError> {
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

/// Checks that every entry balances, and that each invoice's own entry adds its amount due to the
/// receivables.
///
/// # Errors
/// [`ExportError::Mismatch`] names the first violation.
pub(crate) fn check(entries: &[ExportedEntry], documents: &[Document]) -> Result<(), ExportError> {
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

/// Whether amounts are zero in every currency.
pub(crate) fn balances(amounts: impl IntoIterator<Item = (Currency, Amount)>) -> bool {
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
