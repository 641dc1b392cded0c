//! An input folder for a company that exists: its settings with every key, and tables that have
//! nothing but headers, which are those that the readers know.

use std::path::Path;

use crate::config::{FILE_NAME, NOBODY, SCHEMA_FILE, schema_text, template};
use crate::input;
use crate::locale::Locale;
use crate::publish::{NewInput, NewInputError};

/// Writes the folder, with documents in `locale`, and returns the names of the files in it.
///
/// # Errors
/// The folder holds an input already, or cannot be written to; nothing is left in it then.
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
