//! Finds the line of a key in `billing.toml`, for problems that only the readers of tables can find.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{FILE_NAME, MOST_MIB};
use crate::files;

/// The line of a key, by its path from the top; that of the last part that has one. `None` if the file
/// cannot be read.
pub(crate) fn line_of_key(input: &Path, path: &[&str]) -> Option<u64> {
    let bytes = files::read(&input.join(FILE_NAME), MOST_MIB).ok()?;
    let text = str::from_utf8(&bytes).ok()?;
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut line = None;
    for part in path {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == part) else { break };
        let start = key.span().start;
        line = Some(1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..start]).count());
        let DeValue::Table(inner) = value.get_ref() else { break };
        table = inner;
    }
    line.map(|line| line as u64)
}
