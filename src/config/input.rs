//! The `[input]` table: exceptions from the checks of the input folder.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::invalid::Invalid;

/// Exceptions from the checks of the input files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct InputSettings {
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
        Self { literal: Vec::new(), ignore: BTreeMap::new(), max_table_mib: 4096 }
    }
}

impl InputSettings {
    /// Whether the values of a column are taken literally.
    pub(crate) fn is_literal(&self, table: &str, column: &str) -> bool {
        let is_it = |name: &String| name.split_once('.') == Some((table, column));
        self.literal.iter().any(is_it)
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
