//! Puts the items of all shards' tables in one order.

use super::error::{Damage, MergeError};
use super::key::MergeKey;
use super::least::Least;
use super::runs_reader::RunsReader;
use super::shard_folder::ShardFolder;

/// Visits the items of a table of all shards, by key: the index of the shard, the key, and the rows.
/// Items of one shard with the same key keep their order; two shards never have the same key.
///
/// # Errors
/// The first error of `visit`, or a file that is missing, out of order or changed. The digests are
/// known at the end only, so the visited rows count only if there is no error.
pub(crate) fn merge_runs<E: From<MergeError>>(
    shards: &[ShardFolder<'_>],
    table: &str,
    mut visit: impl FnMut(usize, &MergeKey, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let opened = shards.iter().map(|shard| RunsReader::open(shard, table));
    let mut parts: Vec<RunsReader> = opened.collect::<Result<_, _>>()?;
    let begun = (0..parts.len()).filter(|part| !parts[*part].has_ended());
    let mut least = Least::of(begun, |a, b| parts[a].key() < parts[b].key());
    let mut before: Option<usize> = None;
    let mut key_before = MergeKey::default();
    while let Some(part) = least.first() {
        let item = &parts[part];
        if before.is_some_and(|before| before != part) && key_before == *item.key() {
            return Err(MergeError::damaged(item.path(), Damage::Twice).into());
        }
        visit(part, item.key(), item.content())?;
        before = Some(part);
        item.key().copy_to(&mut key_before);
        parts[part].next()?;
        least.moved(parts[part].has_ended(), |a, b| parts[a].key() < parts[b].key());
    }
    Ok(parts.into_iter().try_for_each(RunsReader::end)?)
}
