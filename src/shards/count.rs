//! How many shards a close has if nobody says so. It follows from the rows of the input alone, so
//! that every machine does the same.

use std::io::Read as _;
use std::path::Path;

use crate::config::{self, InputSettings};
use crate::model::Shard;
use crate::register::{InputFile, Manifest};
use crate::table::{Files, Opened, is_of};

/// The most rows of accounts, subscriptions and changes that are not divided: those of a million
/// accounts. To divide fewer would cost more time than memory is worth.
const ROWS_OF_A_WHOLE: u64 = 6_000_000;

/// The most rows in a shard of more. It takes up to about 4 GB of memory.
const ROWS_IN_A_SHARD: u64 = 4_000_000;

/// No row is shorter than this. So small files need not be counted.
const LEAST_BYTES_OF_A_ROW: u64 = 10;

/// The number of shards for an input. What cannot be read counts as empty, because the close reports
/// it.
pub(crate) fn shards_for(input: &Path) -> u32 {
    let Ok(files) = Files::open(input) else { return 1 };
    let tables = [files.accounts, files.subscriptions, files.changes];
    let bytes: u64 = tables.iter().map(Opened::expected_bytes).sum();
    if bytes / LEAST_BYTES_OF_A_ROW <= ROWS_OF_A_WHOLE {
        return 1;
    }
    let Ok((settings, _)) = config::load(input) else { return 1 };
    let rows: u64 = tables.into_iter().map(|table| rows_of(table, &settings.input)).sum();
    shards_of_rows(rows)
}

/// The number of shards for the inputs of a published close.
pub(crate) fn shards_of(manifest: &Manifest) -> u32 {
    let is_counted = |file: &&InputFile| {
        ["accounts.csv", "subscriptions.csv", "changes.csv"].iter().any(|it| is_of(&file.name, it))
    };
    shards_of_rows(manifest.inputs.iter().filter(is_counted).map(|file| file.rows).sum())
}

fn shards_of_rows(rows: u64) -> u32 {
    let shards = if rows <= ROWS_OF_A_WHOLE { 1 } else { rows.div_ceil(ROWS_IN_A_SHARD) };
    u32::try_from(shards).unwrap_or(u32::MAX).min(Shard::MOST)
}

/// The line ends of a table. A few of them may be in quotes, which does no harm.
fn rows_of(table: Opened, settings: &InputSettings) -> u64 {
    let encoding = settings.dialect(table.table()).encoding;
    let mut content = table.content(&[], encoding, settings.max_table_mib, true);
    let (mut piece, mut rows) = (vec![0; 1 << 20], 0);
    while let Ok(length @ 1..) = content.read(&mut piece) {
        rows += memchr::memchr_iter(b'\n', &piece[..length]).count() as u64;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_shards_follows_from_the_rows() {
        let shards = [0, 6_000_000, 6_000_001, 8_000_001, 50_000_000, u64::MAX].map(shards_of_rows);
        assert_eq!(shards, [1, 1, 2, 3, 13, Shard::MOST]);
    }
}
