//! One font file: its characters and their widths.
//!
//! Widths are those that the PDF declares for the glyphs (whole thousandths of an em), so that
//! measured and displayed text end at the same point. There is no shaping or kerning here: one
//! character is one glyph.

use std::sync::OnceLock;

use printpdf::ParsedFont;

use super::shaper::Shaper;

/// A parsed font that can be embedded.
pub(super) struct Typeface {
    font: ParsedFont,
    shaper: Shaper,
    /// The glyphs of characters, by page of Unicode, looked up on first use. Asking the font each
    /// time would dominate the run time.
    pages: Vec<OnceLock<Box<[u16]>>>,
    /// The advance of each glyph.
    advances: Vec<u16>,
}

/// The characters per page, and the number of pages.
const PAGE: u32 = 256;
const PAGES: u32 = 0x11_0000 / PAGE;

impl Typeface {
    /// Reads TrueType or OpenType; `None` if it is neither, or has bitmaps instead of outlines.
    pub(super) fn parse(bytes: &'static [u8]) -> Option<Self> {
        let font = ParsedFont::from_bytes(bytes, 0, &mut Vec::new())?;
        let usable = font.cmap_subtable.is_some() && font.pdf_font_metrics.units_per_em > 0;
        if !usable {
            return None;
        }
        let shaper = Shaper::parse(bytes)?;
        if !shaper.has_outlines() {
            return None;
        }
        let pages = (0..PAGES).map(|_| OnceLock::new()).collect();
        let advances = (0..font.num_glyphs()).map(|glyph| thousandths(&font, glyph)).collect();
        Some(Self { font, shaper, pages, advances })
    }

    /// Whether the font has a glyph for the character, other than glyph 0.
    pub(super) fn covers(&self, character: char) -> bool {
        self.glyph(character) > 0
    }

    /// The advance of a character, in thousandths of an em.
    pub(super) fn advance(&self, character: char) -> u16 {
        let glyph = usize::from(self.glyph(character));
        self.advances.get(glyph).copied().unwrap_or(0)
    }

    /// The advance of a glyph in the PDF, in thousandths of an em.
    pub(super) fn glyph_advance(&self, glyph: u16) -> i32 {
        self.advances.get(usize::from(glyph)).copied().unwrap_or(0).into()
    }

    pub(super) fn shaper(&self) -> &Shaper {
        &self.shaper
    }

    pub(super) fn font(&self) -> &ParsedFont {
        &self.font
    }

    /// The index of a character's glyph; 0 if there is none.
    pub(super) fn glyph(&self, character: char) -> u16 {
        let (page, place) = (u32::from(character) / PAGE, u32::from(character) % PAGE);
        let glyphs = self.pages[page as usize].get_or_init(|| {
            let characters = page * PAGE..(page + 1) * PAGE;
            characters.map(|it| self.font.lookup_glyph_index(it).unwrap_or(0)).collect()
        });
        glyphs[place as usize]
    }
}

/// The advance of a glyph, rounded like printpdf.
fn thousandths(font: &ParsedFont, glyph: u16) -> u16 {
    let units = u32::from(font.get_horizontal_advance(glyph));
    let thousandths = units * 1000 / u32::from(font.pdf_font_metrics.units_per_em);
    u16::try_from(thousandths).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::Typeface;

    const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf");

    #[test]
    fn digits_and_signs_of_amounts_are_equally_wide() {
        let face = Typeface::parse(REGULAR).expect("the bundled font");
        for digit in '0'..='9' {
            assert_eq!(face.advance(digit), 572, "{digit}");
        }
    }

    #[test]
    fn knows_what_it_lacks() {
        let face = Typeface::parse(REGULAR).expect("the bundled font");
        assert!("AżΩЖ×−–·…\u{fffd}".chars().all(|character| face.covers(character)));
        assert!(!face.covers('語'));
    }

    #[test]
    fn other_files_are_no_fonts() {
        assert!(Typeface::parse(b"").is_none());
        assert!(Typeface::parse(b"%PDF-1.7 and more that is no font at all").is_none());
        assert!(Typeface::parse(&REGULAR[..2000]).is_none());
    }
}
