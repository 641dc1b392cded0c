//! Shapes text of scripts in which a character is not exactly one glyph, or that read from right to
//! left.
//!
//! It returns runs from left to right. The order follows the Unicode bidirectional algorithm (UAX
//! 9), and `HarfBuzz` chooses the glyphs. Plain parts, such as numbers in an Arabic sentence, are
//! drawn as plain text, so that digits look the same everywhere on a page.

use std::borrow::Cow;
use std::ops::Range;

use unicode_bidi::{BidiInfo, Level};
use unicode_bidi_mirroring::get_mirrored;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};
use unicode_script::{Script, UnicodeScript as _};

use super::breaking::may_break;
use super::glyphs::{Glyph, GlyphRun};
use super::run::Run;
use super::run::Shaped;
use super::text::FontSet;
use super::weight::Weight;
use crate::render::pdf::characters::is_plain;

/// Marks that keep the direction of a line that begins in the other one.
const MARKS: [char; 2] = ['\u{200e}', '\u{200f}'];

/// A part of a text in one font and one direction.
struct Item {
    face: usize,
    script: Script,
    text: String,
    is_reversed: bool,
}

impl Item {
    /// A plain text in visual order: spaces and brackets between reversed words are reversed too.
    fn seen(&self) -> Cow<'_, str> {
        if !self.is_reversed {
            return Cow::Borrowed(&self.text);
        }
        let mirrored = |character| get_mirrored(character).unwrap_or(character);
        Cow::Owned(self.text.chars().rev().map(mirrored).collect())
    }
}

impl FontSet {
    /// Shapes a text.
    pub(super) fn shape_text(&self, weight: Weight, text: &str) -> Shaped {
        let runs = self.shaped_runs(weight, text);
        let width = |run: &Run| match run {
            Run::Characters { text, .. } => self.width(weight, 1.0, text),
            Run::Glyphs(run) => ems(run.advance()),
        };
        Shaped { ems: runs.iter().map(width).sum(), undrawn: undrawn(&runs), runs }
    }

    fn shaped_runs(&self, weight: Weight, text: &str) -> Vec<Run> {
        let mut runs = Vec::new();
        for item in self.items(weight, text) {
            if is_plain(&item.text) {
                runs.append(&mut self.plain_runs(weight, &item.seen()));
            } else {
                runs.push(Run::Glyphs(self.shape(&item)));
            }
        }
        runs
    }

    /// Wraps a text that is not plain. A line that would otherwise get the wrong direction begins
    /// with a mark.
    pub(super) fn wrap_shaped(
        &self,
        (weight, size): (Weight, f32),
        text: &str,
        width: f32,
    ) -> Vec<String> {
        let whole = text.trim();
        if self.width(weight, size, whole) <= width {
            return if whole.is_empty() { Vec::new() } else { vec![whole.to_owned()] };
        }
        let level = base_level(text);
        let fits = |line: &str| self.width(weight, size, line.trim_end()) <= width;
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for piece in pieces(text, may_break) {
            if !fits(&format!("{line}{piece}")) && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if fits(piece) {
                line.push_str(if line.is_empty() { piece.trim_start() } else { piece });
                continue;
            }
            // A word that is too long is cut, but never before a mark.
            for part in pieces(piece, |_, after| !is_attached(after)) {
                if !fits(&format!("{line}{part}")) && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(part);
            }
        }
        lines.push(line);
        let lines = lines.iter().map(|line| line.trim_end()).filter(|line| !line.is_empty());
        lines.map(|line| directed(line, level)).collect()
    }

    /// The parts of a text from left to right.
    fn items(&self, weight: Weight, text: &str) -> Vec<Item> {
        let bidi = BidiInfo::new(text, None);
        let mut items = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for range in ranges {
                let is_reversed = levels[range.start].is_rtl();
                let mut own = self.itemised(weight, &text[range], is_reversed);
                if is_reversed {
                    own.reverse();
                }
                items.append(&mut own);
            }
        }
        items
    }

    /// A part in one direction, split where the font or script changes.
    fn itemised(&self, weight: Weight, text: &str, is_reversed: bool) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for character in text.chars().filter(|character| !is_direction(*character)) {
            let script = character.script();
            let is_shared = matches!(script, Script::Common | Script::Inherited);
            if let Some(item) = items.last_mut()
                && (is_shared || item.script == script || item.script == Script::Common)
                && self.goes_on(weight, item, character)
            {
                item.text.push(character);
                if item.script == Script::Common {
                    item.script = if is_shared { Script::Common } else { script };
                }
                continue;
            }
            let (face, drawn) = self.drawn(weight, character);
            items.push(Item { face, script, text: drawn.into(), is_reversed });
        }
        items
    }

    /// Whether the font of a part also draws the next character. Invisible characters, and marks
    /// that no font has, stay with the character before.
    fn goes_on(&self, weight: Weight, item: &Item, character: char) -> bool {
        let own = self.drawn(weight, character);
        let is_known = self.face(item.face).covers(character);
        if is_attached(character) {
            return is_known || own.1 != character || is_joiner(character);
        }
        let is_plain_part = !item.is_reversed && is_plain(&item.text);
        own == (item.face, character) || character == ' ' && is_known && !is_plain_part
    }

    fn shape(&self, item: &Item) -> GlyphRun {
        let typeface = self.face(item.face);
        let shaped = typeface.shaper().shape(&item.text, item.is_reversed);
        let starts: Vec<usize> =
            shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let em = typeface.shaper().units_per_em();
        let placed = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).zip(&starts);
        let glyphs = placed.map(|((info, position), &start)| Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: thousandths(position.x_advance, em),
            offset: [position.x_offset, position.y_offset].map(|units| thousandths(units, em)),
            cluster: cluster(start, &starts, item.text.len()),
        });
        let glyphs: Vec<Glyph> = glyphs.collect();
        let clusters = glyphs.chunk_by(|left, right| left.cluster == right.cluster);
        let glyphs = clusters.flat_map(|cluster| framed(cluster, typeface.glyph(' '))).collect();
        GlyphRun { face: item.face, glyphs, text: item.text.clone() }
    }
}

/// The characters drawn as glyph 0.
fn undrawn(runs: &[Run]) -> Vec<char> {
    let shaped = runs.iter().filter_map(|run| match run {
        Run::Characters { .. } => None,
        Run::Glyphs(run) => Some(run),
    });
    let clusters = shaped.flat_map(GlyphRun::clusters);
    let undrawn = clusters.filter(|(glyphs, _)| glyphs.iter().any(|glyph| glyph.id == 0));
    undrawn.flat_map(|(_, text)| text.chars()).collect()
}

/// Reorders a cluster so that its first glyph is at its start and its last glyph at its end. PDF
/// readers take the range between them as its place, and a gap before the next cluster as a space.
/// A mark comes first in right-to-left text and last in other text. A blank before it and its
/// letter after it complete the cluster.
fn framed(cluster: &[Glyph], blank: u16) -> Vec<Glyph> {
    if cluster.len() < 2 {
        return cluster.to_vec();
    }
    let mut pen = 0;
    let placed = cluster.iter().map(|glyph| {
        let right = glyph.offset[0] + pen;
        pen += glyph.advance;
        (pen, Glyph { advance: 0, offset: [right, glyph.offset[1]], ..glyph.clone() })
    });
    let placed: Vec<(i32, Glyph)> = placed.collect();
    // The last letter that the pen has passed.
    let last = (1..placed.len()).rev().find(|place| placed[*place].0 > placed[*place - 1].0);
    let last = last.unwrap_or(0);
    let mut glyphs: Vec<Glyph> = placed.into_iter().map(|(_, glyph)| glyph).collect();
    let letter = Glyph { advance: pen, ..glyphs.remove(last) };
    glyphs.push(letter);
    if glyphs[0].offset[0] != 0 && blank != 0 {
        let cluster = glyphs[0].cluster.clone();
        glyphs.insert(0, Glyph { id: blank, advance: 0, offset: [0; 2], cluster });
    }
    glyphs
}

/// The range from the start of a cluster to the next one, in reading order.
fn cluster(start: usize, starts: &[usize], end: usize) -> Range<usize> {
    start..starts.iter().copied().filter(|other| *other > start).min().unwrap_or(end)
}

fn thousandths(units: i32, em: i32) -> i32 {
    (units * 1000).div_euclid(em.max(1))
}

fn ems(thousandths: i32) -> f32 {
    f32::from(i16::try_from(thousandths).unwrap_or(i16::MAX)) / 1000.0
}

/// Splits a text at every allowed place, given the characters around it.
fn pieces(text: &str, is_allowed: impl Fn(char, char) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (index, character) in text.char_indices() {
        if before.is_some_and(|before| is_allowed(before, character)) {
            pieces.push(&text[start..index]);
            start = index;
        }
        before = Some(character);
    }
    pieces.push(&text[start..]);
    pieces
}

/// The direction of a text, from its first letter.
fn base_level(text: &str) -> Level {
    let bidi = BidiInfo::new(text, None);
    bidi.paragraphs.first().map_or(Level::ltr(), |paragraph| paragraph.level)
}

/// A line with the direction of its text.
fn directed(line: &str, level: Level) -> String {
    if base_level(line) == level {
        return line.to_owned();
    }
    format!("{}{line}", MARKS[usize::from(level.is_rtl())])
}

/// Invisible characters that control direction.
const fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}')
}

/// Characters that attach to the one before.
fn is_attached(character: char) -> bool {
    is_joiner(character) || character.general_category_group() == GeneralCategoryGroup::Mark
}

/// Invisible characters that join or separate letters, or choose a variant.
const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
#[path = "shaping_tests.rs"]
mod tests;
