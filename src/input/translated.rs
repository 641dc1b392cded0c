//! Columns with a text in the languages of documents: `name_de`, `note_fr`.

use crate::model::Translated;
use crate::table::{Reported, Row};

/// The languages of documents with a column each.
pub(crate) type LanguageColumns = [(&'static str, &'static str); 9];

macro_rules! columns {
    ($base:literal) => {
        [
            ("de", concat!($base, "_de")),
            ("en", concat!($base, "_en")),
            ("es", concat!($base, "_es")),
            ("fr", concat!($base, "_fr")),
            ("it", concat!($base, "_it")),
            ("ja", concat!($base, "_ja")),
            ("nl", concat!($base, "_nl")),
            ("pl", concat!($base, "_pl")),
            ("pt", concat!($base, "_pt")),
        ]
    };
}

/// The columns of the names of discounts.
pub(crate) static NAMES: LanguageColumns = columns!("name");
/// The columns of the notes of tax rates.
pub(crate) static NOTES: LanguageColumns = columns!("note");
/// The columns of the notices of price changes.
pub(crate) static NOTICES: LanguageColumns = columns!("notice");

/// Reads the columns.
pub(super) fn parse(row: &mut Row<'_>, columns: &LanguageColumns) -> Result<Translated, Reported> {
    let mut texts = Vec::new();
    for (language, column) in columns {
        let text = row.text(column)?;
        if !text.is_empty() {
            texts.push((*language, text.into()));
        }
    }
    Ok(Translated::new(texts.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{discounts, price_changes, tax_rates};
    use crate::locale::Locale;

    #[test]
    fn every_language_of_documents_has_its_columns() {
        let languages: Vec<&str> = Locale::known_tags().filter(|tag| !tag.contains('-')).collect();
        for columns in [&NAMES, &NOTES, &NOTICES] {
            assert_eq!(columns.map(|(language, _)| language).to_vec(), languages);
        }
        let has = |columns: &[crate::table::Column], name: &str| {
            columns.iter().any(|column| column.name == name && !column.required)
        };
        assert!(NAMES.iter().all(|(_, name)| has(&discounts::COLUMNS, name)));
        assert!(NOTES.iter().all(|(_, name)| has(&tax_rates::COLUMNS, name)));
        assert!(NOTICES.iter().all(|(_, name)| has(&price_changes::COLUMNS, name)));
    }
}
