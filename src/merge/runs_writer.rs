//! Writes a table of a shard as runs: the rows of its items, and a list with the key and the length
//! of each item's rows. With the list, items of many shards are put in order without reading a row.

use rayon::prelude::*;

use super::key::MergeKey;
use crate::publish::{FileInPieces, PublishError, Staging};
use crate::table::CsvTable;

/// How many pieces of a table are in memory: enough for all threads.
const PIECES_AT_ONCE: usize = 16;

/// The list of the documents that credit earlier ones, with the number of rows that each has in
/// `state/credits.parquet`. Those rows name only the credited invoices.
pub(crate) const CREDIT_PLACES_FILE: &str = "state/credits.runs";

/// A table of a shard in the making.
#[derive(Debug)]
pub(crate) struct RunsWriter {
    rows: FileInPieces,
    runs: FileInPieces,
}

/// The paths of the rows and of their list in the folder of a shard.
pub(super) fn paths(table: &str) -> [String; 2] {
    [format!("tables/{table}.rows"), format!("tables/{table}.runs")]
}

impl RunsWriter {
    /// Begins a table in the folder of a shard.
    ///
    /// # Errors
    /// A file cannot be created.
    pub(crate) fn begin(staging: &Staging, table: &str) -> Result<Self, PublishError> {
        let [rows, runs] = paths(table);
        Ok(Self { rows: staging.begin_file(&rows)?, runs: staging.begin_file(&runs)? })
    }

    /// Writes the rows of the next items: their keys, which must ascend, and the length of the rows
    /// of each. No more keys are taken than there are items. An item without rows is listed too.
    ///
    /// # Errors
    /// They cannot be written.
    pub(crate) fn write(
        &mut self,
        keys: impl IntoIterator<Item = MergeKey>,
        (rows, lengths): (&[u8], &[u32]),
    ) -> Result<(), PublishError> {
        let mut runs = Vec::new();
        let mut keys = keys.into_iter();
        for length in lengths {
            list(&mut runs, &keys.next().expect("every item has a key"), *length);
        }
        let whole: u64 = lengths.iter().copied().map(u64::from).sum();
        assert_eq!(whole, rows.len() as u64, "the items have all rows");
        self.rows.write(rows)?;
        self.runs.write(&runs)
    }

    /// Writes all items of a table with their keys, in order. All threads make the pieces.
    ///
    /// # Errors
    /// They cannot be written.
    pub(crate) fn write_table(
        &mut self,
        table: &CsvTable<'_>,
        keys: impl IntoIterator<Item = MergeKey>,
    ) -> Result<(), PublishError> {
        let mut keys = keys.into_iter();
        for first in (0..table.pieces()).step_by(PIECES_AT_ONCE) {
            let pieces = first..table.pieces().min(first + PIECES_AT_ONCE);
            let made: Vec<_> = pieces.into_par_iter().map(|piece| table.runs(piece)).collect();
            for (rows, lengths) in made {
                self.write(&mut keys, (&rows, &lengths))?;
            }
        }
        Ok(())
    }

    /// The files, for [`Staging::end_files`].
    pub(crate) fn files(self) -> Vec<FileInPieces> {
        vec![self.rows, self.runs]
    }
}

/// The content of [`CREDIT_PLACES_FILE`]: each document with rows, and how many they are.
pub(crate) fn credit_places(documents: impl Iterator<Item = (u64, u32)>) -> Vec<u8> {
    let mut runs = Vec::new();
    for (place, rows) in documents {
        list(&mut runs, &MergeKey::document(0, place), rows);
    }
    runs
}

/// Adds an item to a list: the length of its rows, the length of its key, and its key.
fn list(runs: &mut Vec<u8>, key: &MergeKey, rows: u32) {
    let key = key.bytes();
    let length = u32::try_from(key.len()).expect("a key is not longer than its row");
    runs.extend_from_slice(&rows.to_le_bytes());
    runs.extend_from_slice(&length.to_le_bytes());
    runs.extend_from_slice(key);
}
