//! `state/changes.parquet`: the changes that a close billed first, sorted by subscription. It is
//! read only if a digest shows a changed history.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::hash::Digest;
use crate::ids::order;
use crate::table::parquet::{ColumnsError, StateColumns, StateTable, runs};
use crate::value::Instant;

/// The file's name in a close.
pub(crate) const FILE: &str = "state/changes.parquet";

/// A change as it was billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppliedChange {
    /// `subscription_id`.
    pub(crate) subscription_id: Arc<str>,
    /// `change_id`.
    pub(crate) change_id: Arc<str>,
    /// Its instant, in seconds since 1970.
    pub(crate) at: i64,
    /// The digest of its effect.
    pub(crate) digest: Digest,
    /// Marks that the subscription's log begins anew here, because a changed history was accepted.
    /// Changes of earlier closes no longer count. The mark is a separate row, because the new log
    /// may be empty.
    pub(crate) restarts: bool,
}

impl AppliedChange {
    /// The mark for a new log.
    pub(crate) fn restart(subscription_id: &Arc<str>) -> Self {
        Self {
            subscription_id: Arc::clone(subscription_id),
            change_id: "".into(),
            at: 0,
            digest: Digest::default(),
            restarts: true,
        }
    }
}

/// Sorts changes by subscription, and writes them as Parquet.
pub(crate) fn log_to_parquet(changes: &[AppliedChange]) -> Result<Vec<u8>, ColumnsError> {
    let rows = order::by_id(changes, |row| &row.subscription_id);
    columns(&rows).to_parquet()
}

pub(super) fn columns<'a>(rows: &'a [&'a AppliedChange]) -> StateColumns<'a, &'a AppliedChange> {
    StateColumns::of(rows)
        .text("subscription_id", |row| Some(&row.subscription_id))
        .text("change_id", |row| Some(&row.change_id))
        .instant("at", |row| Instant::from_unix_seconds(row.at))
        .digest("digest", |row| row.digest)
        .number("restarts", |row| i64::from(row.restarts))
}

/// All changes that a close billed first.
pub(crate) fn read_log(close: &Path) -> Result<Vec<AppliedChange>, ColumnsError> {
    applied_changes(&StateTable::read(&close.join(FILE))?)
}

fn applied_changes(table: &StateTable) -> Result<Vec<AppliedChange>, ColumnsError> {
    let (subscription_id, change_id) = (table.texts("subscription_id")?, table.texts("change_id")?);
    let (at, digest) = (table.numbers("at")?, table.digests("digest")?);
    let restarts = table.numbers("restarts")?;
    let change = |row: usize| AppliedChange {
        subscription_id: subscription_id[row].into(),
        change_id: change_id[row].into(),
        at: at[row],
        digest: digest[row],
        restarts: restarts[row] == 1,
    };
    Ok((0..table.height()).map(change).collect())
}

/// Adds the changes that one close applied to some subscriptions. Closes must be read oldest first.
pub(crate) fn add_applied(
    close: &Path,
    subscriptions: &BTreeSet<&str>,
    applied: &mut BTreeMap<String, Vec<AppliedChange>>,
) -> Result<(), ColumnsError> {
    let path = close.join(FILE);
    for (first, count) in runs(&path, "subscription_id", subscriptions)? {
        let changes = applied_changes(&StateTable::read_rows(&path, first, count)?)?;
        let known = applied.entry(changes[0].subscription_id.to_string()).or_default();
        if changes.iter().any(|change| change.restarts) {
            known.clear();
        }
        known.extend(changes.into_iter().filter(|change| !change.restarts));
    }
    Ok(())
}
