//! Writes an input folder for an existing company: settings with every key, and tables that have
//! only the headers that the readers know.

use std::path::Path;

use crate::config::{FILE_NAME, NOBODY, SCHEMA_FILE, schema_text, template};
use crate::input;
use crate::locale::Locale;
use crate::publish::{NewInput, NewInputError};

/// Writes the folder for the language `locale`, and returns the names of its files.
///
/// # Errors
/// The folder already holds an input, or cannot be written. Nothing is left in it then.
pub(crate) fn write_empty(
    to: &Path,
    locale: Option<Locale>,
) -> Result<Vec<&'static str>, NewInputError> {
    let folder = NewInput::claim(to)?;
    folder.write(FILE_NAME, &template(NOBODY, locale))?;
    folder.write(SCHEMA_FILE, &schema_text())?;
    let mut names = vec![FILE_NAME, SCHEMA_FILE];
    for (name, columns) in input::tables() {
        let header: Vec<&str> = columns.iter().map(|column| column.name).collect();
        folder.write(name, &(header.join(",") + "\n"))?;
        names.push(name);
    }
    folder.keep();
    Ok(names)
}
