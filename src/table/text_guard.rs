//! Texts in cells of published tables, guarded from spreadsheets that would take them for formulas.

use std::borrow::Cow;

/// A text as a cell that no spreadsheet evaluates: one that begins like a formula gets an
/// apostrophe in front, which spreadsheets take as "this is text".
pub(crate) fn text_cell(text: &str) -> Cow<'_, str> {
    if is_guarded(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell that [`text_cell`] made.
pub(crate) fn plain_text(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_guarded(text) => text,
        _ => cell,
    }
}

/// Whether a text begins like a formula, or with the apostrophe that would be taken for a guard.
pub(crate) fn is_guarded(text: &str) -> bool {
    // Nearly all do not.
    let is_plain = text.bytes().next().is_none_or(|first| first.is_ascii_alphanumeric());
    !is_plain
        && text.starts_with(|c: char| matches!(c, '=' | '+' | '-' | '@' | '\'') || c.is_control())
}

#[cfg(test)]
mod tests {
    #[test]
    fn example_of_text_cell() {
        use crate::table::text_cell;
        assert_eq!(text_cell("=1+1"), "'=1+1");
        assert_eq!(text_cell("Ólafur"), "Ólafur");
    }

    #[test]
    fn example_of_plain_text() {
        use crate::table::{plain_text, text_cell};
        for text in ["=1+1", "'quoted'", "Ólafur", "-5"] {
            assert_eq!(plain_text(&text_cell(text)), text);
        }
    }
}
