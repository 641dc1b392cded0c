//! Text in several fonts: the font of each part, its width, and its line breaks.
//!
//! Any string is accepted. Blanks and control characters become spaces, and invisible format
//! characters are dropped. A character that no font has is drawn as U+FFFD and reported. Text where
//! a character is not exactly one glyph is left to [`super::shaping`]. No wrapped line is wider
//! than allowed, unless a single character is.

use std::convert::Infallible;
use std::sync::Arc;

use super::breaking::break_before;
use super::cache::Cache;
use super::characters::NO_BREAK_SPACE;
use super::characters::is_plain;
use super::font::Typeface;
use super::glyphs::GlyphRun;
use super::run::Run;
use super::run::Shaped;
use super::scripts::ScriptFonts;
use super::weight::Weight;
use super::widths::Widths;
use crate::render::pdf::characters::{REPLACEMENT, is_invisible, shown};
use crate::render::pdf::writer::groups::Groups;

/// All fonts of a run: regular, semi-bold, the extra fonts in order of preference, then the bundled
/// fonts of further scripts.
pub(super) struct FontSet {
    faces: Vec<Typeface>,
    scripts: ScriptFonts,
    /// The widths of the bundled fonts.
    widths: [Widths; 2],
    /// Shaped texts by weight. A text is measured, wrapped, checked and drawn, and many customers
    /// share a city or a part of a name.
    shaped: [Cache<String, Shaped>; 2],
}

/// How many shaped texts of each weight are cached: a few megabytes at most.
const MOST_SHAPED: usize = 2048;

impl FontSet {
    pub(super) fn new(regular: Typeface, semi_bold: Typeface, extra: Vec<Typeface>) -> Self {
        let widths = [Widths::new(&regular), Widths::new(&semi_bold)];
        let mut faces = vec![regular, semi_bold];
        faces.extend(extra);
        let shaped = std::array::from_fn(|_| Cache::new(MOST_SHAPED));
        Self { faces, scripts: ScriptFonts::default(), widths, shaped }
    }

    pub(super) fn face(&self, index: usize) -> &Typeface {
        match index.checked_sub(self.faces.len()) {
            None => &self.faces[index],
            Some(place) => self.scripts.face(place),
        }
    }

    /// The text from left to right, split where the font changes.
    pub(super) fn runs(&self, weight: Weight, text: &str) -> Vec<Run> {
        if is_plain(text) {
            self.plain_runs(weight, text)
        } else {
            self.shaped(weight, text).runs.clone()
        }
    }

    /// A text that is not plain, shaped.
    fn shaped(&self, weight: Weight, text: &str) -> Arc<Shaped> {
        let new = || Ok::<_, Infallible>(self.shape_text(weight, &spaced(text)));
        match self.shaped[weight.face()].get(text, new) {
            Ok(shaped) => shaped,
            Err(never) => match never {},
        }
    }

    /// The runs of a text whose characters are one glyph each.
    pub(super) fn plain_runs(&self, weight: Weight, text: &str) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for character in printable(text) {
            let (face, drawn) = self.drawn(weight, character);
            let is_in_a_group = face == weight.face() && Groups::of(drawn).is_some();
            match (runs.last_mut(), is_in_a_group) {
                (Some(Run::Characters { text, .. }), true) => text.push(drawn),
                (_, true) => runs.push(Run::Characters { face, text: drawn.into() }),
                (Some(Run::Glyphs(run)), false) if run.face == face => self.push(run, drawn),
                (_, false) => {
                    let mut run = GlyphRun::new(face);
                    self.push(&mut run, drawn);
                    runs.push(Run::Glyphs(run));
                }
            }
        }
        runs
    }

    fn push(&self, run: &mut GlyphRun, character: char) {
        let face = self.face(run.face);
        let glyph = face.glyph(character);
        run.push(character, glyph, face.glyph_advance(glyph));
    }

    /// The characters of a text that no font has.
    pub(super) fn missing<'t>(&'t self, text: &'t str) -> impl Iterator<Item = char> + 't {
        let undrawn = if is_plain(text) {
            Vec::new()
        } else {
            self.shaped(Weight::Regular, text).undrawn.clone()
        };
        let unknown = |&character: &char| self.covering(Weight::Regular, character).is_none();
        printable(text).filter(unknown).chain(undrawn)
    }

    /// The width of a text on one line, in the unit of `size`.
    pub(super) fn width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        let ordinary = self.widths[weight.face()].of(text);
        ordinary.map_or_else(
            || self.unusual_width(weight, size, text),
            |thousandths| scaled(thousandths, size),
        )
    }

    fn unusual_width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        if !is_plain(text) {
            return self.shaped(weight, text).ems * size;
        }
        scaled(printable(text).map(|character| self.advance(weight, character)).sum(), size)
    }

    /// Lines no wider than `width`. They break at spaces and between ideographs; a word that is too
    /// long is cut. An empty text has no lines.
    pub(super) fn wrap(&self, weight: Weight, size: f32, text: &str, width: f32) -> Vec<String> {
        let ordinary = self.widths[weight.face()].of(text);
        if ordinary.is_some_and(|thousandths| scaled(thousandths, size) <= width) {
            let line = text.trim_matches(' ');
            return if line.is_empty() { Vec::new() } else { vec![line.to_owned()] };
        }
        if ordinary.is_none() && !is_plain(text) {
            return self.wrap_shaped((weight, size), &spaced(text), width);
        }
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut used = 0;
        for character in printable(text) {
            let advance = self.advance(weight, character);
            while scaled(used + advance, size) > width && !line.is_empty() {
                let rest = line.split_off(break_before(&line, character));
                lines.push(line.trim_end().to_owned());
                used = rest.chars().map(|character| self.advance(weight, character)).sum();
                line = rest;
            }
            if character != ' ' || !line.is_empty() {
                line.push(character);
                used += advance;
            }
        }
        lines.push(line.trim_end().to_owned());
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// The text, or the part of its beginning that fits with an ellipsis.
    pub(super) fn fit(&self, weight: Weight, size: f32, text: &str, width: f32) -> String {
        if self.width(weight, size, text) <= width {
            return text.to_owned();
        }
        let room = width - scaled(self.advance(weight, '…'), size);
        let lines = self.wrap(weight, size, text, room);
        lines.first().map_or_else(String::new, |line| format!("{line}…"))
    }

    /// The advance of a character, in thousandths of an em.
    fn advance(&self, weight: Weight, character: char) -> u32 {
        self.widths[weight.face()].of_character(character).unwrap_or_else(|| {
            let (face, drawn) = self.drawn(weight, character);
            self.face(face).advance(drawn).into()
        })
    }

    /// The font for a character, and the character to draw.
    pub(super) fn drawn(&self, weight: Weight, character: char) -> (usize, char) {
        // A no-break space is drawn as a space.
        let character = if character == NO_BREAK_SPACE { ' ' } else { character };
        match self.covering(weight, character) {
            Some(face) => (face, character),
            None => self.covering(weight, REPLACEMENT).map_or((0, '?'), |face| (face, REPLACEMENT)),
        }
    }

    /// Whether letters of a font must be thickened for a weight, because the font lacks it.
    pub(super) fn is_too_thin(&self, face: usize, weight: Weight) -> bool {
        weight == Weight::SemiBold
            && (BUNDLED..self.faces.len()).contains(&face)
            && !self.has_weight(face, weight)
    }

    fn has_weight(&self, face: usize, weight: Weight) -> bool {
        self.faces[face].shaper().is_bold() == (weight == Weight::SemiBold)
    }

    fn covering(&self, weight: Weight, character: char) -> Option<usize> {
        let covers = |face: &usize| self.faces[*face].covers(character);
        let own = Some(weight.face()).filter(covers);
        let extra = || {
            let mut covering = (BUNDLED..self.faces.len()).filter(covers);
            let first = covering.next()?;
            let mut all = [first].into_iter().chain(covering);
            Some(all.find(|face| self.has_weight(*face, weight)).unwrap_or(first))
        };
        own.or_else(extra).or_else(|| {
            let place = self.scripts.covering(weight, character)?;
            Some(self.faces.len() + place)
        })
    }
}

/// The number of bundled fonts before the extra ones.
const BUNDLED: usize = 2;

/// Thousandths of an em at a size.
fn scaled(thousandths: u32, size: f32) -> f32 {
    // Exact up to sixteen thousand ems.
    #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
    let thousandths = thousandths as f32;
    thousandths / 1000.0 * size
}

/// The characters to draw: blanks as spaces, without invisible ones.
fn printable(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(shown).filter(|&character| !is_invisible(character))
}

fn spaced(text: &str) -> String {
    text.chars().map(shown).collect()
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
