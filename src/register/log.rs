//! `state/changes.parquet`: the changes that a close was the first to bill on, sorted by
//! subscription. Read only where a digest says that the past is not what it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use polars::prelude::{Column, NamedFrom as _, Series};

use super::columns::{ColumnsError, Table, runs, to_parquet};

/// The file's name in a close.
pub const FILE: &str = "state/changes.parquet";

/// A change as it was when it was billed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedChange {
    /// `subscription_id`.
    pub subscription_id: String,
    /// `change_id`.
    pub change_id: String,
    /// Its instant, in seconds since 1970.
    pub at: i64,
    /// The digest of what it did.
    pub digest: String,
    /// Marks that the subscription's log begins anew here: a changed past was accepted, and what
    /// earlier closes applied counts no more. The mark is a row of its own, since the new log may
    /// be empty.
    pub restarts: bool,
}

impl AppliedChange {
    /// The mark that a subscription's log begins anew.
    pub fn restart(subscription_id: &str) -> Self {
        Self {
            subscription_id: subscription_id.to_owned(),
            change_id: String::new(),
            at: 0,
            digest: String::new(),
            restarts: true,
        }
    }
}

/// Parquet bytes of changes; sorts them by subscription.
pub fn log_to_parquet(mut changes: Vec<AppliedChange>) -> Result<Vec<u8>, ColumnsError> {
    changes.sort_by(|a, b| a.subscription_id.cmp(&b.subscription_id));
    let text = |name: &str, of: fn(&AppliedChange) -> &str| -> Column {
        Series::new(name.into(), changes.iter().map(of).collect::<Vec<_>>()).into()
    };
    let number = |name: &str, of: fn(&AppliedChange) -> i64| -> Column {
        Series::new(name.into(), changes.iter().map(of).collect::<Vec<_>>()).into()
    };
    to_parquet(vec![
        text("subscription_id", |change| &change.subscription_id),
        text("change_id", |change| &change.change_id),
        number("at", |change| change.at),
        text("digest", |change| &change.digest),
        number("restarts", |change| i64::from(change.restarts)),
    ])
}

/// All changes that a close was the first to bill on.
pub fn read_log(close: &Path) -> Result<Vec<AppliedChange>, ColumnsError> {
    applied_changes(&Table::read(&close.join(FILE))?)
}

fn applied_changes(table: &Table) -> Result<Vec<AppliedChange>, ColumnsError> {
    let (subscription_id, change_id) = (table.texts("subscription_id")?, table.texts("change_id")?);
    let (at, digest) = (table.numbers("at")?, table.texts("digest")?);
    let restarts = table.numbers("restarts")?;
    let change = |row: usize| AppliedChange {
        subscription_id: subscription_id[row].to_owned(),
        change_id: change_id[row].to_owned(),
        at: at[row],
        digest: digest[row].to_owned(),
        restarts: restarts[row] == 1,
    };
    Ok((0..table.height()).map(change).collect())
}

/// Adds the changes that one close applied to some subscriptions; closes are read oldest first.
pub fn add_applied(
    close: &Path,
    subscriptions: &BTreeSet<&str>,
    applied: &mut BTreeMap<String, Vec<AppliedChange>>,
) -> Result<(), ColumnsError> {
    let path = close.join(FILE);
    for (first, count) in runs(&path, "subscription_id", subscriptions)? {
        let changes = applied_changes(&Table::read_rows(&path, first, count)?)?;
        let known = applied.entry(changes[0].subscription_id.clone()).or_default();
        if changes.iter().any(|change| change.restarts) {
            known.clear();
        }
        known.extend(changes.into_iter().filter(|change| !change.restarts));
    }
    Ok(())
}
