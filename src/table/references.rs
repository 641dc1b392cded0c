//! Resolves references to rows of another file.

use std::hint::black_box;

use super::damage::{AS_TEXT, SHORTENED_RULE, is_shortened};
use super::header::Header;
use super::index::Index;
use super::record::Record;
use super::row::{Reported, Row};

impl Index {
    /// The index of the row that a field names.
    pub(crate) fn find(&self, row: &mut Row<'_>, column: &'static str) -> Result<usize, Reported> {
        let id = row.required(column)?;
        match self.place(id) {
            Some(place) if !self.is_broken(id) => Ok(place),
            _ if self.explains_absence(id) => Err(Reported),
            _ if is_shortened(id) => Err(row.report(column, id, SHORTENED_RULE, AS_TEXT)),
            _ => Err(row.report_unknown(column, id, self)),
        }
    }

    /// Prefetches the rows that some records name in a column, one step for all records at a time;
    /// then calls `look` with the guessed places.
    pub(crate) fn look_ahead<V>(
        &self,
        (header, records): (&Header, &[Record<'_>]),
        column: &'static str,
        look: impl Fn(usize) -> V,
    ) {
        let Some((_, column)) = header.place(column, 0) else { return };
        let ids = records.iter().filter_map(|record| record.clean(column));
        for place in self.guesses(ids) {
            black_box(look(place));
        }
    }
}
