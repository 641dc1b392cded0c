//! Bundled fonts beyond Latin, Greek and Cyrillic: one family per script, in both weights. A font
//! is read when a character of its script first occurs, so that runs without it cost nothing.

use std::sync::OnceLock;

use super::font::Typeface;
use super::weight::Weight;

/// A script with its fonts.
struct ScriptFont {
    /// Its name in `unicode-script`.
    name: &'static str,
    regular: &'static [u8],
    semi_bold: &'static [u8],
}

macro_rules! scripts {
    ($($name:literal),*) => {
        [$(ScriptFont {
            name: $name,
            regular: include_bytes!(
                concat!("../../../assets/fonts/NotoSans", $name, "-Regular.ttf")
            ),
            semi_bold: include_bytes!(
                concat!("../../../assets/fonts/NotoSans", $name, "-SemiBold.ttf")
            ),
        }),*]
    };
}

const SCRIPTS: [ScriptFont; 6] =
    scripts!("Arabic", "Armenian", "Devanagari", "Georgian", "Hebrew", "Thai");

/// The number of weights.
const WEIGHTS: usize = 2;

/// The bundled fonts of scripts that have been needed so far.
#[derive(Default)]
pub(super) struct ScriptFonts {
    faces: [OnceLock<Typeface>; SCRIPTS.len() * WEIGHTS],
}

impl ScriptFonts {
    /// A font by its index.
    pub(super) fn face(&self, place: usize) -> &Typeface {
        self.faces[place].get_or_init(|| {
            let script = &SCRIPTS[place / WEIGHTS];
            let regular = place.is_multiple_of(WEIGHTS);
            let bytes = if regular { script.regular } else { script.semi_bold };
            Typeface::parse(bytes).expect("bundled fonts parse: a test reads them")
        })
    }

    /// The index of the font that draws a character in a weight, if any.
    pub(super) fn covering(&self, weight: Weight, character: char) -> Option<usize> {
        let script = block_of(character)?;
        let place = SCRIPTS.iter().position(|it| it.name == script)? * WEIGHTS + weight.face();
        self.face(place).covers(character).then_some(place)
    }
}

/// The script of a character, if its font is bundled.
const fn block_of(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{530}'..='\u{58f}' | '\u{fb13}'..='\u{fb17}' => "Armenian",
        '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}' => "Hebrew",
        '\u{600}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{870}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' => "Arabic",
        '\u{900}'..='\u{97f}' | '\u{1cd0}'..='\u{1cff}' | '\u{a8e0}'..='\u{a8ff}' => "Devanagari",
        '\u{e00}'..='\u{e7f}' => "Thai",
        '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' | '\u{2d00}'..='\u{2d2f}' => "Georgian",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
    use unicode_script::UnicodeScript as _;

    use super::super::specimens::type_case;
    use super::*;
    use crate::render::pdf::characters::is_invisible;

    #[test]
    fn every_letter_of_the_main_block_of_a_script_prints_in_both_weights() {
        let fonts = ScriptFonts::default();
        for (script, first, last) in [
            ("Armenian", '\u{531}', '\u{556}'),
            ("Armenian", '\u{561}', '\u{587}'),
            ("Hebrew", '\u{5d0}', '\u{5ea}'),
            ("Arabic", '\u{620}', '\u{6ff}'),
            ("Devanagari", '\u{900}', '\u{97f}'),
            ("Thai", '\u{e01}', '\u{e5b}'),
            ("Georgian", '\u{10a0}', '\u{10ff}'),
        ] {
            let assigned = |it: &char| it.general_category() != GeneralCategory::Unassigned;
            for character in (first..=last).filter(assigned).filter(|it| !is_invisible(*it)) {
                for weight in [Weight::Regular, Weight::SemiBold] {
                    let place = fonts.covering(weight, character);
                    let found = place.map(|place| SCRIPTS[place / WEIGHTS].name);
                    assert_eq!(found, Some(script), "{character} (U+{:04X})", u32::from(character));
                }
                let own = character.script().full_name();
                assert!([script, "Common", "Inherited"].contains(&own), "{character} is {own}");
            }
        }
    }

    #[test]
    fn no_font_is_read_for_text_that_needs_none() {
        let fonts = ScriptFonts::default();
        for character in "Zażółć gęślą jaźń, Größe, Ελλάδα, София, 語, 🚀".chars()
        {
            assert_eq!(fonts.covering(Weight::Regular, character), None);
        }
        assert!(fonts.faces.iter().all(|face| face.get().is_none()));
        assert!(fonts.covering(Weight::SemiBold, 'ش').is_some());
        assert_eq!(fonts.faces.iter().filter(|face| face.get().is_some()).count(), 1);
    }

    #[test]
    fn names_are_shaped_without_any_setting() {
        for name in
            ["شركة النور للتجارة", "תפוח בע\"מ", "नमस्ते सॉफ़्टवेयर", "บริษัท ฟ้าใส", "ქართული", "Հայկ"]
        {
            assert_eq!(type_case().missing(name).collect::<String>(), "", "{name}");
        }
    }
}
