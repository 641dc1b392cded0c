//! Chooses which characters of the bundled fonts are embedded together.
//!
//! A document embeds the basic characters and the fewest alphabets that cover its letters and
//! signs. So its bytes depend only on itself, and documents in one language share fonts. Other
//! characters are embedded with their block. Characters without a block are rare, and embedded one
//! by one.

use std::sync::LazyLock;

use crate::render::pdf::characters::NO_BREAK_SPACE;

/// The lower-case letters of languages beyond ASCII; upper case is added. If several fit equally,
/// the first is used.
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

/// Rare signs, and Vietnamese, which has so many letters that lower and upper case are separate.
const MORE: [&str; 6] = [
    "“”„‘‚«»",
    "!?;\"*_—°",
    "$£¥₹",
    "#<>[]\\^`{|}~§©®",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ₫",
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ",
];

/// The first index of the blocks, for characters outside these groups.
const REST: usize = ALPHABETS.len() + MORE.len();
/// ASCII, and the punctuation and signs of all languages.
const BASIC: u64 = 1 << 63;

/// A set of groups: alphabets, signs, blocks and the basic characters; empty if the font is unused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Groups(u64);

/// The groups of each character.
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

/// The groups of a character; 0 if it has none.
fn lookup(table: &[u64], character: char) -> u64 {
    let beyond = || if is_basic(character) { BASIC } else { 0 };
    table.get(character as usize).copied().unwrap_or_else(beyond)
}

impl Groups {
    /// The groups of a character; `None` for rare and invisible ones.
    pub(crate) fn of(character: char) -> Option<Self> {
        let groups = lookup(&GROUPS, character);
        (groups != 0).then_some(Self(groups))
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All characters of these groups, in order. If any group is needed, the basic characters are
    /// included.
    pub(crate) fn characters(self) -> impl Iterator<Item = char> {
        let wanted = self.0 | BASIC;
        let known = (' '..=LAST).filter(|it| *it != NO_BREAK_SPACE).chain([REPLACEMENT]);
        known.filter(move |&it| Self::of(it).is_some_and(|groups| wanted & groups.0 != 0))
    }

    /// Five of the six letters at the start of a font's name; other groups most likely give other
    /// letters.
    pub(crate) fn letters(self) -> [char; 5] {
        // A prime below the number of names, so that every bit matters.
        let mut rest = self.0 % 11_881_357;
        std::array::from_fn(|_| {
            let letter = char::from(b'A' + u8::try_from(rest % 26).expect("below 26"));
            rest /= 26;
            letter
        })
    }
}

/// The characters of a document in one font, as far as they decide its groups.
#[derive(Default)]
pub(crate) struct WantedGroups {
    is_used: bool,
    /// The groups of each character that is not basic, and how often they occur.
    choices: Vec<(u64, usize)>,
}

impl WantedGroups {
    /// Adds a text. Returns `false` and adds nothing if a character has no group.
    pub(crate) fn add(&mut self, text: &str) -> bool {
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

    /// A small set of groups that covers all characters. Repeatedly takes the group that covers
    /// most of the rest; the first of equal ones.
    pub(crate) fn groups(mut self) -> Groups {
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
/// The last character of any group except U+FFFD.
const LAST: char = '\u{2220}';

/// Characters of receipts in every language. A no-break space is drawn as a space.
const fn is_basic(character: char) -> bool {
    matches!(character, '0'..='9' | 'A'..='Z' | 'a'..='z' | ' ' | NO_BREAK_SPACE | '\u{202f}'
        | '%' | '&' | '\'' | '(' | ')' | '+' | ',' | '-' | '.' | '/' | ':' | '=' | '@'
        | '·' | '×' | '÷' | '–' | '’' | '•' | '…' | '€' | '−' | REPLACEMENT)
}

/// The basic characters among bytes, because most texts have no others.
const BASIC_ASCII: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        table[byte as usize] = is_basic(byte as char);
        byte += 1;
    }
    table
};

/// The block of a character that is neither basic nor in an alphabet.
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

/// The upper case of a letter, if it is a single character.
fn capital(small: char) -> Option<char> {
    let mut capitals = small.to_uppercase();
    capitals.next().filter(|_| capitals.next().is_none())
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;
