//! The scripts of names: those that the bundled fonts print, or all.
//!
//! The random choices are the same either way, so a company has the same numbers. Names in scripts
//! without a bundled font are transliterated to Latin letters.

use clap::ValueEnum;

/// Which scripts occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scripts {
    /// Those that print without any setting
    #[default]
    Bundled,
    /// Chinese, Japanese, Korean and Kannada as well; billing.toml then accepts marks for them
    All,
}

/// Texts without a bundled font, in Latin letters; longer texts come before their parts.
const IN_LATIN_LETTERS: [(&str, &str); 13] = [
    ("東京都", "Tokyo"),
    ("渋谷区", "Shibuya-ku"),
    ("渋谷", "Shibuya"),
    ("株式会社ミドリ", "Midori K.K."),
    ("合同会社 空と海", "Sora to Umi G.K."),
    ("佐藤 花子", "Hanako Satō"),
    ("消費税", "Consumption tax"),
    ("お詫び", "With our apologies"),
    ("ಕಾವೇರಿ ಟೆಕ್", "Kāveri Tech"),
    ("서울", "Seoul"),
    ("세종대로", "Sejong-daero"),
    ("주식회사 한강", "Hangang Co., Ltd."),
    ("김민준", "Kim Min-jun"),
];

impl Scripts {
    /// A cell as it is written.
    pub(crate) fn written(self, cell: String) -> String {
        if self == Self::All || !cell.chars().any(has_no_font) {
            return cell;
        }
        let pairs = IN_LATIN_LETTERS.iter();
        pairs.fold(cell, |cell, (original, latin)| cell.replace(original, latin))
    }
}

/// Kannada, Chinese, Japanese, Korean.
const fn has_no_font(character: char) -> bool {
    matches!(character, '\u{c80}'..='\u{cff}' | '\u{2e80}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::super::places::{PLACES, tax_rows};
    use super::*;
    use crate::render::pdf::missing_without_settings;

    #[test]
    fn every_name_and_address_prints_with_the_bundled_fonts() {
        let taxes = tax_rows().into_iter().flatten();
        let places = PLACES.iter().flat_map(|place| {
            place.address.iter().chain(place.names).map(|text| (*text).to_owned())
        });
        let (mut drawn, mut written) = (String::new(), String::new());
        for text in places.chain(taxes) {
            drawn.push_str(&text);
            written.push_str(&Scripts::Bundled.written(text.clone()));
            assert_eq!(Scripts::All.written(text.clone()), text);
        }
        assert!(!missing_without_settings(&drawn).is_empty());
        assert_eq!(missing_without_settings(&written), []);
        for script in ["ش", "ש", "น", "स", "Ε", "Б"] {
            assert!(written.contains(script), "{script} is gone");
        }
    }
}
