//! The ids that a shard answers for. Ids are unique in the whole input, and references may lead
//! from one account to another, but no shard remembers all ids. So each shard watches over the ids
//! that it has by their hash, whichever shard reads their rows.

use std::collections::HashSet;
use std::sync::Arc;

use super::shard::Shard;
use crate::ids::ById;

/// A row that another shard reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OtherRow {
    pub(crate) line: u64,
    /// CRC-32 of the id that decides its shard.
    pub(crate) owner: u32,
    /// Whether the id is taken. Otherwise the row is certainly reported or left out, and only
    /// explains references to it.
    pub(crate) is_valid: bool,
}

/// The rows of one table that other shards read, as far as this one watches over their ids.
#[derive(Debug, Default)]
pub(crate) struct OtherIds {
    shard: Shard,
    rows: ById<OtherRow>,
}

impl OtherIds {
    /// No rows of a table that is read by shard.
    pub(crate) fn of(shard: Shard) -> Self {
        Self { shard, rows: ById::default() }
    }

    pub(crate) fn get(&self, id: &str) -> Option<OtherRow> {
        // One run of all accounts asks for every row, and has none of these.
        if self.shard.is_whole() { None } else { self.rows.get(id).copied() }
    }

    /// Adds a row, or replaces one whose id is not taken.
    pub(crate) fn add(&mut self, id: &str, row: OtherRow) {
        match self.rows.get_mut(id) {
            Some(known) if !known.is_valid => *known = row,
            Some(_) => {}
            None => self.rows.add(id, row),
        }
    }

    /// Whether an id without a row in this shard is for others to report: another shard watches
    /// over it, or reads its row.
    pub(crate) fn leaves_to_others(&self, id: &str) -> bool {
        !self.shard.is_whole() && (!self.shard.has(id) || self.rows.contains(id))
    }
}

/// The rows of one table that a shard answers for.
#[derive(Debug, Default)]
pub(crate) struct AnsweredIds {
    /// The ids of rows that the shard reads, reported ones too.
    own: HashSet<Arc<str>>,
    /// The ids of rows that certainly belong to other shards, whatever their hash.
    elsewhere: HashSet<Arc<str>>,
    others: Arc<OtherIds>,
    /// Whether other shards read rows of the file.
    has_others: bool,
}

impl AnsweredIds {
    /// The ids of a table. They are kept only if a shard reads it.
    pub(crate) fn new(
        own: impl Iterator<Item = Arc<str>>,
        others: Arc<OtherIds>,
        has_others: bool,
    ) -> Self {
        if others.shard.is_whole() {
            return Self::default();
        }
        Self { own: own.collect(), elsewhere: HashSet::new(), others, has_others }
    }

    /// Whether the shard answers for a row of the register: it reads the row, or the row has
    /// vanished and the shard watches over its id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.own.contains(id) || !(self.elsewhere.contains(id) || self.others.leaves_to_others(id))
    }

    /// Adds rows that no file has, by the shard of their account.
    pub(crate) fn divide(
        &mut self,
        own: impl Iterator<Item = Arc<str>>,
        elsewhere: impl Iterator<Item = Arc<str>>,
    ) {
        if !self.are_all() {
            self.own.extend(own);
            self.elsewhere.extend(elsewhere);
        }
    }

    /// Whether these are the rows of all shards.
    pub(crate) fn are_all(&self) -> bool {
        self.others.shard.is_whole()
    }

    /// Whether other shards read rows of the file.
    pub(crate) fn has_others(&self) -> bool {
        self.has_others
    }
}

/// The rows of the register that a shard answers for. By default these are all rows.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// The shard, which answers for its accounts.
    pub(crate) shard: Shard,
    pub(crate) subscriptions: AnsweredIds,
    pub(crate) discounts: AnsweredIds,
    pub(crate) adjustments: AnsweredIds,
    pub(crate) payments: AnsweredIds,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, is_valid: bool) -> OtherRow {
        OtherRow { line, owner: 0, is_valid }
    }

    #[test]
    fn a_taken_id_keeps_its_first_row() {
        let mut others = OtherIds::of(Shard { index: 0, count: 2 });
        for other in [row(2, false), row(3, true), row(4, true), row(5, false)] {
            others.add("a", other);
        }
        assert_eq!(others.get("a").map(|it| it.line), Some(3));
        assert!(others.get("b").is_none());
    }

    #[test]
    fn one_shard_answers_for_a_row_that_vanished() {
        for id in ["a", "b", "größe", ""] {
            let answering = Shard::all(8).filter(|shard| {
                let others = Arc::new(OtherIds::of(*shard));
                AnsweredIds::new(std::iter::empty(), others, false).has(id)
            });
            assert_eq!(answering.count(), 1, "{id}");
        }
        assert!(AnsweredIds::default().has("a"));
    }

    #[test]
    fn a_row_that_is_there_is_its_readers() {
        for shard in Shard::all(8) {
            let mut others = OtherIds::of(shard);
            if shard.has("a") {
                others.add("a", row(2, true));
            }
            let others = Arc::new(others);
            let reader = AnsweredIds::new([Arc::from("a")].into_iter(), Arc::clone(&others), true);
            let another = AnsweredIds::new(std::iter::empty(), others, true);
            assert!(reader.has("a") && !another.has("a"), "{shard}");
        }
    }
}
