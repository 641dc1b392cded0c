//! The form of e-mail addresses.

use email_address::{EmailAddress, Options};

use crate::value::is_obeyed;

/// Whether a text is one e-mail address by RFC 5321 and 5322, without a name beside it. Addresses
/// beyond ASCII are allowed, but no characters that a terminal or a mail program obeys.
pub(crate) fn is_email_address(text: &str) -> bool {
    let options = Options::default().without_display_text().with_no_minimum_sub_domains();
    let is_hidden =
        |c: char| c.is_whitespace() || is_obeyed(c) || matches!(c, '\u{200b}' | '\u{feff}');
    !text.contains(is_hidden) && EmailAddress::parse_with_options(text, options).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_and_nothing_else() {
        for text in [
            "ap@example.com",
            "first.last+tag@sub.example.co.uk",
            "o'neil@example.ie",
            "josé@correo.example",
            "billing@löwe.example",
            "root@localhost",
        ] {
            assert!(is_email_address(text), "{text}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "ap.example.com",
            "@example.com",
            "ap@",
            "a@b@example.com",
            "ap@example..com",
            ".ap@example.com",
            "a@example.com, b@example.com",
            "a@example.com;b@example.com",
            "Ann <ann@example.com>",
            "ap@example.com\u{1b}[2J",
            "ap\u{202e}@example.com",
            "ap\u{200b}@example.com",
            "ap@example.com\r\nBcc: x@example.com",
            "\"a b\"@example.com",
            &long,
        ] {
            assert!(!is_email_address(text), "{text:?}");
        }
    }
}
