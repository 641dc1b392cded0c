//! A table of the widths of ordinary characters. Most texts have only these, and are measured more
//! often than drawn.
//!
//! A character is ordinary if the bundled font of its weight draws it unchanged: no blank but the
//! space, nothing invisible, nothing to shape. All others are left to [`super::text::FontSet`],
//! which has the further fonts.

use super::characters::{NO_BREAK_SPACE, is_invisible, is_plain_character, shown};
use super::font::Typeface;

/// The widths of one bundled font.
pub(super) struct Widths {
    /// By character, in thousandths of an em.
    thousandths: Vec<u16>,
}

/// The width of other characters; no real width is as large.
const UNKNOWN: u16 = u16::MAX;

impl Widths {
    /// Looks up the first characters of Unicode.
    pub(super) fn new(face: &Typeface) -> Self {
        let width = |character| {
            let drawn = if character == NO_BREAK_SPACE { ' ' } else { character };
            let is_ordinary = shown(character) == character
                && is_plain_character(character)
                && !is_invisible(character)
                && face.covers(drawn);
            if is_ordinary { face.advance(drawn) } else { UNKNOWN }
        };
        Self { thousandths: ('\0'..'\u{2220}').map(width).collect() }
    }

    /// The width of a text in thousandths of an em; `None` if any character is not ordinary.
    pub(super) fn of(&self, text: &str) -> Option<u32> {
        text.chars().try_fold(0_u32, |sum, it| sum.checked_add(self.of_character(it)?))
    }

    /// The width of a character, if it is ordinary.
    pub(super) fn of_character(&self, character: char) -> Option<u32> {
        let width = self.thousandths.get(character as usize).copied().unwrap_or(UNKNOWN);
        (width != UNKNOWN).then_some(width.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::renderer::REGULAR;

    #[test]
    fn ordinary_texts_are_as_wide_as_their_glyphs() {
        let face = Typeface::parse(REGULAR).expect("the bundled font");
        let widths = Widths::new(&face);
        for text in ["Größe 3 × 20.00", "Łódź", "Київ", ""] {
            let glyphs = text.chars().map(|it| u32::from(face.advance(it))).sum();
            assert_eq!(widths.of(text), Some(glyphs), "{text}");
        }
        assert_eq!(widths.of("a\u{a0}b"), widths.of("a b"));
    }

    #[test]
    fn what_is_not_drawn_as_it_is_is_left_to_others() {
        let widths = Widths::new(&Typeface::parse(REGULAR).expect("the bundled font"));
        for text in ["a\tb", "a\u{ad}b", "e\u{301}", "語", "א", "\u{200b}"] {
            assert_eq!(widths.of(text), None, "{text:?}");
        }
    }
}
