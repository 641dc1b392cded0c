//! `exceptions.csv`: input that produced no line, so that nothing is lost silently.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::review::MOST_LISTED;
use crate::table::CsvTable;
use crate::value::{Amount, Currency};

/// An exception to check by hand. Texts are shared, because there may be as many as invoices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exception {
    /// The kind: `no_effect`, `zero_amount`, `missing_glyph` or another kind in docs/files.md.
    pub(crate) kind: &'static str,
    /// The account.
    pub(crate) account_id: Arc<str>,
    /// The subscription, if any.
    pub(crate) subscription_id: String,
    /// The change or invoice, if any.
    pub(crate) reference: Arc<str>,
    /// The explanation in one sentence.
    pub(crate) message: Cow<'static, str>,
    /// For [`OVER_CREDIT`]: the amount not credited, its currency and the invoice.
    pub(crate) not_credited: Option<(Amount, Currency, Arc<str>)>,
}

/// The kind of exception for a credit whose invoice had nothing left.
pub(crate) const OVER_CREDIT: &str = "over_credit";

pub(crate) const COLUMNS: [&str; 8] = [
    "kind",
    "account_id",
    "subscription_id",
    "reference",
    "message",
    "amount",
    "currency",
    "invoice_number",
];

/// The table. The exceptions are sorted.
pub(crate) fn exceptions_csv(exceptions: &[Exception]) -> CsvTable<'_> {
    CsvTable::new(&COLUMNS, exceptions, |exception, rows| {
        rows.text(exception.kind);
        rows.text(&exception.account_id);
        rows.text(&exception.subscription_id);
        rows.text(&exception.reference);
        rows.text(&exception.message);
        match &exception.not_credited {
            Some((amount, currency, number)) => {
                rows.money(*amount, *currency);
                rows.word(currency.code());
                rows.text(number);
            }
            None => rows.empty(3),
        }
        rows.end();
    })
}

/// The exceptions of one kind, as the report shows them. Those of shards add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExceptionGroup {
    pub(crate) kind: String,
    /// How many there are.
    pub(crate) count: usize,
    /// The first ones.
    pub(crate) first: Vec<ListedException>,
}

/// An exception in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ListedException {
    pub(crate) account_id: String,
    pub(crate) subscription_id: String,
    pub(crate) reference: String,
    pub(crate) message: String,
}

impl ExceptionGroup {
    /// Groups sorted exceptions, and keeps the first of each group.
    pub(crate) fn of(exceptions: &[Exception]) -> Vec<Self> {
        let groups = exceptions.chunk_by(|a, b| a.kind == b.kind).map(|group| Self {
            kind: group[0].kind.to_owned(),
            count: group.len(),
            first: group.iter().take(MOST_LISTED).map(ListedException::of).collect(),
        });
        groups.collect()
    }

    /// Adds the groups of another shard.
    pub(crate) fn add(groups: &mut Vec<Self>, shard: Vec<Self>) {
        for group in shard {
            match groups.iter_mut().find(|known| known.kind == group.kind) {
                Some(known) => {
                    known.count += group.count;
                    known.first.extend(group.first);
                    known.first.sort();
                    known.first.truncate(MOST_LISTED);
                }
                None => groups.push(group),
            }
        }
        groups.sort_by(|a, b| a.kind.cmp(&b.kind));
    }
}

impl ListedException {
    fn of(exception: &Exception) -> Self {
        Self {
            account_id: exception.account_id.to_string(),
            subscription_id: exception.subscription_id.clone(),
            reference: exception.reference.to_string(),
            message: exception.message.to_string(),
        }
    }
}
