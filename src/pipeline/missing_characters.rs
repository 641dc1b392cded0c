//! The messages about characters that no font has.

use std::collections::BTreeSet;

use unicode_script::{Script, UnicodeScript as _};

/// The rule for an account whose invoice has such characters.
pub(crate) fn on_a_document(missing: &[char]) -> String {
    format!("has a document with characters that no font here has: {}", scripts(missing))
}

/// The Unicode names of the characters' scripts.
pub(crate) fn scripts(characters: &[char]) -> String {
    let names: BTreeSet<&str> = characters.iter().map(|character| script(*character)).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn script(character: char) -> &'static str {
    match (character, character.script()) {
        ('\u{e000}'..='\u{f8ff}' | '\u{f0000}'.., _) => "private use",
        ('\u{1f000}'..='\u{1faff}', _) => "emoji",
        (_, Script::Common | Script::Inherited | Script::Unknown) => "symbols",
        (_, script) => script.full_name(),
    }
}

/// The scripts that the Chinese, Japanese and Korean fonts cover.
const EAST_ASIAN: [&str; 5] = ["Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"];

/// The remedy for characters that no font has.
pub(crate) fn remedy(missing: &[char]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = missing
        .iter()
        .take(SHOWN)
        .map(|character| format!("{character} (U+{:04X})", u32::from(*character)))
        .collect();
    let more = match missing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names: Vec<&str> = missing.iter().map(|character| script(*character)).collect();
    let font = if names.iter().any(|name| EAST_ASIAN.contains(name)) {
        ", such as NotoSansCJK-Regular.ttc of Debian's fonts-noto-cjk"
    } else if names.contains(&"emoji") || names.contains(&"symbols") {
        ", such as Symbola of Debian's fonts-symbola"
    } else if names.contains(&"private use") {
        ""
    } else {
        ", such as one of Debian's fonts-noto-core"
    };
    format!(
        "name a font that has {}{more} in pdf.fonts of billing.toml{font}; or set \
         pdf.missing_characters = \"mark\" to print � instead",
        shown.join(", ")
    )
}
