//! Merges the state files of all shards.

use std::path::Path;

use rayon::prelude::*;

use super::error::{Damage, MergeError};
use super::least::Least;
use super::shard_folder::ShardFolder;
use super::state_part::StatePart;
use super::state_union::SharedRows;
use crate::publish::{FileInPieces, Staging};
use crate::register::{RowOrder, StateTableForm, state_tables};
use crate::table::parquet::{ROWS_IN_A_GROUP, StateGroups, StateRow, StateWriter, TAX_PARTS};

/// No more row groups are encoded at once, because their rows hold the groups that they were read
/// from in memory.
const MOST_GROUPS_AT_ONCE: usize = 8;

/// Merges all state files of shards but deferred revenue, one after the other, and writes them.
/// `before` is the close that this one continues.
///
/// # Errors
/// See [`merge_state`].
pub(crate) fn merge_states(
    shards: &[ShardFolder<'_>],
    before: Option<&Path>,
    staging: &Staging,
) -> Result<Vec<FileInPieces>, MergeError> {
    state_tables().iter().map(|form| merge_state(form, shards, before, staging)).collect()
}

/// Merges a state file of all shards, and writes it. `before` is the close that this one continues.
/// In memory are a row group of each shard, and the row groups that are being encoded.
///
/// # Errors
/// A file is missing, changed or out of order, shards contradict each other, or the merged file
/// cannot be written.
pub(super) fn merge_state(
    form: &StateTableForm,
    shards: &[ShardFolder<'_>],
    before: Option<&Path>,
    staging: &Staging,
) -> Result<FileInPieces, MergeError> {
    let form = &with_tax_parts(form, shards);
    let parts = shards.par_iter().map(|shard| StatePart::open(shard, form));
    let parts: Vec<StatePart> = parts.collect::<Result<_, _>>()?;
    let mut rows = match form.order {
        RowOrder::SharedId => {
            let before = before.map(|close| close.join(form.path));
            MergedRows::Shared(SharedRows::of(parts, form, before))
        }
        _ => MergedRows::Ordered(OrderedRows::of(parts)),
    };
    let mut file = staging.begin_file(form.path)?;
    let mut writer = StateWriter::begin(&form.layout)?;
    let at_once = ROWS_IN_A_GROUP * rayon::current_num_threads().min(MOST_GROUPS_AT_ONCE);
    let mut ready = rows.take(at_once)?;
    // Encode some groups while merging the rows of the next ones.
    while !ready.is_empty() {
        let (groups, next) = rayon::join(
            || StateRow::columns(&form.layout, &ready).groups(&writer),
            || rows.take(at_once),
        );
        for group in groups? {
            writer.add(&group)?;
            file.write(&writer.take())?;
        }
        ready = next?;
    }
    rows.end()?;
    file.write(&writer.end()?)?;
    Ok(file)
}

/// The form with the column of several taxes, if a shard has it.
fn with_tax_parts(form: &StateTableForm, shards: &[ShardFolder<'_>]) -> StateTableForm {
    let mut form = form.clone();
    // A file that cannot be read is reported when its rows are read.
    let has_parts = |shard: &ShardFolder<'_>| {
        matches!(StateGroups::has_tax_parts(&shard.path.join(form.path)), Ok(true))
    };
    if shards.iter().any(has_parts) {
        form.layout.push(TAX_PARTS);
    }
    form
}

/// The rows of a merged file.
enum MergedRows {
    Ordered(OrderedRows),
    Shared(SharedRows),
}

impl MergedRows {
    /// The next rows; fewer than `count` only at the end.
    fn take(&mut self, count: usize) -> Result<Vec<StateRow>, MergeError> {
        let mut rows = Vec::new();
        while rows.len() < count {
            let row = match self {
                Self::Ordered(ordered) => ordered.next()?,
                Self::Shared(shared) => shared.next()?,
            };
            match row {
                Some(row) => rows.push(row),
                None => break,
            }
        }
        Ok(rows)
    }

    /// Checks the lists that belong to the files.
    fn end(self) -> Result<(), MergeError> {
        match self {
            Self::Ordered(ordered) => ordered.parts.into_iter().try_for_each(StatePart::end),
            Self::Shared(shared) => shared.end(),
        }
    }
}

/// The rows of all shards, each id or document from one shard.
struct OrderedRows {
    parts: Vec<StatePart>,
    least: Least,
    /// The part, the row and the place before.
    last: Option<(usize, StateRow, u64)>,
}

impl OrderedRows {
    fn of(parts: Vec<StatePart>) -> Self {
        let begun = (0..parts.len()).filter(|part| parts[*part].key().is_some());
        let least = Least::of(begun, |a, b| parts[a].key() < parts[b].key());
        Self { parts, least, last: None }
    }

    fn next(&mut self) -> Result<Option<StateRow>, MergeError> {
        let Self { parts, least, last } = self;
        let Some(part) = least.first() else { return Ok(None) };
        if let Some((other, row, place)) = last
            && *other != part
            && parts[part].key() == Some((parts[*other].id(row), *place))
        {
            return Err(MergeError::damaged(parts[part].path(), Damage::Twice));
        }
        let Some((row, place)) = parts[part].next()? else { return Ok(None) };
        least.moved(parts[part].key().is_none(), |a, b| parts[a].key() < parts[b].key());
        *last = Some((part, row.clone(), place));
        Ok(Some(row))
    }
}
