//! The `[input]` table: how the input files are written, and exceptions from their checks.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dialect::{DecimalMark, Delimiter, Dialect, OwnDialect, TextEncoding};
use super::invalid::Invalid;

/// How the input files are written, and exceptions from their checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct InputSettings {
    /// What separates the fields of a row. Parquet files have no delimiter, no decimal mark and no
    /// encoding.
    delimiter: Delimiter,
    /// What stands before the decimals of numbers. No mark separates thousands.
    decimal: DecimalMark,
    /// The encoding of the text.
    encoding: TextEncoding,
    /// Tables that are written in another way: for each its own delimiter, decimal and encoding.
    files: BTreeMap<String, OwnDialect>,
    /// Columns that have another name in the file: for each table a list of names here, with the names
    /// there.
    pub(crate) columns: BTreeMap<String, BTreeMap<String, String>>,
    /// Words that have another name in the file: for each column, such as "prices.billing", a list of
    /// words there, with the words here. The words of a whole table, such as "prices", stand for nothing.
    pub(crate) values: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns in which words such as NULL, None and n/a are real values, as "accounts.name". Elsewhere
    /// they are errors, because databases and spreadsheets write them for an empty field.
    pub(crate) literal: Vec<String>,
    /// Columns that are not read and may be there: a list of names for each table. A name that usually
    /// decides a bill needs a mark, such as "!status".
    pub(crate) ignore: BTreeMap<String, Vec<String>>,
    /// The most mebibytes of a table, decompressed and as CSV.
    #[schemars(range(min = 1, max = 1_048_576))]
    pub(crate) max_table_mib: u32,
}

impl Default for InputSettings {
    fn default() -> Self {
        Self {
            delimiter: Delimiter::default(),
            decimal: DecimalMark::default(),
            encoding: TextEncoding::default(),
            files: BTreeMap::new(),
            columns: BTreeMap::new(),
            values: BTreeMap::new(),
            literal: Vec::new(),
            ignore: BTreeMap::new(),
            max_table_mib: 4096,
        }
    }
}

impl InputSettings {
    /// Whether the values of a column are taken literally.
    pub(crate) fn is_literal(&self, table: &str, column: &str) -> bool {
        let is_it = |name: &String| name.split_once('.') == Some((table, column));
        self.literal.iter().any(is_it)
    }

    /// How a table is written.
    pub(crate) fn dialect(&self, table: &str) -> Dialect {
        let Self { delimiter, decimal, encoding, .. } = *self;
        let all = Dialect { delimiter, decimal, encoding };
        self.files.get(table).map_or(all, |own| own.or(all))
    }

    /// The tables that are written in another way.
    pub(crate) fn tables_of_their_own(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The columns of a table that have another name in the file: the name here, and there.
    pub(crate) fn columns_of(&self, table: &str) -> impl Iterator<Item = (&str, &str)> {
        let columns = self.columns.get(table).into_iter().flatten();
        columns.map(|(ours, theirs)| (ours.as_str(), theirs.as_str()))
    }

    /// The words in a column that mean another one: the word in the file, and here.
    pub(crate) fn words_of(&self, table: &str, column: &str) -> BTreeMap<&str, &str> {
        let of = |key: &str| {
            let words = self.values.get(key).into_iter().flatten();
            words.map(|(theirs, ours)| (theirs.as_str(), ours.as_str()))
        };
        // The words of the column go before those of the table.
        of(table).chain(of(&format!("{table}.{column}"))).collect()
    }

    /// The checked settings.
    pub(crate) fn validate(self) -> Result<Self, Invalid> {
        const MOST: u32 = 1 << 20;
        if (1..=MOST).contains(&self.max_table_mib) {
            return Ok(self);
        }
        Err(Invalid {
            key: "input.max_table_mib",
            value: self.max_table_mib.to_string(),
            rule: format!("is not between 1 and {MOST}"),
            hint: "write the most mebibytes that a table may have, such as 4096".to_owned(),
        })
    }

    /// Whether an unknown column is allowed. A column that decides a bill needs the mark.
    pub(crate) fn ignores(&self, table: &str, column: &str, is_decisive: bool) -> bool {
        let names = self.ignore.get(table).into_iter().flatten();
        names.map(String::as_str).any(|name| match name.strip_prefix('!') {
            Some(marked) => marked == column,
            None => name == column && !is_decisive,
        })
    }
}
