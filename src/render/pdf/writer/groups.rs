//! Which characters of the bundled fonts are embedded together.
//!
//! A document embeds the basic characters and whole alphabets: as few as have all letters and signs
//! that it shows. So its bytes depend on nothing but itself, whatever is printed beside it, and documents in
//! one language share their fonts. What is in no alphabet is embedded with others of its block, and
//! what is in no block either is rare, and embedded glyph by glyph.

use std::sync::LazyLock;

use crate::render::pdf::characters::NO_BREAK_SPACE;

/// The letters of languages beyond ASCII, small ones; their capitals come with them. Of several that
/// serve as well, the first is taken.
const ALPHABETS: [&str; 25] = [
    "äöüß",                                 // German
    "áéíñóúü¡¿ªº",                          // Spanish, Irish
    "àâæçèéêëîïôœùûüÿ",                     // French
    "äåæéöøü",                              // Danish, Finnish, Norwegian, Swedish
    "àèéìíîòóùú",                           // Italian
    "àáâãçéêíòóôõúü",                       // Portuguese
    "áäéèëíïóöúüĳ",                         // Dutch
    "àçèéíïóòúüŀ·",                         // Catalan
    "ąćęłńóśźż",                            // Polish
    "áčďéěíňóřšťúůýž",                      // Czech
    "áäčďéíĺľňóôŕšťúýž",                    // Slovak
    "áéíóöőúüű",                            // Hungarian
    "âăîșțşţ",                              // Romanian
    "çğıİöşüâîû",                           // Turkish, Azerbaijani without ə
    "čćđšž",                                // Bosnian, Croatian, Slovene
    "äõöüšž",                               // Estonian
    "āčēģīķļņōŗšūž",                        // Latvian
    "ąčęėįšųūž",                            // Lithuanian
    "áæéíðóöúýþ",                           // Icelandic, Faroese with ø
    "àċèġħìîòùż",                           // Maltese
    "αβγδεζηθικλμνξοπρςστυφχψωάέήίόύώϊϋΐΰ", // Greek
    "абвгдежзийклмнопрстуфхцчшщъыьэюяё№",   // Russian, Bulgarian
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя№",   // Ukrainian
    "абвгдђежзијклљмнњопрстћуфхцчџш№",      // Serbian
    "абвгдѓежзѕијклљмнњопрстќуфхцчџш№",     // Macedonian
];

/// Signs that few documents show, and Vietnamese: it has so many letters that small ones and capitals
/// are apart.
const MORE: [&str; 6] = [
    "“”„‘‚«»",
    "!?;\"*_—°",
    "$£¥₹",
    "#<>[]\\^`{|}~§©®",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ₫",
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ",
];

/// What none of these has, by block.
const REST: usize = ALPHABETS.len() + MORE.len();
/// ASCII, and the punctuation and signs of every language.
const BASIC: u64 = 1 << 63;

/// A set of groups: alphabets, signs, blocks and the basic characters; empty if the font is not used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Groups(u64);

/// The groups that have each character, by character.
static GROUPS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let basic = |character| if is_basic(character) { BASIC } else { 0 };
    let mut groups: Vec<u64> = ('\0'..=LAST).map(basic).collect();
    let mut add = |character: char, place: usize| {
        if !is_basic(character) {
            groups[character as usize] |= 1 << place;
        }
    };
    for (place, alphabet) in ALPHABETS.iter().chain(&MORE).enumerate() {
        for letter in alphabet.chars() {
            add(letter, place);
            if let Some(capital) = capital(letter).filter(|_| place < ALPHABETS.len()) {
                add(capital, place);
            }
        }
    }
    for (character, groups) in ('\0'..=LAST).zip(&mut groups) {
        if let Some(block) = block(character).filter(|_| *groups == 0) {
            *groups = 1 << (REST + block);
        }
    }
    groups
});

/// The groups of a character; 0 if it is in none.
fn lookup(table: &[u64], character: char) -> u64 {
    let beyond = || if is_basic(character) { BASIC } else { 0 };
    table.get(character as usize).copied().unwrap_or_else(beyond)
}

impl Groups {
    /// The groups that have a character; none for what is rare or nothing to see.
    pub fn of(character: char) -> Option<Self> {
        let groups = lookup(&GROUPS, character);
        (groups != 0).then_some(Self(groups))
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Every character of these groups, in order. Whoever needs any needs the basic ones: they
    /// are always there.
    pub fn characters(self) -> impl Iterator<Item = char> {
        let wanted = self.0 | BASIC;
        let known = (' '..=LAST).filter(|it| *it != NO_BREAK_SPACE).chain([REPLACEMENT]);
        known.filter(move |&it| Self::of(it).is_some_and(|groups| wanted & groups.0 != 0))
    }

    /// Five of the six letters that a font's name begins with: other groups, most likely others.
    pub fn letters(self) -> [char; 5] {
        // A prime below the number of names, so that every bit has its say.
        let mut rest = self.0 % 11_881_357;
        std::array::from_fn(|_| {
            let letter = char::from(b'A' + u8::try_from(rest % 26).expect("below 26"));
            rest /= 26;
            letter
        })
    }
}

/// The characters of a document in one font, as far as they decide which groups it embeds.
#[derive(Default)]
pub struct WantedGroups {
    is_used: bool,
    /// The groups that have a character which is not basic, and how many there are of such.
    choices: Vec<(u64, usize)>,
}

impl WantedGroups {
    /// Adds a text; `false`, and nothing added, if a character of it is in no group.
    pub fn add(&mut self, text: &str) -> bool {
        let is_basic = text.bytes().all(|byte| BASIC_ASCII[usize::from(byte)]);
        if !is_basic {
            let table: &[u64] = &GROUPS;
            let groups = || text.chars().map(|character| lookup(table, character));
            if groups().any(|groups| groups == 0) {
                return false;
            }
            groups().filter(|groups| *groups != BASIC).for_each(|groups| self.choose(groups));
        }
        self.is_used = true;
        true
    }

    fn choose(&mut self, groups: u64) {
        match self.choices.iter_mut().find(|(known, _)| *known == groups) {
            Some((_, count)) => *count += 1,
            None => self.choices.push((groups, 1)),
        }
    }

    /// The fewest groups that have all of them, or nearly: each time the one that has most of what
    /// is left is taken, of several the first.
    pub fn groups(mut self) -> Groups {
        let mut chosen = if self.is_used { BASIC } else { 0 };
        while let Some(group) = self.best() {
            chosen |= group;
            self.choices.retain(|(groups, _)| groups & group == 0);
        }
        Groups(chosen)
    }

    fn best(&self) -> Option<u64> {
        let any = self.choices.iter().fold(0, |any, (groups, _)| any | groups);
        let groups = (0..63).map(|bit| 1 << bit).filter(|group| any & group != 0);
        let has = |group: &u64| {
            let having = self.choices.iter().filter(|(groups, _)| groups & group != 0);
            having.map(|(_, count)| count).sum::<usize>()
        };
        groups.rev().max_by_key(has)
    }
}

const REPLACEMENT: char = '\u{fffd}';
/// The last character of a group but U+FFFD.
const LAST: char = '\u{2220}';

/// What receipts have in every language. A space at which no line ends is drawn as any other.
const fn is_basic(character: char) -> bool {
    matches!(character, '0'..='9' | 'A'..='Z' | 'a'..='z' | ' ' | NO_BREAK_SPACE | '\u{202f}'
        | '%' | '&' | '\'' | '(' | ')' | '+' | ',' | '-' | '.' | '/' | ':' | '=' | '@'
        | '·' | '×' | '÷' | '–' | '’' | '•' | '…' | '€' | '−' | REPLACEMENT)
}

/// The basic characters among the bytes of a text: most texts have no others.
const BASIC_ASCII: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        table[byte as usize] = is_basic(byte as char);
        byte += 1;
    }
    table
};

/// The block of what is neither basic nor in an alphabet.
const fn block(character: char) -> Option<usize> {
    Some(match character {
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}' => 0,
        '\u{2010}'..='\u{2015}'
        | '\u{201b}'
        | '†'
        | '‡'
        | '‰'
        | '′'
        | '″'
        | '‹'
        | '›'
        | '№'
        | '™' => 1,
        '\u{100}'..='\u{17f}' | '\u{218}'..='\u{21b}' => 2,
        '\u{180}'..='\u{217}' | '\u{21c}'..='\u{24f}' => 3,
        '\u{1e00}'..='\u{1eff}' => 4,
        '\u{384}'..='\u{38a}' | '\u{38c}' | '\u{38e}'..='\u{3a1}' | '\u{3a3}'..='\u{3ce}' => 5,
        '\u{400}'..='\u{45f}' | '\u{490}' | '\u{491}' => 6,
        '\u{48a}'..='\u{4ff}' => 7,
        '\u{20a0}'..='\u{20c0}' => 8,
        _ => return None,
    })
}

/// The capital of a letter, where it is a single one.
fn capital(small: char) -> Option<char> {
    let mut capitals = small.to_uppercase();
    capitals.next().filter(|_| capitals.next().is_none())
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;
