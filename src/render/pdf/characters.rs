//! Classifies characters for fonts.

/// Drawn instead of a character that no font has.
pub(super) const REPLACEMENT: char = '\u{fffd}';

pub(super) const NO_BREAK_SPACE: char = '\u{a0}';

pub(super) const NARROW_NO_BREAK_SPACE: char = '\u{202f}';

/// Blanks and control characters become spaces, except no-break spaces.
pub(super) fn shown(character: char) -> char {
    let is_blank = character.is_whitespace() || character.is_control();
    let may_end_a_line = !matches!(character, NO_BREAK_SPACE | NARROW_NO_BREAK_SPACE);
    if is_blank && may_end_a_line { ' ' } else { character }
}

/// Joiners, direction marks, soft hyphens and variation selectors, which are invisible alone.
pub(super) const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Latin, Greek, Cyrillic, Georgian, Ethiopic, Chinese, Japanese, Korean, symbols: without
/// combining marks and joiners.
pub(super) const fn is_plain_character(character: char) -> bool {
    matches!(character, '\0'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{590}'
        | '\u{10a0}'..='\u{10ff}' | '\u{1200}'..='\u{135c}' | '\u{1360}'..='\u{16ff}'
        | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{200b}' | '\u{2010}'..='\u{2029}'
        | '\u{202f}'..='\u{2065}' | '\u{2070}'..='\u{20cf}' | '\u{20f1}'..='\u{3029}'
        | '\u{3030}'..='\u{3098}' | '\u{309b}'..='\u{a66e}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{fb06}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffff}'
        | '\u{1f000}'..='\u{3ffff}')
}

/// Whether every character is one glyph, placed from left to right.
pub(super) fn is_plain(text: &str) -> bool {
    text.is_ascii() || text.chars().all(is_plain_character)
}
