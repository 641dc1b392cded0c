//! Texts for a terminal or a log: without characters that a terminal obeys.
//!
//! Names and descriptions come from other systems. An escape sequence in one could move the cursor,
//! hide lines or change the title of the window. A control of the writing direction could show an
//! amount in another order. Such characters are shown as their code instead: `\u{1b}`.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A text of any number of lines. Tabs and line ends stay.
pub(crate) fn visible_text(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_obeyed(c) && !matches!(c, '\n' | '\t'))
}

/// A text that must stay on its line, such as a name in a table. Line ends are shown as their code
/// too, because a name could forge lines otherwise.
pub(crate) fn visible_line(text: &str) -> Cow<'_, str> {
    escaped(text, is_obeyed)
}

/// JSON with the same characters as JSON escapes, so that it means the same. Outside of its texts
/// JSON has none of them but line ends.
pub(crate) fn visible_json(json: &str) -> Cow<'_, str> {
    if !json.contains(|c| is_obeyed(c) && c != '\n') {
        return Cow::Borrowed(json);
    }
    let mut plain = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_obeyed(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(plain, "\\u{unit:04x}");
            }
        } else {
            plain.push(character);
        }
    }
    Cow::Owned(plain)
}

fn escaped(text: &str, is_wrong: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_wrong) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_wrong(character) {
            plain.extend(character.escape_unicode());
        } else {
            plain.push(character);
        }
    }
    Cow::Owned(plain)
}

/// Matches control characters, line and paragraph separators, controls of the writing direction, and
/// the invisible tags. Joiners are not among them, because Persian and Indic scripts need them.
pub(crate) const fn is_obeyed(character: char) -> bool {
    match character {
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\0'..='~' => false,
        _ => matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown_as_its_code() {
        let text = "A\u{1b}[2J\u{202e}B\u{9b}C\r\n\tD";
        assert_eq!(visible_text(text), "A\\u{1b}[2J\\u{202e}B\\u{9b}C\\u{d}\n\tD");
        assert_eq!(visible_line("A\nB\tC"), "A\\u{a}B\\u{9}C");
        assert!(matches!(visible_text("Łódź 株式会社 می\u{200c}خواهم €"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_means_the_same() {
        let value = "\u{1b}[2J \u{202e}\u{7f}\u{9b}\u{e0041} ż";
        let json = serde_json::to_string_pretty(&[value]).expect("JSON");
        let plain = visible_json(&json);
        assert!(plain.chars().all(|c| c == '\n' || !is_obeyed(c)), "{plain}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&plain).expect("JSON"), [value]);
    }
}
