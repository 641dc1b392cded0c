//! Maps the codes of a font to text for PDF readers (ISO 32000-1, 9.10.3).
//!
//! printpdf maps each code alone. Here consecutive codes with consecutive texts share one entry,
//! which covers most of an alphabet.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Consecutive codes, with the text of the first and the texts after it.
struct CodeRange<'t> {
    first: u16,
    last: u16,
    text: &'t str,
}

/// The map of a font's codes.
pub(crate) fn to_unicode(texts: &BTreeMap<u16, &str>) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n",
    );
    // Readers need not accept more entries at once.
    for stretches in stretches(texts).chunks(100) {
        let _ = writeln!(map, "{} beginbfrange", stretches.len());
        for CodeRange { first, last, text } in stretches {
            let _ = write!(map, "<{first:04x}> <{last:04x}> <");
            for unit in text.encode_utf16() {
                let _ = write!(map, "{unit:04x}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfrange\n");
    }
    map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
}

fn stretches<'t>(texts: &BTreeMap<u16, &'t str>) -> Vec<CodeRange<'t>> {
    let mut stretches: Vec<CodeRange> = Vec::new();
    for (&code, &text) in texts {
        match stretches.last_mut() {
            Some(stretch) if stretch.goes_on(code, text) => stretch.last = code,
            _ => stretches.push(CodeRange { first: code, last: code, text }),
        }
    }
    stretches
}

impl CodeRange<'_> {
    /// Only the last byte of the code and of the text may count up.
    fn goes_on(&self, code: u16, text: &str) -> bool {
        let [Some(start), Some(next)] = [self.text, text].map(only_unit) else { return false };
        let distance = code - self.first;
        code == self.last + 1
            && code >> 8 == self.first >> 8
            && next >> 8 == start >> 8
            && next.checked_sub(start) == Some(distance)
    }
}

/// The text as one unit of UTF-16, if possible.
fn only_unit(text: &str) -> Option<u16> {
    let mut units = text.encode_utf16();
    units.next().filter(|_| units.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_said_at_once() {
        let texts = [(1, "A"), (2, "B"), (3, "C"), (4, "E"), (5, "fi"), (6, "\u{1f680}")];
        let map = to_unicode(&texts.into());
        let ranges = "4 beginbfrange\n<0001> <0003> <0041>\n<0004> <0004> <0045>\n\
                      <0005> <0005> <00660069>\n<0006> <0006> <d83dde80>\nendbfrange\n";
        assert!(map.contains(ranges), "{map}");
    }

    #[test]
    fn stretches_end_where_a_byte_ends() {
        let texts = [(254, "\u{fe}"), (255, "\u{ff}"), (256, "\u{100}"), (257, "\u{101}")];
        let map = to_unicode(&texts.into());
        assert!(map.contains("<00fe> <00ff> <00fe>\n<0100> <0101> <0100>\n"), "{map}");
        let map = to_unicode(&[(1, "\u{ff}"), (2, "\u{100}")].into());
        assert!(map.contains("<0001> <0001> <00ff>\n<0002> <0002> <0100>\n"), "{map}");
    }
}
