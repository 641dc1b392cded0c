//! Guards texts in published tables, so that spreadsheets do not evaluate them as formulas.

use std::borrow::Cow;

/// The cell for a text. A text that begins like a formula gets an apostrophe in front, which
/// spreadsheets read as "this is text".
pub(crate) fn text_cell(text: &str) -> Cow<'_, str> {
    if is_guarded(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell made by [`text_cell`].
pub(crate) fn plain_text(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_guarded(text) => text,
        _ => cell,
    }
}

/// Whether a text begins like a formula, or with an apostrophe that would look like a guard.
pub(crate) fn is_guarded(text: &str) -> bool {
    // Fast path for nearly all texts.
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
