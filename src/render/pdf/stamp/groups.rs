//! Which characters of the bundled fonts are embedded together.
//!
//! A document embeds whole groups: those of the characters it shows, and of them every character. So
//! its bytes depend on nothing but itself, whatever is printed beside it, and documents in one
//! language share their fonts. What is in no group is rare, and embedded glyph by glyph.

/// A set of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Groups(u8);

impl Groups {
    /// No characters: the font is not used.
    pub const NONE: Self = Self(0);
    /// ASCII, and the punctuation and signs that receipts have in every language.
    const BASIC: Self = Self(1);
    /// The rest of Latin-1 and of punctuation: French, German, Spanish.
    const WESTERN: Self = Self(2);
    /// Polish, Czech, Turkish, Romanian and the other languages of Europe in Latin letters.
    const LATIN: Self = Self(4);
    /// Vietnamese, Pinyin, languages of Africa.
    const LATIN_BEYOND: Self = Self(8);
    const GREEK: Self = Self(16);
    /// Bulgarian, Russian, Serbian, Ukrainian.
    const CYRILLIC: Self = Self(32);
    /// Kazakh, Tatar and the other languages in Cyrillic letters.
    const CYRILLIC_BEYOND: Self = Self(64);
    /// The signs of currencies that have none of the basic ones.
    const CURRENCIES: Self = Self(128);

    /// The group of a character; none for what is rare or nothing to see.
    pub const fn of(character: char) -> Option<Self> {
        Some(match character {
            ' '..='~'
            | '£'
            | '¥'
            | '§'
            | '©'
            | '®'
            | '°'
            | '·'
            | '×'
            | '÷'
            | '–'
            | '—'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '•'
            | '…'
            | '€'
            | '−'
            | '\u{fffd}' => Self::BASIC,
            '\u{a1}'..='\u{ac}'
            | '\u{ae}'..='\u{ff}'
            | '\u{2010}'..='\u{2015}'
            | '\u{2018}'..='\u{201e}'
            | '\u{2020}'..='\u{2022}'
            | '\u{202f}'
            | '‰'
            | '′'
            | '″'
            | '‹'
            | '›'
            | '№'
            | '™' => Self::WESTERN,
            '\u{100}'..='\u{17f}' | '\u{218}'..='\u{21b}' => Self::LATIN,
            '\u{180}'..='\u{217}' | '\u{21c}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                Self::LATIN_BEYOND
            }
            '\u{384}'..='\u{38a}' | '\u{38c}' | '\u{38e}'..='\u{3a1}' | '\u{3a3}'..='\u{3ce}' => {
                Self::GREEK
            }
            '\u{400}'..='\u{45f}' | '\u{490}' | '\u{491}' => Self::CYRILLIC,
            '\u{48a}'..='\u{4ff}' => Self::CYRILLIC_BEYOND,
            '\u{20a0}'..='\u{20c0}' => Self::CURRENCIES,
            _ => return None,
        })
    }

    /// These and those.
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Every character of these groups, in order. Whoever needs any needs the basic ones: they
    /// are always there.
    pub fn characters(self) -> impl Iterator<Item = char> {
        let wanted = self.with(Self::BASIC);
        let known = (' '..=LAST).chain(['\u{fffd}']);
        known.filter(move |&it| Self::of(it).is_some_and(|group| wanted.0 & group.0 != 0))
    }

    /// Four of the six letters that a font's name begins with: other groups, other letters.
    pub fn letters(self) -> [char; 4] {
        let letter = |bits: u8| char::from(b'A' + bits);
        [letter(self.0 & 15), letter(self.0 >> 4), 'G', 'R']
    }
}

/// The last character of a group but U+FFFD.
const LAST: char = '\u{2220}';

#[cfg(test)]
mod tests {
    use super::super::super::specimens::type_case;
    use super::super::super::text::Weight;
    use super::*;

    #[test]
    fn the_bundled_fonts_have_every_character_of_every_group() {
        let case = type_case();
        for character in Groups(255).characters() {
            for weight in [Weight::Regular, Weight::SemiBold] {
                let face = case.face(weight.face());
                assert!(face.covers(character), "{:x}", u32::from(character));
            }
        }
    }

    #[test]
    fn languages_need_their_own_groups_only() {
        let groups =
            |text: &str| text.chars().filter_map(Groups::of).fold(Groups::NONE, Groups::with);
        let union = |groups: &[Groups]| groups.iter().copied().fold(Groups::NONE, Groups::with);
        assert_eq!(groups("Invoice · 5 × €"), Groups::BASIC);
        let western = union(&[Groups::BASIC, Groups::WESTERN]);
        assert_eq!(groups("Größe, façade, señor"), western);
        assert_eq!(groups("Zażółć gęślą jaźń"), western.with(Groups::LATIN));
        assert_eq!(groups("Türkiye İş Bankası, București"), western.with(Groups::LATIN));
        assert_eq!(groups("Nước"), union(&[Groups::BASIC, Groups::LATIN_BEYOND]));
        assert_eq!(groups("ΑΘΗΝΑ"), Groups::GREEK);
        assert_eq!(groups("Київ,Ґанок"), union(&[Groups::BASIC, Groups::CYRILLIC]));
        assert_eq!(groups("Алматықаласы"), union(&[Groups::CYRILLIC, Groups::CYRILLIC_BEYOND]));
        assert_eq!(groups("₹"), Groups::CURRENCIES);
    }

    #[test]
    fn the_basic_characters_are_always_there() {
        let greek: String = Groups::GREEK.characters().collect();
        assert!("AZaz09€×–−".chars().all(|it| greek.contains(it)) && greek.contains('Ω'));
        assert!(
            !greek.contains('Ж')
                && !greek.contains('é')
                && !greek.contains('\u{a0}')
                && !greek.contains('\u{ad}')
        );
    }

    #[test]
    fn the_widest_groups_have_distinct_names() {
        let names: std::collections::BTreeSet<_> =
            (0..=255).map(|it| Groups(it).letters()).collect();
        assert_eq!(names.len(), 256);
    }
}
