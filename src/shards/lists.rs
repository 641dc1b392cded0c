//! The lists that steps hand on: the documents of a shard in the order of their numbers, the sizes of
//! its lines, and the numbers that the documents get.

use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use crate::invoice::{ArrangedDrafts, NumberKind};
use crate::model::Account;
use crate::review::SizeCounts;
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::value::{Currency, Instant};

/// The documents of a shard.
pub(super) const DOCUMENTS: &str = "documents.parquet";

/// The sizes of its lines.
pub(super) const SIZES: &str = "sizes.parquet";

/// How many documents of a shard are in memory while numbers are given.
const ROWS_AT_A_TIME: usize = 65_536;

/// A document without its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListedDraft {
    pub(super) instant: Instant,
    pub(super) account_id: String,
    pub(super) kind: NumberKind,
}

/// Writes the documents of a shard, in the order of their numbers.
pub(super) fn drafts_to_parquet(
    drafts: &ArrangedDrafts,
    accounts: &[Account],
) -> Result<Vec<u8>, ColumnsError> {
    let rows: Vec<(Instant, &str, NumberKind)> = drafts
        .drafts
        .iter()
        .zip(drafts.kinds())
        .map(|(draft, kind)| (draft.instant, &*accounts[draft.account].id, kind))
        .collect();
    StateColumns::of(&rows)
        .instant("instant", |(instant, _, _)| *instant)
        .text("account_id", |(_, id, _)| Some(id))
        .word("currency", |(_, _, kind)| Some(kind.currency.code()))
        .number("year", |(_, _, kind)| i64::from(kind.year))
        .number("is_credit_note", |(_, _, kind)| i64::from(kind.is_credit_note))
        .to_parquet()
}

/// The documents of a shard, read a part at a time.
pub(super) struct DraftReader {
    path: PathBuf,
    /// The next row to read, and the number of rows.
    next: usize,
    count: usize,
    read: IntoIter<ListedDraft>,
}

impl DraftReader {
    /// Reads the `count` documents of a file.
    pub(super) fn new(folder: &Path, count: usize) -> Self {
        Self { path: folder.join(DOCUMENTS), next: 0, count, read: Vec::new().into_iter() }
    }

    /// The next document; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<ListedDraft>, ColumnsError> {
        if let Some(draft) = self.read.next() {
            return Ok(Some(draft));
        }
        if self.next == self.count {
            return Ok(None);
        }
        let rows = ROWS_AT_A_TIME.min(self.count - self.next);
        let table = StateTable::read_rows(&self.path, self.next, rows)?;
        if table.height() != rows {
            return Err(table.damaged(format!("it has fewer than {} rows", self.count)));
        }
        self.next += rows;
        self.read = drafts(&table)?.into_iter();
        Ok(self.read.next())
    }
}

fn drafts(table: &StateTable) -> Result<Vec<ListedDraft>, ColumnsError> {
    let (instants, accounts) = (table.numbers("instant")?, table.texts("account_id")?);
    let (currencies, years) = (table.texts("currency")?, table.numbers("year")?);
    let notes = table.numbers("is_credit_note")?;
    let draft = |row: usize| {
        Some(ListedDraft {
            instant: Instant::from_unix_seconds(instants[row]),
            account_id: accounts[row].to_owned(),
            kind: NumberKind {
                is_credit_note: notes[row] == 1,
                year: i32::try_from(years[row]).ok()?,
                currency: Currency::from_code(currencies[row])?,
            },
        })
    };
    let damaged = |row| table.damaged(format!("row {row} makes no sense"));
    (0..table.height()).map(|row| draft(row).ok_or_else(|| damaged(row))).collect()
}

/// Writes the sizes of lines.
pub(super) fn sizes_to_parquet(sizes: &SizeCounts) -> Result<Vec<u8>, ColumnsError> {
    let rows: Vec<(Currency, u64, u64)> = sizes.rows().collect();
    StateColumns::of(&rows)
        .word("currency", |(currency, _, _)| Some(currency.code()))
        .number("size", |(_, size, _)| size.cast_signed())
        .number("count", |(_, _, count)| count.cast_signed())
        .to_parquet()
}

/// Adds the sizes of the lines of a shard.
pub(super) fn add_sizes(folder: &Path, sizes: &mut SizeCounts) -> Result<(), ColumnsError> {
    let table = StateTable::read(&folder.join(SIZES))?;
    let (currencies, lines) = (table.texts("currency")?, table.numbers("size")?);
    for ((code, size), count) in currencies.into_iter().zip(lines).zip(table.numbers("count")?) {
        let currency = Currency::from_code(code);
        let currency = currency.ok_or_else(|| table.damaged(format!("{code} is no currency")))?;
        sizes.add(currency, size.cast_unsigned(), count.cast_unsigned());
    }
    Ok(())
}

/// The places and counters of the numbers of a shard's documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ShardNumbers {
    /// The place of each document among all documents.
    pub(super) places: Vec<u64>,
    /// The counter of each number.
    pub(super) counters: Vec<u64>,
}

impl ShardNumbers {
    pub(super) fn to_parquet(&self) -> Result<Vec<u8>, ColumnsError> {
        let rows: Vec<(u64, u64)> =
            self.places.iter().copied().zip(self.counters.iter().copied()).collect();
        StateColumns::of(&rows)
            .number("place", |(place, _)| place.cast_signed())
            .number("counter", |(_, counter)| counter.cast_signed())
            .to_parquet()
    }

    pub(super) fn read(path: &Path) -> Result<Self, ColumnsError> {
        let table = StateTable::read(path)?;
        let all = |numbers: Vec<i64>| numbers.into_iter().map(i64::cast_unsigned).collect();
        Ok(Self { places: all(table.numbers("place")?), counters: all(table.numbers("counter")?) })
    }
}
