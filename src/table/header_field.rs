//! The fields of a header, and the columns that they name.

use super::column::TableSpec;
use super::form::stem;
use super::names::name_flaw;

/// A field of the header.
pub(crate) struct HeaderField {
    /// Its text.
    pub(crate) name: String,
    /// The known column that it names.
    pub(crate) column: Option<&'static str>,
}

impl HeaderField {
    /// The column that a text names, here or in the file.
    pub(crate) fn of(sheet: TableSpec<'_>, text: &[u8]) -> Self {
        let name = String::from_utf8_lossy(text).into_owned();
        let column = match names_there(sheet).find(|(_, theirs)| *theirs == name) {
            Some((ours, _)) => sheet.column(ours),
            None => {
                sheet.column(&name).filter(|it| names_there(sheet).all(|(ours, _)| ours != *it))
            }
        };
        Self { name, column }
    }

    /// Spreadsheets write empty columns after a table.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.name.trim().is_empty()
    }
}

/// The columns that have another name in the file: the name here, and there.
pub(crate) fn names_there(sheet: TableSpec<'_>) -> impl Iterator<Item = (&str, &str)> {
    let names = sheet.settings.columns.get(stem(sheet.name)).filter(|_| sheet.origin.is_file());
    names.into_iter().flat_map(move |names| {
        let pairs = names.iter().map(|(ours, theirs)| (ours.as_str(), theirs.as_str()));
        // The others are reported where they are written.
        pairs.filter(move |pair| name_flaw(sheet.columns, names, *pair).is_none())
    })
}
