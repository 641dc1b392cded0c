//! Joins pieces of a file that were read in parallel into one list, in file order and with unique
//! ids.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use super::chunks::Chunk;
use super::damage::{AS_TEXT, Damage, is_rounded};
use super::findings::Diagnostics;
use super::header::Header;
use super::index::{Index, RejectedIds};
use super::one_part::WantedIds;
use super::record::{Record, newlines};
use super::records::{BATCH, Extent, read_chunk};
use super::row::{Reported, Row};
use super::selected::{OtherReader, OwnerColumns, SeenRows, SelectedRows};
use crate::ids::{Hasher, IdTable};
use crate::model::{AnsweredIds, OtherIds, OtherRow, Shard};
use crate::problem::Problem;

/// The rows of a file.
pub(crate) struct KeyedRows<T> {
    /// The valid rows, in file order.
    pub(crate) items: Vec<T>,
    /// The index of each row by its id.
    pub(crate) places: IdTable,
    /// The owners of invalid rows.
    pub(crate) broken: RejectedIds,
    /// The rows that other shards read.
    pub(crate) others: Arc<OtherIds>,
    /// Whether there are rows besides `items`.
    pub(crate) has_more: bool,
}

/// The key columns of a file's rows.
pub(crate) struct TableKey<'a, T> {
    /// The row's own id, unique in the file.
    pub(crate) id: &'static str,
    /// The id that becomes unknown if the row is invalid: its own id or its owner's.
    pub(crate) owner: &'static str,
    /// The id of a row, and its line.
    pub(crate) known_by: fn(&T) -> (&Arc<str>, u64),
    /// Prefetches the data that reading these rows needs. Several cache misses then overlap.
    pub(crate) look_ahead: Option<&'a LookAhead<'a>>,
    /// The id of the row's owner, if it is not the row itself.
    pub(crate) owned_by: Option<&'a OwnerOf<'a, T>>,
    /// The columns that decide which shard reads a row.
    pub(crate) shard_by: OwnerColumns<'a>,
    /// Looks at rows that another shard reads.
    pub(crate) of_others: Option<&'a OtherReader<'a>>,
}

/// Prefetches data for some rows.
type LookAhead<'a> = dyn Fn(&Header, &[Record<'_>]) + Sync + 'a;

/// Finds the id of a row's owner.
type OwnerOf<'a, T> = dyn Fn(&T) -> Arc<str> + Sync + 'a;

impl<T> TableKey<'_, T> {
    /// The key of rows with their own ids, which every shard reads.
    pub(crate) fn own(id: &'static str, known_by: fn(&T) -> (&Arc<str>, u64)) -> Self {
        let shard_by = OwnerColumns::default();
        Self {
            id,
            owner: id,
            known_by,
            look_ahead: None,
            owned_by: None,
            shard_by,
            of_others: None,
        }
    }

    fn owner_of(&self, item: &T) -> Arc<str> {
        match self.owned_by {
            Some(owned_by) => owned_by(item),
            None => Arc::clone((self.known_by)(item).0),
        }
    }
}

impl<T> Default for KeyedRows<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            places: IdTable::default(),
            broken: RejectedIds::default(),
            others: Arc::default(),
            has_more: false,
        }
    }
}

impl<T> KeyedRows<T> {
    /// A file without rows.
    pub(crate) fn none(shard: Shard) -> Self {
        Self { others: Arc::new(OtherIds::of(shard)), ..Self::default() }
    }

    /// The rows of the register that the shard answers for.
    pub(crate) fn answered(&self, key: &TableKey<'_, T>) -> AnsweredIds {
        let valid = self.items.iter().map(|item| Arc::clone((key.known_by)(item).0));
        let own = valid.chain(self.broken.each().map(Arc::from));
        AnsweredIds::new(own, Arc::clone(&self.others), self.has_more)
    }

    /// The rows, and an index of them for references.
    pub(crate) fn indexed(self, file: &'static str, key: &TableKey<'_, T>) -> (Vec<T>, Index) {
        let ids = self.items.iter().map(|item| Arc::clone((key.known_by)(item).0)).collect();
        (self.items, Index::of_places(file, ids, self.places, (self.broken, self.others)))
    }
}

/// The pieces joined so far. Each is added once those before it are, so few are kept in memory.
pub(crate) struct Joined<'a, T> {
    file: &'a str,
    key: &'a TableKey<'a, T>,
    pub(crate) rows: KeyedRows<T>,
    pub(crate) others: OtherIds,
    pub(crate) findings: Diagnostics,
    pub(crate) extent: Extent,
    next: usize,
    early: BTreeMap<usize, ReadPart<T>>,
}

impl<'a, T> Joined<'a, T> {
    /// An empty list for the part that a shard reads of a table of about `expected` rows.
    pub(crate) fn new(
        file: &'a str,
        key: &'a TableKey<'a, T>,
        expected: Option<usize>,
        shard: Shard,
    ) -> Self {
        let places = IdTable::with_room(expected.unwrap_or_default() / shard.count as usize);
        let (rows, others) = (KeyedRows { places, ..KeyedRows::default() }, OtherIds::of(shard));
        let extent = Extent { rows: 0, complete: expected.is_some() };
        let (findings, early) = (Diagnostics::default(), BTreeMap::new());
        Self { file, key, rows, others, findings, extent, next: 0, early }
    }

    /// Adds a piece; pieces may arrive out of order.
    pub(crate) fn add(&mut self, part: ReadPart<T>) {
        self.early.insert(part.number, part);
        while let Some(part) = self.early.remove(&self.next) {
            self.join(part);
            self.next += 1;
        }
    }

    fn join(&mut self, part: ReadPart<T>) {
        part.broken.iter().for_each(|owner| self.rows.broken.insert(owner));
        self.findings.append(part.findings);
        self.extent.rows += part.extent.rows;
        self.extent.complete &= part.extent.complete;
        self.rows.items.reserve(part.items.len());
        let mut others = part.seen.watched().peekable();
        for (number, (item, hash)) in part.items.into_iter().zip(&part.hashes).enumerate() {
            if number % BATCH == 0 {
                let soon = part.hashes[number..].iter().take(BATCH);
                black_box(soon.filter_map(|hash| self.rows.places.guess(*hash)).max());
            }
            let (_, line) = (self.key.known_by)(&item);
            while let Some((id, row)) = others.next_if(|(_, row)| row.line < line) {
                self.watch(id, row);
            }
            self.push(item, *hash);
        }
        others.for_each(|(id, row)| self.watch(id, row));
    }

    /// Adds a row, unless its id already occurred.
    fn push(&mut self, item: T, hash: u64) {
        let KeyedRows { items, places, broken, .. } = &mut self.rows;
        let (id, line) = (self.key.known_by)(&item);
        let id_of = |place: usize| &**(self.key.known_by)(&items[place]).0;
        let first_line = match self.others.get(id).filter(|row| row.is_valid) {
            Some(row) => row.line,
            None => match places.insert((id, hash), items.len(), id_of) {
                Ok(()) => return items.push(item),
                Err(first) => (self.key.known_by)(&items[first]).1,
            },
        };
        self.findings.problems.push(doubled(self.file, line, self.key.id, id, first_line));
        broken.insert(&self.key.owner_of(&item));
    }

    /// Notes a row of another shard, unless its id already occurred. The shard of two rows with one
    /// owner compares them itself.
    fn watch(&mut self, id: &str, row: OtherRow) {
        let KeyedRows { items, places, broken, .. } = &mut self.rows;
        let known_by = |place: usize| (self.key.known_by)(&items[place]);
        let own = places.get(id, |place| known_by(place).0).map(|place| known_by(place).1);
        let other = self.others.get(id).filter(|other| other.is_valid);
        let first_line = match (own, other) {
            (Some(line), _) => Some(line),
            (None, Some(other)) => Some(other.line).filter(|_| other.owner != row.owner),
            (None, None) => {
                self.others.add(id, row);
                None
            }
        };
        let Some(first_line) = first_line.filter(|_| row.is_valid) else { return };
        self.findings.problems.push(doubled(self.file, row.line, self.key.id, id, first_line));
        if self.key.owner == self.key.id {
            broken.insert(id);
        }
    }
}

/// The result of reading a piece.
pub(crate) struct ReadPart<T> {
    number: usize,
    items: Vec<T>,
    /// The hash of each item's id.
    hashes: Vec<u64>,
    broken: Vec<String>,
    seen: SeenRows,
    findings: Diagnostics,
    extent: Extent,
}

impl<T> ReadPart<T> {
    /// Reads a piece.
    pub(crate) fn read(
        header: &Header,
        chunk: &Chunk,
        key: &TableKey<'_, T>,
        (id_hasher, selected, wanted): (&Hasher, SelectedRows<'_>, Option<&WantedIds<'_>>),
        parse: &impl Fn(&mut Row<'_>) -> Result<T, Reported>,
    ) -> Self {
        // A valid row has a comma or a line end for each field.
        let most = usize::try_from(newlines(&chunk.bytes)).expect("no more than bytes");
        let most = most.min(chunk.bytes.len() / header.least.max(1)) + 1;
        let most = if wanted.is_some() { 0 } else { most };
        let mut items = Vec::with_capacity(most);
        let mut hashes = Vec::with_capacity(most);
        let mut broken = Vec::new();
        let mut seen = SeenRows::default();
        let mut findings = Diagnostics::default();
        let look_ahead = |records: &[Record<'_>]| {
            if let Some(look_ahead) = key.look_ahead {
                look_ahead(header, records);
            }
        };
        let extent =
            read_chunk((header, wanted), chunk, &mut findings, look_ahead, |row| {
                match row.sound().and_then(|()| selected.read(row, &mut seen, parse)) {
                    Ok(Some(item)) => {
                        hashes.push(id_hasher.hash((key.known_by)(&item).0));
                        items.push(item);
                    }
                    Ok(None) => {}
                    Err(Reported) => broken.push(row.glimpse(key.owner).into_owned()),
                }
            });
        broken.append(&mut seen.broken);
        Self { number: chunk.number, items, hashes, broken, seen, findings, extent }
    }
}

/// A row that an export repeated must not be billed twice.
const SAME_ID: &str = "remove the row if it is the same one again, or give it an id of its own";

fn doubled(file: &str, line: u64, column: &'static str, id: &str, first_line: u64) -> Problem {
    Problem {
        file: file.to_owned(),
        line: Some(line),
        column: Some(column),
        value: Some(id.to_owned()),
        rule: format!("is already the id of line {first_line}"),
        hint: if is_rounded(id) {
            format!("{SAME_ID}; {}: {AS_TEXT}", Damage::Rounded)
        } else {
            SAME_ID.to_owned()
        },
    }
}
