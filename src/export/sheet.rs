//! Cells and bytes for several programs: comma-separated values with CRLF, and Windows-1252 for
//! programs without Unicode.

use super::layout::Cells;
use super::one_line;
use crate::table::text_cell;

/// A text as a cell guarded against formulas.
pub(crate) fn cell(text: &str) -> String {
    text_cell(text).into_owned()
}

/// A text cut to at most `most` characters, as a cell.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let guarded = cell(&one_line(text));
    guarded.chars().take(most).collect::<String>().trim_end().to_owned()
}

/// The bytes of a comma-separated file; writing to memory cannot fail.
pub(crate) fn csv_bytes(header: &[String], rows: &[Cells]) -> Vec<u8> {
    const INFALLIBLE: &str = "writing to memory does not fail, and rows are as wide as the header";
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(header).expect(INFALLIBLE);
    for row in rows {
        writer.write_record(row).expect(INFALLIBLE);
    }
    writer.into_inner().expect(INFALLIBLE)
}

/// The rows of a comma-separated file, below its header. `None` if it is invalid.
pub(crate) fn csv_rows(bytes: &[u8]) -> Option<Vec<csv::StringRecord>> {
    csv::Reader::from_reader(bytes).into_records().collect::<Result<_, _>>().ok()
}

/// The characters 0x80 to 0x9F of Windows-1252; five are undefined.
const FROM_0X80: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

/// Encodes a text as Windows-1252; a question mark replaces other characters.
pub(crate) fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| byte(c).unwrap_or(b'?')).collect()
}

/// Whether Windows-1252 has any letter or digit of a text.
pub(crate) fn is_legible(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && byte(c).is_some())
}

fn byte(c: char) -> Option<u8> {
    match u8::try_from(c) {
        Ok(byte) if !(0x80..0xA0).contains(&byte) => Some(byte),
        _ => (0x80..).zip(FROM_0X80).find(|(_, other)| *other == Some(c)).map(|(byte, _)| byte),
    }
}

/// Decodes Windows-1252. `None` if a byte is undefined.
pub(crate) fn from_windows_1252(bytes: &[u8]) -> Option<String> {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9F => FROM_0X80[usize::from(byte - 0x80)],
            _ => Some(char::from(*byte)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_of_windows_1252() {
        assert_eq!(windows_1252("Größe – 5 €"), b"Gr\xf6\xdfe \x96 5 \x80");
        assert_eq!(windows_1252("🚀 Ł"), b"? ?");
    }

    #[test]
    fn every_byte_that_means_something_comes_back() {
        let known = (0..=255_u8).filter(|byte| from_windows_1252(&[*byte]).is_some());
        let bytes: Vec<u8> = known.collect();
        assert_eq!(bytes.len(), 251);
        let text = from_windows_1252(&bytes).expect("all mean something");
        assert_eq!(windows_1252(&text), bytes);
    }

    #[test]
    fn what_is_cut_is_still_guarded() {
        assert_eq!(cut("=SUM(A1)", 4), "'=SU");
        assert_eq!(cut("Größe L", 6), "Größe");
    }
}
