//! Glyphs placed by a shaper, for text where a character is not exactly one glyph.
//!
//! [`super::text::FontSet::runs`] returns either characters, which a bundled font draws one by one,
//! or a [`GlyphRun`]. A run has glyphs of one font from left to right, and their text in reading
//! order. Every glyph refers to its part of the text, so that readers of the PDF can find, copy and
//! read the text aloud. Shaping (ligatures, marks, right to left) only creates runs; later steps do
//! not depend on scripts.

use std::ops::Range;

/// Glyphs of one font beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GlyphRun {
    /// The index of the font in the font set.
    pub(super) face: usize,
    /// From left to right.
    pub(super) glyphs: Vec<Glyph>,
    /// Their text in reading order.
    pub(super) text: String,
}

/// One glyph and its position. Lengths are in thousandths of an em.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// Its index in the font file.
    pub(super) id: u16,
    /// The advance to the right.
    pub(super) advance: i32,
    /// The offset to the right and up, which does not move the pen.
    pub(super) offset: [i32; 2],
    /// Its bytes in the run's text. Glyphs of one cluster are neighbours and have the same range.
    pub(super) cluster: Range<usize>,
}

impl GlyphRun {
    pub(super) const fn new(face: usize) -> Self {
        Self { face, glyphs: Vec::new(), text: String::new() }
    }

    /// Adds a character with its own glyph.
    pub(super) fn push(&mut self, character: char, id: u16, advance: i32) {
        let start = self.text.len();
        self.text.push(character);
        self.glyphs.push(Glyph { id, advance, offset: [0; 2], cluster: start..self.text.len() });
    }

    /// The advance of the run, in thousandths of an em.
    pub(super) fn advance(&self) -> i32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }

    /// The clusters of glyphs, each with its text.
    pub(super) fn clusters(&self) -> impl Iterator<Item = (&[Glyph], &str)> {
        let clusters = self.glyphs.chunk_by(|left, right| left.cluster == right.cluster);
        clusters.map(|glyphs| (glyphs, self.text.get(glyphs[0].cluster.clone()).unwrap_or("")))
    }
}
