//! Removes the tables of a TrueType font that PDF does not use.
//!
//! Glyphs are found by number, so the font's names, character map and PostScript data are never
//! read (ISO 32000-1, 9.9: the needs of a `CIDFontType2`). The file layout follows the OpenType
//! specification.

/// The tables needed to draw glyphs by number.
const NEEDED: [&[u8; 4]; 9] =
    [b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep"];

/// The length of the header.
const HEADER: usize = 12;
/// The length of an entry of the directory: tag, checksum, place, length.
const ENTRY: usize = 16;

/// The font with only the needed tables; `None` if it is not TrueType.
pub(crate) fn without_names(program: &[u8]) -> Option<Vec<u8>> {
    if !program.starts_with(&[0, 1, 0, 0]) {
        return None;
    }
    let count = usize::from(u16::from_be_bytes([*program.get(4)?, *program.get(5)?]));
    let directory = program.get(HEADER..HEADER + count * ENTRY)?;
    let is_needed = |entry: &&[u8]| NEEDED.iter().any(|tag| entry.starts_with(*tag));
    let kept: Vec<&[u8]> = directory.chunks_exact(ENTRY).filter(is_needed).collect();
    let mut shorter = header(u16::try_from(kept.len()).ok()?).to_vec();
    let mut tables = Vec::with_capacity(program.len());
    for entry in &kept {
        let (place, length) = (number(entry, 8)?, number(entry, 12)?);
        let table = program.get(place..place.checked_add(length)?)?;
        let place = HEADER + kept.len() * ENTRY + tables.len();
        shorter.extend_from_slice(&entry[..8]);
        shorter.extend_from_slice(&u32::try_from(place).ok()?.to_be_bytes());
        shorter.extend_from_slice(&entry[12..]);
        tables.extend_from_slice(table);
        tables.resize(tables.len().next_multiple_of(4), 0);
    }
    shorter.extend_from_slice(&tables);
    Some(shorter)
}

fn number(entry: &[u8], at: usize) -> Option<usize> {
    let bytes = entry.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

/// The version, the number of tables, and the values for searching them.
fn header(count: u16) -> [u8; HEADER] {
    let selector = count.checked_ilog2().unwrap_or(0);
    let range = 16_u16 << selector;
    let selector = u16::try_from(selector).expect("below 16");
    let mut header = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (at, number) in [(4, count), (6, range), (8, selector), (10, count * 16 - range)] {
        header[at..at + 2].copy_from_slice(&number.to_be_bytes());
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::renderer::REGULAR;

    #[test]
    fn tables_of_names_are_left_out_and_the_others_are_whole() {
        let shorter = without_names(REGULAR).expect("a TrueType program");
        assert_eq!(shorter[4..12], [0, 6, 0, 64, 0, 2, 0, 32]);
        let table = |program: &[u8], tag: &[u8]| {
            let directory = program[HEADER..].chunks_exact(ENTRY).take(16);
            let entry = directory.into_iter().find(|entry| entry.starts_with(tag))?;
            let (place, length) = (number(entry, 8)?, number(entry, 12)?);
            program.get(place..place + length).map(<[u8]>::to_vec)
        };
        for tag in [b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"] {
            assert_eq!(table(&shorter, tag), table(REGULAR, tag));
        }
        assert!(table(REGULAR, b"name").is_some() && shorter.len() < REGULAR.len());
    }

    #[test]
    fn other_programs_stay_as_they_are() {
        assert_eq!(without_names(b"OTTO"), None);
        assert_eq!(without_names(&REGULAR[..100]), None);
        assert_eq!(without_names(b""), None);
    }
}
