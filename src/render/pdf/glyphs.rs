//! Glyphs as a shaper places them: what a font draws where one character is not one glyph.
//!
//! [`super::text::TypeCase::runs`] yields either characters, which a bundled font draws one by one, or
//! a [`GlyphRun`]: glyphs of one font from left to right as they are drawn, with the text they stand
//! for. The text is kept in the order of reading; every glyph names its part of it, so that a
//! reader of the PDF finds, copies and reads aloud the text and not the shapes. Whoever shapes
//! (ligatures, marks, right to left) has only to make runs; nothing after it asks about scripts.

use std::ops::Range;

/// Glyphs of one font beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GlyphRun {
    /// Index of the font in the type case.
    pub(super) face: usize,
    /// From left to right.
    pub(super) glyphs: Vec<Glyph>,
    /// What they stand for, in the order of reading.
    pub(super) text: String,
}

/// One glyph and where it stands. Lengths are in thousandths of an em.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// Its index in the font file.
    pub(super) id: u16,
    /// How far it moves the pen to the right.
    pub(super) advance: i32,
    /// How far it is drawn to the right of the pen and above it; the pen does not move.
    pub(super) offset: [i32; 2],
    /// The bytes of the run's text that it stands for. Glyphs that stand for one cluster together
    /// are neighbours and have the same range.
    pub(super) cluster: Range<usize>,
}

impl GlyphRun {
    /// An empty run.
    pub(super) const fn new(face: usize) -> Self {
        Self { face, glyphs: Vec::new(), text: String::new() }
    }

    /// Adds a character for which the font has a glyph of its own.
    pub(super) fn push(&mut self, character: char, id: u16, advance: i32) {
        let start = self.text.len();
        self.text.push(character);
        self.glyphs.push(Glyph { id, advance, offset: [0; 2], cluster: start..self.text.len() });
    }

    /// How far the pen moves, in thousandths of an em.
    pub(super) fn advance(&self) -> i32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }

    /// The glyphs by what they stand for together, each with that text.
    pub(super) fn clusters(&self) -> impl Iterator<Item = (&[Glyph], &str)> {
        let clusters = self.glyphs.chunk_by(|left, right| left.cluster == right.cluster);
        clusters.map(|glyphs| (glyphs, self.text.get(glyphs[0].cluster.clone()).unwrap_or("")))
    }
}
