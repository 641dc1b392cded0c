//! Replaces the words of a file by those that billing.toml says they mean, before anything looks at
//! them.

use std::collections::HashMap;

use super::column::TableSpec;
use super::form::stem;
use super::record::Record;

/// The words of a file, with those here.
type Meanings = HashMap<Vec<u8>, Vec<u8>>;

/// The words to replace.
#[derive(Debug, Default)]
pub(crate) struct WordList {
    /// By position in a record.
    columns: Vec<(usize, Meanings)>,
}

impl WordList {
    /// The words of a table, given the position of each column.
    pub(crate) fn of(sheet: TableSpec<'_>, places: &[(&'static str, Option<usize>)]) -> Self {
        if !sheet.origin.is_file() || sheet.settings.values.is_empty() {
            return Self::default();
        }
        let words = |column| {
            let words = sheet.settings.words_of(stem(sheet.name), column).into_iter();
            words.map(|(theirs, ours)| (theirs.into(), ours.into())).collect::<Meanings>()
        };
        let columns = places.iter().filter_map(|(column, place)| Some(((*place)?, words(column))));
        Self { columns: columns.filter(|(_, words)| !words.is_empty()).collect() }
    }

    pub(crate) fn replace(&self, record: &mut Record<'_>) {
        for (place, words) in &self.columns {
            if let Some(word) = record.get(*place).and_then(|word| words.get(word)) {
                record.replace(*place, word);
            }
        }
    }
}
