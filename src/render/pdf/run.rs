//! Text as it is drawn: runs of one font.

use crate::render::pdf::glyphs::GlyphRun;
/// A stretch of text that one font draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Characters of a bundled font that are embedded by groups: each is one glyph.
    Characters {
        /// [`Weight::face`].
        face: usize,
        text: String,
    },
    /// Glyphs of any font, placed one by one.
    Glyphs(GlyphRun),
}

/// A text that is not plain, as it is drawn.
pub(super) struct Shaped {
    /// From left to right.
    pub(super) runs: Vec<Run>,
    /// How wide they are, for a size of 1.
    pub(super) ems: f32,
    /// The characters for which their font has no glyph although it says so.
    pub(super) undrawn: Vec<char>,
}
