//! Text as it is drawn: runs of one font.

use crate::render::pdf::glyphs::GlyphRun;
/// A part of a text in one font.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Characters of a bundled font that is embedded by groups; each is one glyph.
    Characters {
        /// [`Weight::face`](super::weight::Weight::face).
        face: usize,
        text: String,
    },
    /// Glyphs of any font, placed one by one.
    Glyphs(GlyphRun),
}

/// A text that is not plain, shaped for drawing.
pub(super) struct Shaped {
    /// From left to right.
    pub(super) runs: Vec<Run>,
    /// The width for a size of 1.
    pub(super) ems: f32,
    /// The characters for which their font claims a glyph but has none.
    pub(super) undrawn: Vec<char>,
}
