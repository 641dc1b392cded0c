//! Shapes text with one font. Font tables and shaping plans are cached, because both take many
//! times as long as shaping a name.

use std::convert::Infallible;

use rustybuzz::{Direction, Face, GlyphBuffer, Script, ShapePlan, UnicodeBuffer};

use super::cache::Cache;

/// There are fewer scripts.
const MOST_PLANS: usize = 512;

/// A font, ready to shape.
pub(super) struct Shaper {
    face: Face<'static>,
    plans: Cache<(Script, bool), ShapePlan>,
}

impl Shaper {
    /// Reads TrueType or OpenType; `None` if it is neither.
    pub(super) fn parse(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { face: Face::from_slice(bytes, 0)?, plans: Cache::new(MOST_PLANS) })
    }

    /// Whether glyphs are outlines. Bitmap fonts, such as emoji, would print nothing.
    pub(super) fn has_outlines(&self) -> bool {
        let tables = self.face.tables();
        tables.glyf.is_some() || tables.cff.is_some()
    }

    /// Whether it is semi-bold or bolder.
    pub(super) fn is_bold(&self) -> bool {
        self.face.weight().to_number() >= 600
    }

    /// The units per em of the font.
    pub(super) fn units_per_em(&self) -> i32 {
        self.face.units_per_em()
    }

    /// The glyphs of a text in one script, read from right to left if `is_reversed`.
    pub(super) fn shape(&self, text: &str, is_reversed: bool) -> GlyphBuffer {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let direction = if is_reversed { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        let script = buffer.script();
        let known = Some(script).filter(|script| *script != rustybuzz::script::UNKNOWN);
        let plan = || ShapePlan::new(&self.face, direction, known, None, &[]);
        let plan = self.plans.get(&(script, is_reversed), || Ok::<_, Infallible>(plan()));
        match plan {
            Ok(plan) => rustybuzz::shape_with_plan(&self.face, &plan, buffer),
            Err(never) => match never {},
        }
    }
}
