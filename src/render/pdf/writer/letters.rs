//! The codes of the characters of a bundled font.

use std::collections::BTreeMap;

use super::groups::Groups;
use super::objects::write_escaped;
use super::subset::Subset;
use crate::render::pdf::characters::NO_BREAK_SPACE;
use crate::render::pdf::font::Typeface;

/// Drawn for a character that no font has.
const REPLACEMENT: char = '\u{fffd}';

/// Single glyphs of a font, with their texts.
pub(crate) type Glyphs = BTreeMap<u16, String>;

/// The codes of a bundled font's characters, as bytes of a string.
#[derive(Debug)]
pub(crate) struct Letters {
    /// Codes by character, up to the last one in a group.
    codes: Vec<Code>,
    replacement: Code,
}

/// A code, escaped so that its bytes do not end the string.
#[derive(Clone, Copy, Debug)]
struct Code {
    bytes: [u8; 4],
    length: u8,
}

impl Code {
    fn new(code: u16) -> Self {
        let mut escaped = Vec::with_capacity(4);
        write_escaped(&mut escaped, &code.to_be_bytes());
        let mut bytes = [0; 4];
        bytes[..escaped.len()].copy_from_slice(&escaped);
        Self { bytes, length: u8::try_from(escaped.len()).expect("two bytes are at most four") }
    }
}

impl Letters {
    /// The glyphs of some groups, with their characters. If two characters share a glyph, the later
    /// one counts, because it is the letter and not the sign.
    pub(crate) fn glyphs(face: &Typeface, groups: Groups) -> Glyphs {
        groups.characters().map(|it| (face.glyph(it), it.to_string())).collect()
    }

    /// The codes in a subset of these groups.
    pub(crate) fn new(face: &Typeface, groups: Groups, subset: &Subset) -> Self {
        let code = |character| Code::new(subset.code(face.glyph(character)));
        let mut codes = vec![Code::new(0); NO_BREAK_SPACE as usize + 1];
        for character in groups.characters().filter(|&it| it != REPLACEMENT) {
            let place = character as usize;
            codes.resize(codes.len().max(place + 1), Code::new(0));
            codes[place] = code(character);
        }
        codes[NO_BREAK_SPACE as usize] = code(' ');
        Self { codes, replacement: code(REPLACEMENT) }
    }

    /// Writes the codes of a text.
    pub(crate) fn write(&self, out: &mut Vec<u8>, text: &str) {
        out.reserve(text.len() * 2);
        for character in text.chars() {
            let code = self.codes.get(character as usize).unwrap_or(&self.replacement);
            match code {
                Code { bytes: [high, low, ..], length: 2 } => {
                    out.extend_from_slice(&[*high, *low]);
                }
                Code { bytes, length } => {
                    out.extend_from_slice(&bytes[..usize::from(*length)]);
                }
            }
        }
    }
}
