//! Makes UTF-8 of a text in another encoding, piece by piece. Lines stay lines.
//!
//! A byte that is no character of the encoding becomes a byte that is none in UTF-8 either. So the row
//! reader reports the field, with its line and column.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::file_error::FileError;
use crate::config::{TextEncoding, set_for};

/// No byte of a UTF-8 text.
const UNREADABLE: u8 = 0xff;

/// How many bytes are decoded at once.
const PIECE: usize = 1 << 16;

/// The longest byte order mark.
const LONGEST_MARK: u64 = 3;

const MARKS: [(&[u8], &str); 3] =
    [(b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")];

/// Compressed files have no encoding; the header check names them.
const COMPRESSED: [&[u8]; 2] = [b"\x1f\x8b", b"\x28\xb5\x2f"];

/// A text that is being decoded.
pub(crate) struct Decoding {
    encoding: TextEncoding,
    /// The table, as billing.toml names it.
    table: String,
    /// `None` before the first bytes were read, and for files that are no text.
    decoder: Option<Decoder>,
    has_begun: bool,
    has_ended: bool,
    /// The bytes read last.
    raw: Vec<u8>,
    /// Decoded bytes.
    ready: Vec<u8>,
    /// How many of them were returned.
    taken: usize,
    /// `None` if the bytes are certainly not UTF-8.
    utf8: Option<Utf8Suspicion>,
}

impl Decoding {
    /// `None` for UTF-8, which needs no decoding.
    pub(crate) fn new(encoding: TextEncoding, table: &str) -> Option<Self> {
        // UTF-16 has a mark, so it is nothing else.
        let utf8 = (encoding != TextEncoding::Utf16).then(Utf8Suspicion::default);
        (encoding != TextEncoding::Utf8).then(|| Self {
            encoding,
            table: table.to_owned(),
            decoder: None,
            has_begun: false,
            has_ended: false,
            raw: Vec::new(),
            ready: Vec::new(),
            taken: 0,
            utf8,
        })
    }

    /// Reads decoded bytes.
    ///
    /// # Errors
    /// The bytes cannot be read, or are certainly in another encoding.
    pub(crate) fn read(&mut self, from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() && !self.has_ended && !buffer.is_empty() {
            self.refill(from)?;
        }
        let rest = &self.ready[self.taken..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.taken += length;
        Ok(length)
    }

    fn refill(&mut self, from: &mut impl Read) -> io::Result<()> {
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        if !self.has_begun {
            from.by_ref().take(LONGEST_MARK).read_to_end(&mut raw)?;
            self.decoder = self.begin(&raw)?;
            self.has_begun = true;
        }
        let begun = raw.len();
        from.by_ref().take(PIECE as u64).read_to_end(&mut raw)?;
        self.has_ended = raw.len() - begun < PIECE;
        (self.taken, self.raw) = (0, raw);
        self.ready.clear();
        self.decode();
        self.doubt()
    }

    /// The decoder for a text with this start.
    fn begin(&self, start: &[u8]) -> io::Result<Option<Decoder>> {
        if COMPRESSED.iter().any(|magic| start.starts_with(magic)) {
            return Ok(None);
        }
        let mark = MARKS.iter().find(|(mark, _)| start.starts_with(mark));
        let name = self.encoding.name();
        let encoding = match (self.encoding, mark) {
            (TextEncoding::Utf16, Some((b"\xff\xfe", _))) => UTF_16LE,
            (TextEncoding::Utf16, Some((b"\xfe\xff", _))) => UTF_16BE,
            (TextEncoding::Utf16, None) if start.is_empty() => UTF_16LE,
            (TextEncoding::Utf16, None) => {
                let rule = "begins without a byte order mark, and billing.toml says utf-16";
                let hint = "save it as Unicode text with its mark, or write in billing.toml the \
                            encoding that it has";
                return Err(FileError::new(rule, hint).into());
            }
            (_, Some((_, is))) => {
                let rule = format!("begins with the byte order mark of {is}, not of {name}");
                return Err(FileError::new(rule, write(&is.to_lowercase(), &self.table)).into());
            }
            (TextEncoding::Iso8859_15, None) => ISO_8859_15,
            // Without the control characters, which are refused, Latin-1 is a part of it.
            (_, None) => WINDOWS_1252,
        };
        Ok(Some(encoding.new_decoder_with_bom_removal()))
    }

    /// Decodes the raw bytes.
    fn decode(&mut self) {
        let Some(decoder) = &mut self.decoder else {
            return self.ready.extend_from_slice(&self.raw);
        };
        let mut rest = &self.raw[..];
        loop {
            let is_none = |byte: &u8| is_no_character(*byte, self.encoding);
            let length = rest.iter().position(is_none).unwrap_or(rest.len());
            let (text, after) = rest.split_at(length);
            decode_text(decoder, text, self.has_ended && after.is_empty(), &mut self.ready);
            let Some((_, after)) = after.split_first() else { break };
            self.ready.push(UNREADABLE);
            rest = after;
        }
    }

    /// A text whose letters beyond ASCII are all UTF-8 is UTF-8. As anything else it would be billed
    /// to `MÃ¼ller`.
    fn doubt(&mut self) -> io::Result<()> {
        self.utf8 = self.utf8.take().and_then(|suspicion| suspicion.look_at(&self.raw));
        let is_utf8 = self.utf8.as_ref().is_some_and(Utf8Suspicion::is_confirmed);
        if !self.has_ended || !is_utf8 {
            return Ok(());
        }
        let rule = format!("is UTF-8, and billing.toml says {}", self.encoding.name());
        Err(FileError::new(rule, write(TextEncoding::Utf8.name(), &self.table)).into())
    }
}

fn write(encoding: &str, table: &str) -> String {
    set_for(table, &format!("encoding = \"{encoding}\""))
}

/// Whether a byte is a control character or nothing at all, which is what programs write that mean
/// another encoding.
fn is_no_character(byte: u8, encoding: TextEncoding) -> bool {
    match encoding {
        TextEncoding::Windows1252 => matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d),
        TextEncoding::Iso8859_1 | TextEncoding::Iso8859_15 => matches!(byte, 0x80..=0x9f),
        TextEncoding::Utf8 | TextEncoding::Utf16 => false,
    }
}

fn decode_text(decoder: &mut Decoder, mut text: &[u8], is_last: bool, to: &mut Vec<u8>) {
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(text.len());
        let start = to.len();
        to.resize(start + room.expect("a piece is small"), 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(text, &mut to[start..], is_last);
        to.truncate(start + written);
        text = &text[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => to.push(UNREADABLE),
        }
    }
}

/// The rule and the remedy for a text with bytes that are no characters. The table is that of a file
/// that has an encoding.
pub(crate) fn unreadable(text: &[u8], encoding: TextEncoding, table: Option<&str>) -> [String; 2] {
    let name = encoding.name();
    match encoding {
        TextEncoding::Utf8 => {
            let save = "save the file as UTF-8; in a spreadsheet choose CSV UTF-8";
            let hint = match in_windows(text).zip(table) {
                Some((meant, table)) => format!(
                    "{save}; if {meant:?} is meant, {}",
                    write(TextEncoding::Windows1252.name(), table)
                ),
                None => save.to_owned(),
            };
            ["is not UTF-8".to_owned(), hint]
        }
        TextEncoding::Iso8859_1 | TextEncoding::Iso8859_15 => {
            let other = write(TextEncoding::Windows1252.name(), table.unwrap_or_default());
            [format!("is not {name}"), format!("programs that say so often write another: {other}")]
        }
        TextEncoding::Windows1252 => {
            [format!("is not {name}"), "save the file as UTF-8".to_owned()]
        }
        TextEncoding::Utf16 => {
            let hint = "write the file again; it is cut off or damaged".to_owned();
            [format!("is not {name}"), hint]
        }
    }
}

/// A short text as windows-1252, if it is one that people write.
fn in_windows(text: &[u8]) -> Option<String> {
    const LONGEST: usize = 60;
    const SIGNS: &str = "€„“”‚‘’–—…«»°§´·ªº¿¡&";
    let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(text);
    let is_usual =
        |c: char| !c.is_control() && (c.is_ascii() || c.is_alphabetic() || SIGNS.contains(c));
    (text.len() <= LONGEST && decoded.chars().all(is_usual)).then(|| decoded.into_owned())
}

/// Whether bytes may be UTF-8 so far.
#[derive(Debug, Default)]
struct Utf8Suspicion {
    /// The first bytes of a character that is not complete.
    begun: Vec<u8>,
    is_beyond_ascii: bool,
}

impl Utf8Suspicion {
    fn is_confirmed(&self) -> bool {
        self.is_beyond_ascii && self.begun.is_empty()
    }

    /// `None` if the next bytes are not UTF-8.
    fn look_at(mut self, bytes: &[u8]) -> Option<Self> {
        self.is_beyond_ascii |= !bytes.is_ascii();
        self.begun.extend_from_slice(bytes);
        let rest = match str::from_utf8(&self.begun) {
            Ok(_) => Vec::new(),
            Err(error) if error.error_len().is_none() => self.begun[error.valid_up_to()..].to_vec(),
            Err(_) => return None,
        };
        Some(Self { begun: rest, ..self })
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::Encoding;
    use proptest::prelude::*;

    use super::*;

    /// Hands out a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn decoded(encoding: TextEncoding, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut decoding = Decoding::new(encoding, "accounts").expect("not UTF-8");
        let (mut from, mut text) = (Slow(bytes, 7), Vec::new());
        let mut buffer = [0; 5];
        loop {
            match decoding.read(&mut from, &mut buffer)? {
                0 => return Ok(text),
                length => text.extend_from_slice(&buffer[..length]),
            }
        }
    }

    fn utf16(text: &str, is_big: bool) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let bytes = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        units.flat_map(bytes).collect()
    }

    #[test]
    fn letters_are_those_of_the_encoding() {
        for (encoding, bytes, text) in [
            (TextEncoding::Windows1252, &b"M\xfcller \x80\x84"[..], "Müller €„"),
            (TextEncoding::Iso8859_1, b"M\xfcller \xa4", "Müller ¤"),
            (TextEncoding::Iso8859_15, b"M\xfcller \xa4\xa8", "Müller €š"),
            (TextEncoding::Utf16, &utf16("Müller €\n🦀", false), "Müller €\n🦀"),
            (TextEncoding::Utf16, &utf16("Müller €\n🦀", true), "Müller €\n🦀"),
            (TextEncoding::Utf16, &utf16("", true), ""),
            (TextEncoding::Utf16, b"", ""),
            (TextEncoding::Windows1252, b"", ""),
            (TextEncoding::Windows1252, b"\x1f\x8b\xff", "\u{0}"),
        ] {
            let found = decoded(encoding, bytes).expect("it is read");
            if text == "\u{0}" {
                assert_eq!(found, bytes, "compressed files are no text");
            } else {
                assert_eq!(String::from_utf8(found).expect("UTF-8"), text, "{encoding:?}");
            }
        }
    }

    #[test]
    fn bytes_without_a_character_are_no_text() {
        for (encoding, bytes, marked) in [
            (TextEncoding::Windows1252, &b"a\x81b\xe9"[..], &b"a\xffb\xc3\xa9"[..]),
            (TextEncoding::Iso8859_1, b"a\x80\xe9", b"a\xff\xc3\xa9"),
            (TextEncoding::Iso8859_15, b"\x9f\xe9", b"\xff\xc3\xa9"),
            (TextEncoding::Utf16, b"\xff\xfea\0\x00\xd8b\0", b"a\xffb"),
            (TextEncoding::Utf16, b"\xff\xfea\0b", b"a\xff"),
        ] {
            assert_eq!(decoded(encoding, bytes).expect("it is read"), marked, "{encoding:?}");
        }
    }

    #[test]
    fn another_encoding_is_noticed_where_it_is_certain() {
        let long = [b"a".repeat(PIECE - 1), "é".repeat(9).into_bytes()].concat();
        for (encoding, bytes, rule) in [
            (TextEncoding::Windows1252, "name\nMüller\n".as_bytes(), "is UTF-8, and"),
            (TextEncoding::Iso8859_1, &long, "is UTF-8, and"),
            (
                TextEncoding::Iso8859_1,
                b"\xef\xbb\xbfname",
                "begins with the byte order mark of UTF-8",
            ),
            (
                TextEncoding::Windows1252,
                b"\xff\xfen\0",
                "begins with the byte order mark of UTF-16",
            ),
            (TextEncoding::Utf16, b"\xef\xbb\xbfname", "begins with the byte order mark of UTF-8"),
            (TextEncoding::Utf16, b"name", "begins without a byte order mark"),
        ] {
            let error = decoded(encoding, bytes).expect_err("another encoding").to_string();
            assert!(error.starts_with(rule), "{error}");
        }
        for bytes in [&b"name\n"[..], "é".as_bytes().split_at(1).0, b"\xc3\xa9\xe9"] {
            assert!(decoded(TextEncoding::Windows1252, bytes).is_ok(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_an_encoding_expresses_comes_back(
            text in "[a-zA-Z0-9,;\n \u{a0}-\u{ff}]{0,200}",
            encoding in prop::sample::select(vec![
                (TextEncoding::Windows1252, WINDOWS_1252),
                (TextEncoding::Iso8859_1, WINDOWS_1252),
                (TextEncoding::Iso8859_15, ISO_8859_15),
            ]),
        ) {
            let (encoding, by): (TextEncoding, &Encoding) = encoding;
            let (bytes, _, is_lossy) = by.encode(&text);
            prop_assume!(!is_lossy);
            prop_assume!(bytes.is_ascii() || str::from_utf8(&bytes).is_err());
            let found = decoded(encoding, &bytes).expect("it is read");
            prop_assert_eq!(String::from_utf8(found).expect("UTF-8"), text);
        }

        #[test]
        fn utf_16_comes_back(text in any::<String>(), is_big: bool) {
            let found = decoded(TextEncoding::Utf16, &utf16(&text, is_big)).expect("it is read");
            prop_assert_eq!(String::from_utf8(found).expect("UTF-8"), text);
        }
    }
}
